"""Due dates when the calendar or a county's limit changes (domain §14.2, N48; decision 10; fault F17)."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from accounts.actions import outbox
from accounts.models import AuditEntry, Message, OutboxEntry
from common.clock import database_now, freeze
from regions.actions.calendar import load_days, remove_day, set_day
from regions.choices import DayKind
from regions.management.commands.load_calendar import SOURCE, official_days
from regions.models import CalendarStamp
from renovation.actions import clock
from renovation.actions.clock import recompute, recompute_stragglers
from renovation.actions.ladder import climb_ladder
from renovation.actions.limits import remove_rule, save_rule
from renovation.choices import CaseState
from renovation.models import Case, CaseNode, DeadlineRule, LadderNotice
from tests.factories.accounts import make_user
from tests.factories.bulk import make_open_cases
from tests.factories.renovation import make_case, make_world

pytestmark = pytest.mark.django_db

# Monday 6 July 2026: three plain working days later is Thursday the 9th.
RECEIVED = dt.datetime(2026, 7, 6, 10)
THURSDAY, FRIDAY, MONDAY = dt.date(2026, 7, 9), dt.date(2026, 7, 10), dt.date(2026, 7, 13)


@pytest.fixture
def world():
    load_days(rows=official_days(), source=SOURCE, by=None)
    drain_outbox()
    return make_world()


@pytest.fixture
def case(world):
    with freeze(RECEIVED):
        return make_case(world)


def drain_outbox() -> int:
    handled = 0
    while waiting := list(
        OutboxEntry.objects.filter(state__in=outbox.OPEN, topic=clock.TOPIC).values_list("id", flat=True)
    ):
        for entry_id in waiting:
            assert outbox.handle(entry_id)
            handled += 1
    return handled


def day_off(day: dt.date, *, at: dt.datetime, region=None, by=None, kind=DayKind.HOLIDAY) -> int:
    """Enter a day in the calendar at that moment and let the outbox do its work; how many entries it took."""
    with freeze(at):
        set_day(day=day, kind=kind, name="防汛放假", source="县政府通知", region=region, by=by)
        return drain_outbox()


def due_on(case) -> dt.date:
    return CaseNode.objects.get(case=case, handled_at=None).due_on


def test_a_new_holiday_moves_the_due_date_and_the_unit_is_told(world, case):
    admin = make_user(region=world.county)
    assert due_on(case) == THURSDAY
    day_off(dt.date(2026, 7, 8), at=RECEIVED, by=admin)
    case = Case.objects.get(pk=case.pk)
    node = case.nodes.get()
    assert node.due_on == FRIDAY
    assert case.due_at == node.due_at == database_moment(dt.date(2026, 7, 11))
    said = Message.objects.get(recipient=world.officer.uid, kind="N48")
    assert said.text == f"工作日历已更新，工单{case.number}办理期限由7月9日调整为7月10日。"
    logged = AuditEntry.objects.get(action="case.due_changed")
    assert logged.changes == {"due_on": ["2026-07-09", "2026-07-10"]}
    assert (logged.target_id, logged.actor) == (str(case.pk), admin)


def database_moment(day: dt.date) -> dt.datetime:
    with freeze(dt.datetime.combine(day, dt.time.min)):
        return database_now()


def test_the_save_only_promises_and_twice_is_as_once(world, case):
    with freeze(RECEIVED):
        set_day(day=dt.date(2026, 7, 8), kind=DayKind.HOLIDAY, name="放假", source="通知", by=None)
        assert due_on(case) == THURSDAY
        entry = OutboxEntry.objects.get(topic=clock.TOPIC, state="waiting")
        for _ in range(2):
            clock.recompute_batch(entry.payload)
    assert due_on(case) == FRIDAY
    assert Message.objects.filter(kind="N48", recipient=world.officer.uid).count() == 1
    assert AuditEntry.objects.filter(action="case.due_changed").count() == 1


def test_at_once_and_through_the_outbox_are_the_same(world, case):
    with freeze(RECEIVED):
        set_day(day=dt.date(2026, 7, 8), kind=DayKind.HOLIDAY, name="放假", source="通知", by=None)
        assert recompute(None, by=None) == 1
        assert recompute(None, by=None) == 0
        drain_outbox()
    assert due_on(case) == FRIDAY
    assert Message.objects.filter(kind="N48", recipient=world.officer.uid).count() == 1


def test_only_the_region_of_the_holiday_moves(world, case):
    neighbour = world.regions["990102000000"]
    day_off(dt.date(2026, 7, 8), at=RECEIVED, region=neighbour)
    assert due_on(case) == THURSDAY
    day_off(dt.date(2026, 7, 8), at=RECEIVED, region=world.county)
    assert due_on(case) == FRIDAY


def test_a_closed_step_keeps_its_date(world):
    with freeze(RECEIVED):
        case = make_case(world, CaseState.PENDING_APPRAISAL)
    day_off(dt.date(2026, 7, 8), at=RECEIVED)
    first = CaseNode.objects.get(case=case, code=CaseState.PENDING_ACCEPTANCE)
    assert first.due_on == THURSDAY


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        # Wednesday and Thursday become one day off less: the date wants to come back from Monday to Thursday.
        (dt.datetime(2026, 7, 7, 9), THURSDAY),
        (dt.datetime(2026, 7, 8, 9), THURSDAY),
        # On Thursday itself nobody is told in the morning that it is due tonight: the next working day at the earliest.
        (dt.datetime(2026, 7, 9, 9), FRIDAY),
        (dt.datetime(2026, 7, 10, 9), MONDAY),
        (dt.datetime(2026, 7, 13, 9), MONDAY),
        # Passed on Monday night: never back.
        (dt.datetime(2026, 7, 14, 9), MONDAY),
    ],
)
def test_a_shortened_date_stays_after_the_next_working_day_and_never_moves_back_once_passed(
    world, case, today, expected
):
    days = [dt.date(2026, 7, 7), dt.date(2026, 7, 8)]
    for day in days:
        day_off(day, at=RECEIVED)
    assert due_on(case) == MONDAY
    with freeze(today):
        for day in days:
            remove_day(calendar_day=_row(day), by=None)
        drain_outbox()
    assert due_on(case) == expected


def _row(day):
    from regions.models import CalendarDay

    return CalendarDay.objects.get(date=day, region=None)


def test_a_late_step_that_gets_more_time_is_late_no_more_and_is_reminded_anew(world, case):
    with freeze(dt.datetime(2026, 7, 10, 8)):
        climb_ladder()
    late = Case.objects.get(pk=case.pk)
    assert (late.is_overdue, late.was_late) == (True, True)
    # On Friday morning: Thursday was a day off after all, so Friday is the last day.
    day_off(THURSDAY, at=dt.datetime(2026, 7, 10, 9))
    again = Case.objects.get(pk=case.pk)
    # Never before the end of the next working day, although the sum says Friday.
    assert due_on(case) == MONDAY
    assert (again.is_overdue, again.was_late, again.nodes.get().is_overdue) == (False, False, False)
    with freeze(dt.datetime(2026, 7, 14)):
        climb_ladder()
    codes = list(LadderNotice.objects.order_by("due_at", "rung__order").values_list("rung__code", flat=True))
    assert codes == ["before", "due", "before", "due"]
    assert Case.objects.get(pk=case.pk).is_overdue


def test_rungs_move_with_the_calendar_although_the_due_date_stays(world, case):
    """Friday was to be a holiday, so +1 lay on Monday night; now people work on Friday, and +1 is Friday night."""
    day_off(FRIDAY, at=RECEIVED)
    assert due_on(case) == THURSDAY
    with freeze(dt.datetime(2026, 7, 10, 0, 1)):
        climb_ladder()
        assert case.nodes.get().next_rung_at == database_moment(dt.date(2026, 7, 14))
    with freeze(dt.datetime(2026, 7, 10, 10)):
        remove_day(calendar_day=_row(FRIDAY), by=None)
        drain_outbox()
        climb_ladder()
    assert not LadderNotice.objects.filter(rung__code="plus_1").exists()
    with freeze(dt.datetime(2026, 7, 11)):
        climb_ladder()
    assert LadderNotice.objects.filter(rung__code="plus_1").count() == 1
    assert LadderNotice.objects.count() == 3


def test_an_earlier_late_step_keeps_the_case_marked(world):
    with freeze(RECEIVED):
        case = make_case(world)
    with freeze(dt.datetime(2026, 7, 20, 9)):
        from tests.factories.renovation import acceptance, take_step

        case = take_step(case, by=world.officer, answers=acceptance())
    day_off(dt.date(2026, 7, 21), at=dt.datetime(2026, 7, 20, 10))
    assert Case.objects.get(pk=case.pk).was_late


def test_publishing_the_year_ends_the_provisional_mark(world):
    with freeze(dt.datetime(2026, 12, 30, 10)):
        case = make_case(world)
        assert Case.objects.get(pk=case.pk).is_due_provisional
        rows = [(dt.date(2027, 1, 1), DayKind.HOLIDAY, "元旦"), (dt.date(2027, 10, 1), DayKind.HOLIDAY, "国庆节")]
        load_days(rows=rows, source="国办发明电", by=None)
        drain_outbox()
    case = Case.objects.get(pk=case.pk)
    assert not case.is_due_provisional
    assert not case.nodes.get().is_provisional
    # 31 December, 4 and 5 January: New Year's Day counts no more.
    assert due_on(case) == dt.date(2027, 1, 5)


def test_a_county_may_shorten_and_open_steps_follow(world, case):
    rule = DeadlineRule(step=CaseState.PENDING_ACCEPTANCE, region=world.county, amount=2, warn_before=1)
    with freeze(RECEIVED):
        save_rule(rule=rule, by=world.officer)
        drain_outbox()
        assert due_on(case) == dt.date(2026, 7, 8)
        said = Message.objects.get(recipient=world.officer.uid, kind="N48")
        assert said.text.startswith("办理时限已调整，")
        remove_rule(rule=rule, by=world.officer)
        drain_outbox()
    assert due_on(case) == THURSDAY
    assert AuditEntry.objects.filter(action__in=["deadline.saved", "deadline.removed"]).count() == 2


def test_a_county_may_not_lengthen(world):
    with pytest.raises(ValidationError, match="只能缩短"):
        save_rule(rule=DeadlineRule(step="pending_acceptance", region=world.county, amount=4), by=world.officer)


def test_a_county_sets_how_early_it_is_warned(world, case):
    with freeze(RECEIVED):
        rule = DeadlineRule(step="pending_acceptance", region=world.county, amount=3, warn_before=2)
        save_rule(rule=rule, by=world.officer)
        drain_outbox()
    with freeze(dt.datetime(2026, 7, 7)):
        climb_ladder()
    assert Message.objects.filter(recipient=world.officer.uid, kind="N41").count() == 1
    assert due_on(case) == THURSDAY


def test_a_large_county_goes_batch_by_batch(world, monkeypatch):
    monkeypatch.setattr(clock, "BATCH", 10)
    places = [(world.village, world.officer.office), (world.regions["990101200201"], world.officer.office)]
    with freeze(RECEIVED):
        make_open_cases(45, places=places, by=world.officer, late=0, ahead=5)
    before = dict(CaseNode.objects.values_list("case_id", "due_on"))
    took = day_off(dt.date(2026, 7, 2), at=RECEIVED)
    assert took == 5
    moved = AuditEntry.objects.filter(action="case.due_changed").values_list("target_id", flat=True)
    after = dict(CaseNode.objects.values_list("case_id", "due_on"))
    assert sorted(moved) == sorted(str(pk) for pk in after if after[pk] != before[pk])
    assert len(set(moved)) == len(moved) > 0
    assert recompute(None, by=None) == 0


def test_what_was_opened_with_the_old_calendar_is_found(world, case):
    """A move that read the calendar a moment before the change and commits after the recomputation."""
    with freeze(RECEIVED):
        set_day(day=dt.date(2026, 7, 8), kind=DayKind.HOLIDAY, name="放假", source="通知", by=None)
        # The promise was kept before the step existed.
        OutboxEntry.objects.filter(topic=clock.TOPIC).delete()
        assert CalendarStamp.objects.get().changed_at
        assert recompute_stragglers() == 1
        assert recompute_stragglers() == 0
    assert due_on(case) == FRIDAY
    with freeze(RECEIVED + dt.timedelta(days=1)):
        assert recompute_stragglers() == 0


def test_a_queue_lost_on_its_way_is_sent_again(world, case):
    """Redis restarted empty (fault F08): what was handed to it is gone, the promise in PostgreSQL is not."""
    with freeze(RECEIVED):
        set_day(day=dt.date(2026, 7, 8), kind=DayKind.HOLIDAY, name="放假", source="通知", by=None)
        entry = OutboxEntry.objects.get(topic=clock.TOPIC, state="waiting")
        assert outbox.dispatch_outbox() >= 1
        _lose_the_queue()
        assert due_on(case) == THURSDAY
        assert climb_ladder() == 0
    with freeze(RECEIVED + dt.timedelta(seconds=61)):
        assert outbox.dispatch_outbox() >= 1
        assert outbox.handle(entry.pk)
    _lose_the_queue()
    assert due_on(case) == FRIDAY


def _lose_the_queue():
    from config.celery import app

    with app.connection_for_write() as broker:
        broker.default_channel.queue_purge(app.conf.task_default_queue)
