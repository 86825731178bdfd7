"""The same submit 2, 5 and 50 times at once, of every form that carries a token (F05; I1): one effect, one answer."""

import pytest

from accounts.actions import submissions
from tests.faults.administrators import ADMINISTRATORS
from tests.faults.effects import findings, gained, rows
from tests.faults.officers import OFFICERS
from tests.faults.villagers import VILLAGERS
from tests.faults.writes import Desk
from tests.races.conftest import world  # noqa: F401  the committed county
from tests.races.together import errors, together, values
from tests.scale import FULL, some

WRITES = {**VILLAGERS, **OFFICERS, **ADMINISTRATORS}
# A number is shown once for a reason: whoever comes second with the same token is told so.
SHOWN_ONCE = 409
SOME = {
    "apply/<uuid:uid>/check/": (50,),
    "staff/cases/<uuid:uid>/payments/": (5,),
    "staff/cases/<uuid:uid>/notice/": (5,),
    "staff/cases/<uuid:uid>/step/ accept": (2,),
    "staff/cases/<uuid:uid>/reveal/<slug:what>/": (5,),
}
TRIED = some(SOME, dict.fromkeys(WRITES, (2, 5, 50)))


def faults(desk: Desk, name: str, times: int) -> tuple[list[str], int]:
    """What is wrong when that form is sent so many times at once, and how often it was: never without a token."""
    alone = WRITES[name](desk)
    if not alone.has_token:
        return [], 0
    before = rows()
    answer = alone.send()
    effect = gained(before)
    write = WRITES[name](desk)
    before = rows()
    outcomes = together(*[write.send] * times)
    others = [one for one in values(outcomes) if one != answer]
    wrong = [f"{name} ×{times}: {error!r}" for error in errors(outcomes)]
    if "reveal/" in name:
        # The words are another person's here: who may see the number, and who comes too late, is what counts.
        shown = sorted(one.status for one in values(outcomes))
        wrong += [f"{name} ×{times}: {shown}"] if shown != [answer.status] + [SHOWN_ONCE] * (times - 1) else []
    elif others:
        wrong.append(f"{name} ×{times}: {others} beside {answer}")
    if (found := gained(before)) != effect:
        wrong.append(f"{name} ×{times}: gained {found} instead of {effect}")
    return wrong, times


def test_a_form_sent_many_times_at_once_has_one_effect_and_one_answer(world, tried):  # noqa: F811
    desk, wrong, sent = Desk(world), [], 0
    for name, counts in TRIED.items():
        for times in counts:
            found, number = faults(desk, name, times)
            wrong, sent = wrong + found, sent + number
    tried("F05", sent, "submits of a token used 2, 5 or 50 times at once", "test_control_without_the_token")
    assert wrong == []
    assert findings() == []
    assert FULL or sent == sum(sum(counts) for counts in SOME.values())


@pytest.mark.parametrize("name", ["staff/cases/<uuid:uid>/notice/", "staff/cases/<uuid:uid>/payments/"])
def test_control_without_the_token_it_happens_twice(world, monkeypatch, name):  # noqa: F811
    monkeypatch.setattr(submissions, "_reserve", lambda *args: True)
    write = WRITES[name](Desk(world))
    before = rows()
    answers = values(together(write.send, write.send))
    assert [answer.status for answer in answers] == [302, 302]
    made = {"staff/cases/<uuid:uid>/notice/": "renovation_objection"}.get(name, "renovation_payment")
    assert gained(before)[made] == 2
