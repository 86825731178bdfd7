"""When a matter is due (domain §14.2, 民法典 201 and 203): pure counting over `regions.calendars`."""

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property

from django.utils import timezone

from common.limits import Days, Limit, Workdays
from regions.calendars import Calendar, Calendars, current
from regions.choices import DayKind

_WEEKDAYS = "一二三四五六日"
Step = tuple[dt.date, bool, str]


@dataclass(frozen=True)
class Due:
    """The answer to "until when?": the last day, and the moment from which it is late (00:00 of the day after)."""

    received_on: dt.date
    limit: Limit
    due_on: dt.date
    is_provisional: bool
    calendar: Calendar = field(repr=False, compare=False)

    @property
    def due_at(self) -> dt.datetime:
        return end_of(self.due_on)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Every day from receipt to the due date: (date, counted?, why in Chinese)."""
        days = ((self.due_on - self.received_on).days) + 1
        return tuple(self._step(self.received_on + dt.timedelta(days=number)) for number in range(days))

    def _step(self, day: dt.date) -> Step:
        if day == self.received_on:
            return day, False, "收到当天不计入"
        why = reason(self.calendar, day)
        if isinstance(self.limit, Workdays):
            return day, self.calendar.is_workday(day), why
        last = self.received_on + dt.timedelta(days=self.limit.amount)
        if day > last:
            return day, False, f"{'顺延到此' if day == self.due_on else '顺延'}：{why}"
        return day, True, f"届满：{why}" if day == last else "自然日"


def due(received: dt.datetime, limit: Limit, region_id: int | None, *, calendars: Calendars | None = None) -> Due:
    """Return when a matter received at `received` (aware) is due in that region (None = national calendar only).

    The day of receipt never counts; natural days that end on a day of rest roll to the next working day.
    Provisional when the counted span touches a year whose national calendar is not loaded (decision 10).
    For many calculations pass `calendars.current()` once.
    """
    received_on = timezone.localtime(received).date()
    calendar = (calendars or current()).of(region_id)
    if isinstance(limit, Workdays):
        due_on = calendar.offset(received_on, limit.amount)
        looked_at = received_on + dt.timedelta(days=1)
    elif isinstance(limit, Days):
        looked_at = due_on = received_on + dt.timedelta(days=limit.amount)
        if limit.roll_forward and not calendar.is_workday(due_on):
            due_on = calendar.offset(due_on, 1)
    else:
        raise TypeError(f"not a limit: {limit!r}")
    needs_calendar = isinstance(limit, Workdays) or limit.roll_forward
    unknown = any(not calendar.is_published(year) for year in range(looked_at.year, due_on.year + 1))
    return Due(received_on, limit, due_on, needs_calendar and unknown, calendar)


def next_workday(day: dt.date, region_id: int | None) -> dt.date:
    """Return the first working day after `day`: the earliest a recalculated due date may fall on (domain §14.2)."""
    return current().of(region_id).offset(day, 1)


def end_of(day: dt.date) -> dt.datetime:
    """Return 24:00 of a day as the moment it is stored and compared: 00:00 of the next, local time."""
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min))


def reason(calendar: Calendar, day: dt.date) -> str:
    """Say in Chinese why a day is or is not a working day."""
    weekday = f"周{_WEEKDAYS[day.weekday()]}"
    kind, name = calendar.exceptions.get(day, ("", ""))
    if kind == DayKind.HOLIDAY:
        return f"{weekday}，{name}放假"
    if kind == DayKind.WORKDAY:
        return f"{weekday}，{name}调休上班" if day.weekday() > 4 else f"{weekday}，{name}照常上班"
    why = f"{weekday}，{'休息日' if day.weekday() > 4 else '工作日'}"
    return why if calendar.is_published(day.year) else f"{why}（{day.year}年放假安排尚未公布，暂按周末推算）"
