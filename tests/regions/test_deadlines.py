import datetime as dt
from functools import cache

import chinese_calendar
import pytest
from django.utils import timezone

from common.clock import freeze
from common.limits import Days, Workdays
from regions import calendars
from regions.actions.calendar import remove_day, set_day
from regions.deadlines import due, next_workday
from regions.models import CalendarDay

pytestmark = pytest.mark.django_db

VECTORS = [  # domain §14.4, every row
    ("2021-07-01", Workdays(3), "2021-07-06"),
    ("2021-07-01", Workdays(10), "2021-07-15"),
    ("2025-09-26", Workdays(7), "2025-10-13"),
    ("2026-02-12", Workdays(5), "2026-02-26"),
    ("2026-02-27", Workdays(5), "2026-03-05"),
    ("2026-04-30", Workdays(7), "2026-05-13"),
    ("2026-05-09", Workdays(3), "2026-05-13"),
    ("2026-09-24", Workdays(3), "2026-09-30"),
    ("2026-09-29", Workdays(10), "2026-10-19"),
    ("2026-11-22", Workdays(3), "2026-11-25"),
    ("2025-03-03", Workdays(180), "2025-11-20"),
    ("2026-01-05", Workdays(180), "2026-09-23"),
    ("2026-09-01", Days(30), "2026-10-08"),
    ("2026-09-24", Days(7), "2026-10-08"),
]
LIMITS = [Workdays(3), Workdays(5), Workdays(7), Workdays(10), Workdays(180), Days(30), Days(7)]


def received(day, hour=10):
    day = dt.date.fromisoformat(day) if isinstance(day, str) else day
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour)))


@pytest.mark.parametrize(("day", "limit", "expected"), VECTORS)
def test_due_date_of_every_published_vector(national_calendar, day, limit, expected):
    answer = due(received(day), limit, None)
    assert answer.due_on.isoformat() == expected
    assert not answer.is_provisional
    assert answer.due_at == received(answer.due_on + dt.timedelta(days=1), hour=0)


@cache
def published(day):
    try:
        return chinese_calendar.is_workday(day)
    except NotImplementedError:
        return None


def walk(day, limit):
    """The oracle: one day after the other, straight over the published calendar; weekends where there is none."""
    unknown = set()

    def works(moment):
        answer = published(moment)
        if answer is None:
            unknown.add(moment.year)
        return moment.weekday() < 5 if answer is None else answer

    if isinstance(limit, Days):
        day += dt.timedelta(days=limit.amount)
        while not works(day):
            day += dt.timedelta(days=1)
        return day, bool(unknown)
    left = limit.amount
    while left:
        day += dt.timedelta(days=1)
        left -= works(day)
    return day, bool(unknown)


@pytest.mark.parametrize("limit", LIMITS, ids=str)
def test_due_date_agrees_with_a_day_by_day_walk_over_six_years(national_calendar, limit):
    snapshot = calendars.current()
    day, differences = dt.date(2021, 1, 1), []
    while day <= dt.date(2026, 12, 31):
        answer = due(received(day), limit, None, calendars=snapshot)
        if (answer.due_on, answer.is_provisional) != walk(day, limit):
            differences.append((day, answer, walk(day, limit)))
        day += dt.timedelta(days=1)
    assert differences == []


@pytest.mark.parametrize("hour", [0, 23])
def test_day_of_receipt_is_the_local_day(national_calendar, hour):
    # 00:30 in Shanghai is still the day before in UTC.
    moment = received("2026-11-23", hour) + dt.timedelta(minutes=30)
    assert due(moment.astimezone(dt.UTC), Workdays(3), None).due_on == dt.date(2026, 11, 26)


def test_natural_days_without_roll_forward_end_on_the_holiday(national_calendar):
    assert due(received("2026-09-01"), Days(30, roll_forward=False), None).due_on == dt.date(2026, 10, 1)


def test_unpublished_year_counts_plain_weekends_and_is_provisional(national_calendar):
    answer = due(received("2026-12-30"), Workdays(3), None)
    assert answer.due_on == dt.date(2027, 1, 4)
    assert answer.is_provisional
    assert "暂按周末推算" in answer.steps[-1][2]
    assert not due(received("2026-12-28"), Workdays(3), None).is_provisional


def test_natural_days_that_never_ask_for_a_working_day_are_not_provisional(national_calendar):
    assert due(received("2026-12-20"), Days(30), None).is_provisional
    assert not due(received("2026-12-20"), Days(30, roll_forward=False), None).is_provisional


def test_half_a_year_typed_in_by_hand_does_not_make_it_published(national_calendar):
    set_day(day=dt.date(2027, 1, 1), kind="holiday", name="元旦", source="测试", by=None)
    answer = due(received("2026-12-30"), Workdays(3), None)
    assert answer.due_on == dt.date(2027, 1, 5)
    assert answer.is_provisional
    set_day(day=dt.date(2027, 10, 1), kind="holiday", name="国庆节", source="测试", by=None)
    assert not due(received("2026-12-30"), Workdays(3), None).is_provisional


def test_extraordinary_change_in_mid_holiday_moves_the_due_date(national_calendar):
    before = due(received("2026-04-28"), Workdays(3), None)
    row = set_day(day=dt.date(2026, 5, 6), kind="holiday", name="临时放假", source="测试", by=None)
    after = due(received("2026-04-28"), Workdays(3), None)
    assert (before.due_on, after.due_on) == (dt.date(2026, 5, 6), dt.date(2026, 5, 7))
    remove_day(calendar_day=row, by=None)
    assert due(received("2026-04-28"), Workdays(3), None).due_on == before.due_on


def test_stale_process_memory_is_never_used_after_a_rollback(national_calendar):
    from django.db import transaction

    before = due(received("2026-11-22"), Workdays(3), None).due_on
    with transaction.atomic():
        set_day(day=dt.date(2026, 11, 24), kind="holiday", name="假", source="测试", by=None)
        assert due(received("2026-11-22"), Workdays(3), None).due_on > before
        transaction.set_rollback(True)
    assert due(received("2026-11-22"), Workdays(3), None).due_on == before


def test_regional_holiday_holds_below_its_region_only(national_calendar, tree):
    city, village, elsewhere = tree["990100000000"], tree["990101100201"], tree["999001100201"]
    set_day(day=dt.date(2026, 11, 24), kind="holiday", name="州庆", region=city, source="测试", by=None)
    assert due(received("2026-11-22"), Workdays(3), village.pk).due_on == dt.date(2026, 11, 26)
    assert due(received("2026-11-22"), Workdays(3), elsewhere.pk).due_on == dt.date(2026, 11, 25)
    assert due(received("2026-11-22"), Workdays(3), None).due_on == dt.date(2026, 11, 25)


def test_nearest_region_wins_over_higher_rows(national_calendar, tree):
    county, city, village = tree["990101000000"], tree["990100000000"], tree["990101100201"]
    for region, kind in ((city, "holiday"), (county, "workday")):
        set_day(day=dt.date(2026, 11, 24), kind=kind, name="三月街", region=region, source="测试", by=None)
    assert due(received("2026-11-22"), Workdays(3), village.pk).due_on == dt.date(2026, 11, 25)
    assert due(received("2026-11-22"), Workdays(3), tree["990102100201"].pk).due_on == dt.date(2026, 11, 26)
    # A local row also wins over the national one.
    set_day(day=dt.date(2026, 10, 1), kind="workday", name="照常", region=county, source="测试", by=None)
    assert due(received("2026-09-30"), Workdays(1), village.pk).due_on == dt.date(2026, 10, 1)


def test_listeners_hear_which_region_is_affected(national_calendar, tree, monkeypatch):
    from regions import calendar_changed

    heard = []
    monkeypatch.setattr(calendar_changed, "_listeners", [lambda region, *, by: heard.append((region, by))])
    monkeypatch.setattr(calendar_changed, "_witnesses", [])
    row = set_day(
        day=dt.date(2026, 11, 24), kind="holiday", name="州庆", region=tree["990100000000"], source="测试", by=7
    )
    remove_day(calendar_day=row, by=8)
    assert heard == [(tree["990100000000"], 7), (tree["990100000000"], 8)]


def test_steps_explain_every_day(national_calendar):
    answer = due(received("2026-02-12"), Workdays(5), None)
    why = {day.isoformat(): (counted, text) for day, counted, text in answer.steps}
    assert len(why) == 15
    assert why["2026-02-12"] == (False, "收到当天不计入")
    assert why["2026-02-14"] == (True, "周六，春节调休上班")
    assert why["2026-02-17"] == (False, "周二，春节放假")
    assert sum(counted for counted, _ in why.values()) == 5
    rolled = due(received("2026-09-01"), Days(30), None).steps
    assert sum(counted for _, counted, _ in rolled) == 30
    assert rolled[-1] == (dt.date(2026, 10, 8), False, "顺延到此：周四，工作日")


@pytest.mark.parametrize("limit", [Workdays, Days])
@pytest.mark.parametrize("amount", [0, -3, 1.5, True])
def test_limits_below_one_day_are_refused(limit, amount):
    with pytest.raises(ValueError, match="whole number"):
        limit(amount)


def test_limits_read_as_chinese():
    assert (str(Workdays(3)), str(Days(30))) == ("3个工作日", "30天（自然日）")


def test_working_days_between_two_days_are_counted_both_ways(national_calendar):
    friday, wednesday = dt.date(2026, 2, 13), dt.date(2026, 2, 25)
    calendar = calendars.current().of(None)
    assert (calendar.count(friday, wednesday), calendar.count(wednesday, friday)) == (3, -3)


def test_the_next_workday_and_the_one_before_step_over_the_spring_festival(national_calendar):
    assert next_workday(dt.date(2026, 2, 13), None) == dt.date(2026, 2, 14)
    calendar = calendars.current().of(None)
    assert calendar.offset(dt.date(2026, 2, 25), -1) == dt.date(2026, 2, 24)
    assert calendar.offset(dt.date(2026, 2, 17), -1) == dt.date(2026, 2, 14)


def test_calendar_far_beyond_its_table_grows(national_calendar):
    answer = due(received("2039-12-30"), Workdays(300), None)
    assert answer.due_on > dt.date(2040, 12, 1)
    assert answer.is_provisional


def test_many_calculations_need_no_query_each(national_calendar, django_assert_num_queries):
    snapshot = calendars.current()
    with django_assert_num_queries(0):
        for number in range(1, 200):
            due(received("2026-01-05"), Workdays(number), None, calendars=snapshot)
    with django_assert_num_queries(1):
        due(received("2026-01-05"), Workdays(180), None)


def test_missing_next_year_warns_from_november(national_calendar):
    from regions.checks import check_calendar

    with freeze(dt.date(2026, 10, 31)):
        assert check_calendar(databases=["default"]) == []
    with freeze(dt.date(2026, 11, 1)):
        assert [warning.id for warning in check_calendar(databases=["default"])] == ["regions.W001"]
    for day in (dt.date(2027, 1, 1), dt.date(2027, 10, 1)):
        set_day(day=day, kind="holiday", name="假", source="测试", by=None)
    with freeze(dt.date(2026, 11, 1)):
        assert check_calendar(databases=["default"]) == []


def test_load_calendar_twice_changes_nothing(national_calendar):
    from django.core.management import call_command

    set_day(day=dt.date(2026, 2, 14), kind="holiday", name="改为放假", source="管理员", by=None)
    before = list(CalendarDay.objects.order_by("pk").values())
    token = calendars.current().token
    call_command("load_calendar")
    assert list(CalendarDay.objects.order_by("pk").values()) == before
    assert calendars.current().token == token


def test_national_calendar_has_the_working_days_of_each_year(national_calendar):
    calendar = calendars.current().of(None)
    counts = {
        year: calendar.count(dt.date(year - 1, 12, 31), dt.date(year, 12, 31)) for year in range(2021, 2027)
    }  # domain §14.3
    assert counts == {2021: 250, 2022: 249, 2023: 249, 2024: 251, 2025: 248, 2026: 248}


def test_due_command_ends_with_the_date(national_calendar, tree, capsys):
    from django.core.management import call_command

    call_command("due", "2026-02-12", "5", "workdays")
    lines = capsys.readouterr().out.strip().splitlines()
    assert lines[-1] == "2026-02-26"
    assert any("2026-02-14" in line and "调休上班" in line for line in lines)
    set_day(day=dt.date(2026, 2, 26), kind="holiday", name="州庆", region=tree["990101000000"], source="测", by=None)
    call_command("due", "2026-02-12", "5", "workdays", "--region", "990101100201")
    assert capsys.readouterr().out.strip().splitlines()[-1] == "2026-02-27"
