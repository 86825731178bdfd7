"""The ladder over all nine steps: each limit of the law, the long ones, returns, years that nobody has published."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import Message
from common.clock import freeze
from common.limits import Days, Workdays
from regions import deadlines
from regions.calendars import current
from renovation.actions.ladder import climb_ladder
from renovation.actions.publicity import dismiss_objection, register_objection
from renovation.choices import CaseState
from renovation.models import Case, CaseNode, LadderNotice, Objection
from renovation.workflow import TOWNSHIP, WORKFLOW
from tests.factories.accounts import make_office, make_user
from tests.factories.moves import ready, take
from tests.factories.renovation import make_case

pytestmark = pytest.mark.django_db
# A Tuesday without holidays for weeks around it.
NOW = timezone.make_aware(dt.datetime(2026, 6, 30, 10))
SECOND = dt.timedelta(seconds=1)
STEPS = [step.code for step in WORKFLOW.steps if step.is_open and not step.is_timed]
RETURNS = [
    (CaseState.PENDING_TOWNSHIP_AUDIT, "fail_audit"),
    (CaseState.PENDING_TOWNSHIP_AUDIT, "return_to_review"),
    (CaseState.PENDING_COUNTY_APPROVAL, "return_to_audit"),
    (CaseState.PENDING_FINAL_INSPECTION, "fail_inspection"),
    (CaseState.IN_PUBLICITY, "uphold_objection"),
    (CaseState.REVIEW_FAILED, "reopen_review"),
]


@pytest.fixture
def city(world, calendar):
    return make_user(office=make_office(world.regions["990100000000"]))


def open_node(case: Case) -> CaseNode:
    return CaseNode.objects.get(case=case, handled_at=None)


def climb_at(moment) -> None:
    with freeze(moment):
        climb_ladder()


def reminders(user, case: Case) -> list[str]:
    rows = Message.objects.filter(recipient=user.uid, kind__in=("N40", "N41"), link__contains=str(case.uid))
    return list(rows.order_by("id").values_list("kind", flat=True))


@pytest.mark.parametrize("state", STEPS)
def test_every_step_is_warned_of_called_late_and_escalated(world, city, state):
    with freeze(NOW):
        case = make_case(world, state)
    node, step = open_node(case), WORKFLOW.step(state)
    assert node.due_on == deadlines.due(node.received_at, step.limit, case.region_id).due_on
    is_township = step.actor == TOWNSHIP
    unit, above = (world.township_officer, world.officer) if is_township else (world.officer, city)
    calendar = current().of(case.region_id)
    warned = deadlines.end_of(calendar.offset(node.due_on, -step.warn_before) - dt.timedelta(days=1))
    climb_at(warned - SECOND)
    assert reminders(unit, case) == []
    climb_at(warned)
    assert (reminders(unit, case), reminders(above, case)) == (["N41"], [])
    climb_at(node.due_at)
    assert (reminders(unit, case), Case.objects.get(pk=case.pk).is_overdue) == (["N41", "N40"], True)
    for later in (1, 3):
        climb_at(deadlines.end_of(calendar.offset(node.due_on, later)))
    climb_at(node.due_at + dt.timedelta(days=90))
    assert (reminders(unit, case), reminders(above, case)) == (["N41", "N40", "N40"], ["N40", "N40"])


def test_the_long_limits_count_natural_days_and_working_days(world, calendar):
    with freeze(timezone.make_aware(dt.datetime(2026, 9, 1, 10))):
        case = make_case(world, CaseState.PENDING_IMPLEMENTATION)
    node = open_node(case)
    # Thirty natural days end in the holidays and roll to the first working day (domain §14.4).
    assert (WORKFLOW.step(node.code).limit, node.due_on) == (Days(30), dt.date(2026, 10, 8))
    with freeze(timezone.make_aware(dt.datetime(2026, 1, 5, 10))):
        case = make_case(world, CaseState.PENDING_COMPLETION)
    node = open_node(case)
    assert (WORKFLOW.step(node.code).limit, node.due_on) == (Workdays(180), dt.date(2026, 9, 23))
    assert not node.is_provisional


def test_a_limit_that_reaches_into_an_unpublished_year_is_marked(world, calendar):
    with freeze(NOW):
        case = make_case(world, CaseState.PENDING_COMPLETION)
    node = open_node(case)
    assert node.due_on.year == 2027
    assert (node.is_provisional, case.is_due_provisional) == (True, True)


@pytest.mark.parametrize(("state", "move"), RETURNS)
def test_the_ladder_survives_every_return(world, city, state, move):
    with freeze(NOW):
        at = ready(world, state, move)
        target = WORKFLOW.find(state, move).to
        rounds = CaseNode.objects.filter(case=at.case, code=target).count()
        case = take(at.case, move, at.actor).case
    node, limit = open_node(case), WORKFLOW.step(target).limit
    assert (node.code, node.round) == (target, rounds + 1)
    # A full limit of its own, counted from the return.
    assert node.due_on == deadlines.due(NOW, limit, case.region_id).due_on
    climb_at(node.due_at)
    assert Case.objects.get(pk=case.pk).is_overdue
    assert LadderNotice.objects.filter(node=node).count() == 2
    assert not LadderNotice.objects.exclude(node=node).exists()


def test_nobody_is_reminded_of_a_notice_but_of_an_objection_to_it(world, city):
    with freeze(NOW):
        case = make_case(world, CaseState.IN_PUBLICITY)
    quiet = open_node(case)
    assert quiet.next_rung_at is None
    with freeze(NOW + dt.timedelta(days=1)):
        objection = register_objection(
            case=case, by=world.township_officer, is_anonymous=True, name="", phone="", content="家里有楼房"
        )
    node, case = open_node(case), Case.objects.get(pk=case.pk)
    assert (node.due_on, case.due_at) == (objection.due_on, node.due_at)
    climb_at(node.due_at - dt.timedelta(days=1))
    climb_at(node.due_at)
    assert reminders(world.township_officer, case) == ["N41", "N40"]
    assert Case.objects.get(pk=case.pk).is_overdue
    with freeze(node.due_at + dt.timedelta(hours=10)):
        dismiss_objection(
            objection=Objection.objects.get(pk=objection.pk), by=world.township_officer, answer="经核实不属实"
        )
    node, case = open_node(case), Case.objects.get(pk=case.pk)
    # The notice's own end again; that the objection was answered late stays with the step.
    assert (node.due_on, node.next_rung_at) == (quiet.due_on, None)
    assert (node.is_overdue, case.was_late) == (True, True)
    climb_at(node.due_at + dt.timedelta(days=30))
    assert reminders(world.township_officer, case) == ["N41", "N40"]
