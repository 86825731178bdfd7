"""What the journal says held against what the database says (reliability §3.1: I1 and I10 from the journal)."""

import re

from tests.faults.load import OK, UNKNOWN, Load
from tests.faults.site import Site
from tests.faults.visitors import Visitor

LONGEST = 30
NUMBER = re.compile(r"\d{6} ?\d{4} ?\d{4} ?\d{4}|\d{18}")


def findings(site: Site, load: Load, *, retried: int = 12) -> list[str]:
    """Everything that is wrong after a fault; `retried` submits are sent again with their old token, and every
    unknown one."""
    cases, photos = _cases(load), {one.token for one in load.of("photo")}
    facts = site.inside("facts", cases=cases, photos=sorted(photos))
    found = [*_once(load, "submit", facts["cases"]), *_once(load, "accept", facts["cases"])]
    found += [f"I1 photo {one} said to be stored is not" for one in _said(load, "photo") - set(facts["photos"])]
    found += _again(load, facts["cases"], retried)
    after = site.inside("facts", cases=cases, photos=[])["cases"]
    found += [
        f"I1 a retry changed {uid}: {facts['cases'][uid]} → {now}"
        for uid, now in after.items()
        # A submit that never came to be may come to be now.
        if now != facts["cases"][uid] and facts["cases"][uid]["submit"]
    ]
    # The retries count as well.
    found += _once(load, "submit", after)
    found += [f"I10 {one.kind} {one.answer.status} shows what it must not" for one in load.journal if one.answer.leaks]
    found += [f"I10 {one.kind} took {one.answer.took:.0f} s" for one in load.journal if one.answer.took > LONGEST]
    # Nobody of the load asks for anything wrong, so nobody may be told so; and a fault has a page of its own (503).
    found += [f"{one.kind} was answered {one.answer.status}" for one in load.journal if one.answer.status in (400, 500)]
    return found + broken(site)


def broken(site: Site) -> list[str]:
    """The other invariants, asked of the database."""
    report = site.inside("invariants")
    assert report["checked"] > 0
    return [" ".join(map(str, one)) for one in report["wrong"]]


def _cases(load: Load) -> list[str]:
    return sorted({one.case for one in load.journal if one.case})


def _said(load: Load, kind: str) -> set[str]:
    return {one.token for one in load.of(kind, OK)}


def _once(load: Load, kind: str, facts: dict) -> list[str]:
    """Said to be done: exactly once. No answer: at most once. Only refused: not at all."""
    outcomes: dict[str, set[str]] = {}
    for one in load.of(kind):
        outcomes.setdefault(one.case, set()).add(one.outcome)
    found = []
    for case, seen in outcomes.items():
        done = facts[case].get(kind, 0)
        allowed = {1} if OK in seen else {0, 1} if UNKNOWN in seen else {0}
        if done not in allowed:
            found.append(f"I1 {kind} of {case}: {sorted(seen)}, but {done} times in the database")
    return found


def _again(load: Load, facts: dict, retried: int) -> list[str]:
    """The same token once more: the page of the same 工单号, for whoever got an answer and for whoever got none."""
    submits = load.of("submit")
    unknown = {one.token: one for one in submits if one.outcome == UNKNOWN}
    known = {one.token: one for one in submits if one.outcome == OK}
    chosen = unknown | dict(list(known.items())[-retried:])
    found = []
    for one in chosen.values():
        visitor = Visitor(load.port, one.session)
        answer = visitor.post(one.url, one.payload)
        if answer.status != 302 or not answer.location.endswith("/done/"):
            found.append(f"I1 retry of {one.case} was answered {answer.status} {answer.location}")
            continue
        number = facts[one.case]["number"]
        shown = {re.sub(r"\D", "", text) for text in NUMBER.findall(visitor.get(answer.location).text)}
        if number and shown != {number}:
            found.append(f"I1 retry of {one.case} shows {shown}, not {number}")
    return found
