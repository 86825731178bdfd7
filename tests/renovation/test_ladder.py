"""The ladder of reminders (domain §14.2, N40, N41; invariant I5; faults F03, F08, F16, F18, F24)."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.actions import outbox
from accounts.models import Message, OutboxEntry
from common.clock import freeze
from regions.actions.calendar import load_days
from regions.management.commands.load_calendar import SOURCE, official_days
from renovation.actions import ladder
from renovation.actions.ladder import climb_ladder
from renovation.actions.limits import save_rung
from renovation.choices import CaseState, RungTarget
from renovation.models import Case, CaseNode, LadderNotice, LadderRung
from renovation.tasks import run_ladder
from tests.factories.accounts import make_office, make_user
from tests.factories.bulk import make_open_cases
from tests.factories.renovation import make_case, make_world
from tests.races.killed import is_killed_before

pytestmark = pytest.mark.django_db

# A Thursday; three working days later is Wednesday 30 September, a week of holidays follows (domain §14.4).
RECEIVED = dt.datetime(2026, 9, 24, 10)
WARNED = dt.datetime(2026, 9, 29)
DUE = dt.datetime(2026, 10, 1)
PLUS_1 = dt.datetime(2026, 10, 9)
PLUS_3 = dt.datetime(2026, 10, 11)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def world():
    load_days(rows=official_days(), source=SOURCE, by=None)
    world = make_world()
    world.city_officer = make_user(office=make_office(world.regions["990100000000"]))
    return world


@pytest.fixture
def case(world):
    with freeze(RECEIVED):
        return make_case(world)


def climb_at(moment: dt.datetime) -> int:
    with freeze(moment):
        return climb_ladder()


def told(user) -> list[str]:
    return list(
        Message.objects.filter(recipient=user.uid, kind__in=["N40", "N41"])
        .order_by("id")
        .values_list("kind", flat=True)
    )


def climbed() -> list[str]:
    return sorted(LadderNotice.objects.values_list("rung__code", flat=True))


def drain_outbox() -> None:
    while waiting := list(OutboxEntry.objects.filter(state__in=outbox.OPEN).values_list("id", flat=True)):
        for entry_id in waiting:
            assert outbox.handle(entry_id)


def test_the_ladder_ships_with_four_rungs():
    rungs = LadderRung.objects.values_list("code", "offset", "target", "is_active")
    assert list(rungs) == [
        ("before", None, "unit", True),
        ("due", 0, "unit", True),
        ("plus_1", 1, "both", True),
        ("plus_3", 3, "above", True),
    ]


@pytest.mark.parametrize(
    ("moment", "rungs", "unit", "above", "is_overdue"),
    [
        (WARNED - SECOND, [], [], [], False),
        (WARNED, ["before"], ["N41"], [], False),
        (DUE - SECOND, ["before"], ["N41"], [], False),
        (DUE, ["before", "due"], ["N41", "N40"], [], True),
        (PLUS_1, ["before", "due", "plus_1"], ["N41", "N40", "N40"], ["N40"], True),
        (PLUS_3, ["before", "due", "plus_1", "plus_3"], ["N41", "N40", "N40"], ["N40", "N40"], True),
        (
            PLUS_3 + dt.timedelta(days=90),
            ["before", "due", "plus_1", "plus_3"],
            ["N41", "N40", "N40"],
            ["N40", "N40"],
            True,
        ),
    ],
)
def test_each_rung_comes_at_its_time_and_once(world, case, moment, rungs, unit, above, is_overdue):
    for earlier in (WARNED, DUE, PLUS_1, PLUS_3):
        if earlier <= moment:
            climb_at(earlier)
    climb_at(moment)
    climb_at(moment)
    case = Case.objects.get(pk=case.pk)
    node = case.nodes.get()
    assert (climbed(), told(world.officer), told(world.city_officer)) == (rungs, unit, above)
    assert (case.is_overdue, case.was_late, node.is_overdue) == (is_overdue,) * 3


def test_words_are_those_of_the_domain(world, case):
    climb_at(WARNED)
    climb_at(DUE)
    climb_at(PLUS_1)
    said = list(Message.objects.filter(recipient=world.officer.uid, kind__in=["N40", "N41"]).order_by("id"))
    assert [message.text for message in said] == [
        f"工单{case.number}“区县受理”环节将于9月30日到期。",
        f"工单{case.number}“区县受理”环节已超时1天，请立即办理。",
        f"工单{case.number}“区县受理”环节已超时9天，请立即办理。",
    ]
    assert {message.link for message in said} == {f"/staff/cases/{case.uid}/"}


def test_after_days_of_standstill_all_rungs_are_noted_but_nobody_is_warned_of_the_past(world, case):
    assert climb_at(PLUS_3 + dt.timedelta(days=5)) == 4
    assert climbed() == ["before", "due", "plus_1", "plus_3"]
    assert told(world.officer) == ["N40"]
    assert told(world.city_officer) == ["N40"]
    assert case.nodes.get().next_rung_at is None


def test_delivered_twice_and_late_is_as_once(world, case):
    with freeze(PLUS_1):
        assert [run_ladder(), run_ladder(), run_ladder()] == [3, 0, 0]
    assert told(world.officer) == ["N40"]


def test_a_handled_step_is_silent(world, case):
    from renovation.actions.moves import perform_move

    with freeze(RECEIVED):
        perform_move(case, "withdraw", by=_applicant(case))
    assert climb_at(PLUS_3) == 0
    assert told(world.officer) == []


def _applicant(case):
    from households.middleware import scope_of

    case.filed_by.act_as(scope_of(case.claim))
    return case.filed_by


def test_the_township_escalates_to_the_county(world):
    with freeze(RECEIVED):
        case = make_case(world, CaseState.PENDING_REVIEW)
    climb_at(case.due_at + dt.timedelta(days=30))
    assert told(world.township_officer) == ["N40"]
    assert told(world.officer) == ["N40"]
    assert told(world.city_officer) == []


def test_a_level_without_an_office_is_left_out(world):
    """The city has no unit in this tree: the county's delay goes to the province."""
    county = world.regions["999001000000"]
    officer, province = make_user(region=county), make_user(region=world.regions["990000000000"])
    make_open_cases(1, places=[(world.regions["999001100201"], officer.office)], by=officer, late=20, ahead=0)
    climb_ladder()
    assert told(officer) == ["N40"]
    assert told(province) == ["N40"]


def test_every_active_account_of_the_unit_is_told(world, case):
    colleague = make_user(office=world.officer.office, duties=["read_only"])
    gone = make_user(office=world.officer.office, status="cancelled")
    climb_at(WARNED)
    assert (told(world.officer), told(colleague), told(gone)) == (["N41"], ["N41"], [])


def test_an_inactive_rung_is_skipped_and_the_mark_still_comes(world, case):
    for code in ("before", "due"):
        rung = LadderRung.objects.get(code=code)
        rung.is_active = False
        save_rung(rung=rung, by=None)
    drain_outbox()
    climb_at(WARNED)
    assert climbed() == []
    climb_at(DUE)
    case = Case.objects.get(pk=case.pk)
    assert (climbed(), case.is_overdue, told(world.officer)) == ([], True, [])
    climb_at(PLUS_1)
    assert climbed() == ["plus_1"]


def test_a_changed_ladder_reaches_steps_already_open(world, case):
    climb_at(PLUS_1)
    with freeze(PLUS_1):
        save_rung(rung=LadderRung(code="plus_2", offset=2, target=RungTarget.ABOVE, order=9), by=None)
        drain_outbox()
        climb_ladder()
    assert climbed() == ["before", "due", "plus_1"]
    climb_at(dt.datetime(2026, 10, 10))
    assert climbed() == ["before", "due", "plus_1", "plus_2"]
    assert told(world.city_officer) == ["N40", "N40"]


def test_only_the_database_says_what_time_it_is(world, monkeypatch):
    """A worker whose clock runs 400 days ahead (fault F16) makes nothing overdue."""
    case = make_case(world)
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + dt.timedelta(days=400))
    climb_ladder()
    case = Case.objects.get(pk=case.pk)
    assert not case.is_overdue


def test_one_bad_row_is_put_aside_and_the_others_go_on(world, monkeypatch):
    make_open_cases(20, places=[(world.village, world.officer.office)], by=world.officer, late=10, ahead=0)
    bad = CaseNode.objects.order_by("due_at", "id")[3]
    real = ladder._passed

    def fail_on_bad(table, step, now):
        if step.id == bad.pk:
            raise ValueError("poison")
        return real(table, step, now)

    monkeypatch.setattr(ladder, "_passed", fail_on_bad)
    climb_ladder()
    assert Case.objects.filter(is_overdue=True).count() == 19
    assert CaseNode.objects.get(pk=bad.pk).next_rung_at > timezone.now()


def test_more_rows_need_no_more_queries(world, django_assert_max_num_queries):
    for count in (1, 40):
        make_open_cases(
            count, places=[(world.village, world.officer.office)], by=world.officer, late=10, ahead=0, first=count
        )
        with django_assert_max_num_queries(18):
            climb_ladder()
    assert Case.objects.filter(is_overdue=True).count() == 41


@pytest.mark.django_db(transaction=True)
def test_a_scanner_killed_before_any_statement_leaves_all_or_nothing(world):
    """kill -9 before the Nth statement, N = 1, 2, …: afterwards one more scan makes everything right (F03)."""
    _seed_rungs()
    make_open_cases(5, places=[(world.village, world.officer.office)], by=world.officer, late=10, ahead=0)
    statements = 0
    while is_killed_before(statements + 1, climb_ladder):
        statements += 1
        noted, late = LadderNotice.objects.count(), Case.objects.filter(is_overdue=True).count()
        assert (noted > 0) == (late == 5) == Message.objects.filter(kind="N40").exists()
        if noted:
            break
    assert statements > 5
    climb_ladder()
    assert Case.objects.filter(is_overdue=True).count() == 5
    nodes = CaseNode.objects.count()
    assert LadderNotice.objects.filter(rung__code="due").count() == nodes
    assert Message.objects.filter(kind="N40", recipient=world.officer.uid).count() == nodes


def _seed_rungs():
    from importlib import import_module

    from django.apps import apps

    import_module("renovation.migrations.0002_ladder").seed(apps, None)
