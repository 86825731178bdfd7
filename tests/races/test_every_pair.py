"""Two people take two moves of one step at the same moment, for every pair that the table offers (fault F06).

One round in every run; `make faults` takes more (tests/scale.py).
"""

from functools import partial
from itertools import combinations_with_replacement

import pytest

from common.errors import Refusal
from renovation.models import Case, CaseEvent, CaseNode
from renovation.workflow import COUNTY, SYSTEM, TOWNSHIP, VILLAGER, WORKFLOW
from tests.factories.accounts import make_user
from tests.factories.moves import ready, take
from tests.races.together import errors, together, values
from tests.scale import PAIR_ROUNDS

pytestmark = pytest.mark.slow
CONTROL = "test_control_without_lock_and_constraint_both_happen"
# What the clock and the failed review allow excludes the other moves by its guards: those have tests of their own.
PAIRS = [
    (step.code, one.name, other.name)
    for step in WORKFLOW.steps
    if step.is_open
    for one, other in combinations_with_replacement([move for move in step.moves if move.actor != SYSTEM], 2)
    if {one.name, other.name} & {"confirm_failed_review"} == set()
]


@pytest.fixture
def colleagues(world):
    return {
        COUNTY: make_user(office=world.officer.office),
        TOWNSHIP: make_user(office=world.township_officer.office),
    }


@pytest.mark.parametrize(("state", "one", "other"), PAIRS)
def test_of_two_moves_exactly_one_happens(world, colleagues, tried, state, one, other):
    tried("F06", PAIR_ROUNDS, "two people, two moves of one step", CONTROL)
    for _ in range(PAIR_ROUNDS):
        at = ready(world, state, "uphold_objection" if "uphold_objection" in (one, other) else one)
        events = CaseEvent.objects.filter(case=at.case).count()
        first, second = (_actor(world, at, state, name) for name in (one, other))
        second = colleagues.get(second.level, second)
        outcomes = together(partial(take, at.case, one, first), partial(take, at.case, other, second))
        assert len(values(outcomes)) == 1, errors(outcomes)
        (told,) = errors(outcomes)
        assert isinstance(told, Refusal), told
        event = CaseEvent.objects.filter(case=at.case).latest("seq")
        case = Case.objects.get(pk=at.case.pk)
        assert CaseEvent.objects.filter(case=case).count() == events + 1
        assert (case.state, case.version) == (event.to_state, events + 2)
        waiting = CaseNode.objects.filter(case=case, handled_at=None).count()
        assert waiting == WORKFLOW.step(case.state).is_open


def _actor(world, at, state, name):
    actor = WORKFLOW.actor_of(state, WORKFLOW.find(state, name))
    return {VILLAGER: at.villager, COUNTY: world.officer, TOWNSHIP: world.township_officer}[actor]
