"""Two officers on one case (fault F06, invariant I2): one wins, the other is told who and when."""

import re

import pytest
from django.db import IntegrityError

from common.errors import Refusal
from households.models import Appraisal
from renovation.actions.moves import perform_move
from renovation.choices import CaseState
from renovation.forms import STEP_FORMS
from renovation.models import Case, CaseEvent, CaseNode
from tests.factories.accounts import make_user
from tests.factories.bulk import make_open_cases
from tests.factories.people import make_id_number
from tests.factories.renovation import (
    acceptance,
    appraisal,
    attach_appraisal,
    make_case,
    make_villager,
    take_step,
)
from tests.races.together import errors, together, values

ROUNDS = 60
CONTROL = "test_control_without_lock_and_constraint_both_happen"
TOLD = re.compile(r"此工单已由(测试员\d+)于\d\d:\d\d办理")


@pytest.fixture
def officers(world):
    return [world.officer, make_user(office=world.officer.office)]


@pytest.fixture
def cases(world):
    return _make_cases(world, ROUNDS)


def _make_cases(world, count: int) -> list[Case]:
    make_open_cases(count, places=[(world.village, world.officer.office)], by=world.officer)
    for case in Case.objects.all():
        case.applicant_id_number, case.applicant_phone = make_id_number("19600101"), "15400000001"
        case.save()
    return list(Case.objects.order_by("id"))


def decide(case: Case, by, conclusion: str):
    answers = acceptance(conclusion=conclusion, opinion="材料与实际不符" if conclusion == "fail" else "同意受理")
    form = STEP_FORMS["AcceptanceForm"](answers, instance=Case.objects.get(pk=case.pk))
    assert form.is_valid(), form.errors
    return perform_move(case, {"pass": "accept", "fail": "refuse"}[conclusion], by=by, form=form, version=case.version)


def duel(case: Case, officers):
    return together(lambda: decide(case, officers[0], "pass"), lambda: decide(case, officers[1], "fail"))


def test_of_accept_and_refuse_exactly_one_happens(cases, officers, tried):
    tried("F06", ROUNDS, "duels of 受理 and 不予受理", CONTROL)
    winners = set()
    for case in cases:
        outcomes = duel(case, officers)
        assert len(values(outcomes)) == 1, errors(outcomes)
        event = CaseEvent.objects.get(case=case)
        (told,) = errors(outcomes)
        assert isinstance(told, Refusal)
        assert told.code == "stale"
        assert TOLD.fullmatch(told.message).group(1) == event.by_name
        state, version = Case.objects.values_list("state", "version").get(pk=case.pk)
        assert (state, version) == (event.to_state, case.version + 1)
        assert CaseNode.objects.filter(case=case, handled_at__isnull=True).count() == (event.move == "accept")
        winners.add(event.move)
    # Were it always the same one, the threads would not be racing.
    assert winners == {"accept", "refuse"}


def test_a_withdrawal_against_an_acceptance(world, tried):
    """The applicant takes it back on the phone while the county accepts it."""
    tried("F06", 12, "withdrawals against acceptances", CONTROL)
    winners = set()
    for _ in range(12):
        villager = make_villager(world.village)
        case = make_case(world, villager=villager)
        outcomes = together(
            lambda case=case: decide(case, world.officer, "pass"),
            lambda case=case, by=villager: perform_move(case, "withdraw", by=by, version=case.version),
        )
        winners.add(_one_winner(case, outcomes, before=1))
    assert winners <= {"accept", "withdraw"}


def test_two_grades_for_one_house(world, officers, tried):
    tried("F06", 8, "two grades for one house", CONTROL)
    for _ in range(8):
        case = make_case(world, CaseState.PENDING_APPRAISAL)
        attach_appraisal(case, by=world.officer)
        grades = [
            lambda case=case, by=by, grade=grade: take_step(case, by=by, answers=appraisal(grade=grade))
            for by, grade in zip(officers, "CB", strict=True)
        ]
        _one_winner(case, together(*grades), before=2)
    assert Appraisal.objects.count() == 8


def _one_winner(case: Case, outcomes, *, before: int) -> str:
    """Exactly one move happened after those `before`; the loser was told. Returns the winner's name."""
    assert len(values(outcomes)) == 1, errors(outcomes)
    assert isinstance(errors(outcomes)[0], Refusal)
    event = CaseEvent.objects.filter(case=case).order_by("seq")[before]
    assert CaseEvent.objects.filter(case=case).count() == before + 1
    assert Case.objects.get(pk=case.pk).state == event.to_state
    return event.move


def test_control_without_lock_and_constraint_both_happen(world, officers, unlocked, without_constraint):
    without_constraint("renovation_caseevent", "event_seq")
    # A row of halves of both decisions would be refused too.
    without_constraint("renovation_case", "open_case_has_due_and_office")
    (case,) = _make_cases(world, 1)
    outcomes = duel(case, officers)
    assert errors(outcomes) == []
    assert sorted(CaseEvent.objects.filter(case=case).values_list("move", flat=True)) == ["accept", "refuse"]


def test_the_constraint_alone_is_a_second_fence(world, officers, unlocked):
    (case,) = _make_cases(world, 1)
    outcomes = duel(case, officers)
    assert len(values(outcomes)) == 1
    assert isinstance(errors(outcomes)[0], IntegrityError)
    assert CaseEvent.objects.filter(case=case).count() == 1
