"""tests/access_matrix.yaml as the tests read it: every address of the site, and who gets which answer there."""

import re
from functools import cache
from pathlib import Path

import yaml
from django.urls import URLPattern, URLResolver, get_resolver

from tests.access.people import LIKE, STAFF

TABLE = yaml.safe_load((Path(__file__).parents[1] / "access_matrix.yaml").read_text("utf-8"))
# Ids that nothing has.
SAMPLES = {"int": "987654321", "uuid": "00000000-0000-4000-8000-000000000000", "str": "x", "slug": "x", "path": "x"}
PLACEHOLDER = re.compile(r"<(\w+):\w+>")


@cache
def addresses() -> dict[str, URLPattern]:
    """Every pattern of the site as Django knows it; the admin counts as one here (tests/access/test_admin_doors.py)."""
    return dict(_walk(get_resolver(), ""))


def _walk(resolver, prefix):
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern)
        if not isinstance(entry, URLResolver) or getattr(entry, "namespace", None) == "admin":
            yield address, entry
        else:
            yield from _walk(entry, address)


def filled(address: str, values: dict | None = None) -> str:
    """The address with these ids, and with ids that nothing has wherever none is given."""
    for placeholder, value in (values or {}).items():
        address = address.replace(placeholder, str(value))
    return "/" + PLACEHOLDER.sub(lambda found: SAMPLES[found.group(1)], address)


def expected(row: dict, persona: str, method: str = "get") -> int | None:
    """The status for this person where the id, if any, is not theirs: by name, by likeness, for staff, for others."""
    answers = row["expect"] if method == "get" else row.get("post", {})
    if isinstance(answers, int):
        return answers
    found = _named(answers, persona)
    if found is None and persona == "newcomer":
        # Every page but one sends them to their first log-in (L-03).
        return 302
    if found is None:
        found = _named(answers, "staff") if persona in STAFF else None
    if found is None:
        found = answers.get("others")
    if found is None and method == "post":
        # A page that takes no post says so to whoever may open it, and to others what it says to them anyway.
        got = expected(row, persona)
        return 405 if got == 200 else got
    return found


def own(row: dict, persona: str, method: str = "get") -> int:
    """The status for somebody who may see the object."""
    answers = row.get("own", 200) if method == "get" else row.get("own_post", 405)
    if isinstance(answers, int):
        return answers
    found = _named(answers, persona)
    return answers["others"] if found is None else found


def _named(answers: dict, persona: str) -> int | None:
    return next((answers[name] for name in (persona, *LIKE.get(persona, ())) if name in answers), None)
