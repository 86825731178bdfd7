"""Every change of the work calendar: new stamp, then everybody who computed a due date from it is told."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db import transaction

from common.clock import now
from regions import calendar_changed
from regions.choices import DayKind
from regions.models import CalendarDay, CalendarStamp, Region

Row = tuple[dt.date, str, str]


@transaction.atomic
def set_day(*, day: dt.date, kind: str, name: str, source: str, by, region: Region | None = None) -> CalendarDay:
    """Add or change one exceptional day of the nation (region None) or of a region; recomputation follows."""
    before = CalendarDay.objects.filter(date=day, region=region).first()
    row, _ = CalendarDay.objects.update_or_create(
        date=day, region=region, defaults={"kind": DayKind(kind), "name": name, "source": source}
    )
    announce(region=region, by=by, changes={day.isoformat(): [describe(before), describe(row)]})
    return row


@transaction.atomic
def remove_day(*, calendar_day: CalendarDay, by) -> None:
    """Take an exceptional day out: it follows the week, or the row of a higher region, again."""
    region, before = calendar_day.region, describe(calendar_day)
    calendar_day.delete()
    announce(region=region, by=by, changes={calendar_day.date.isoformat(): [before, ""]})


@transaction.atomic
def load_days(*, rows: Iterable[Row], source: str, by) -> int:
    """Add the national days that are missing and return their number; a day somebody entered or changed stays."""
    known = set(CalendarDay.objects.filter(region=None).values_list("date", flat=True))
    new = [CalendarDay(date=day, kind=kind, name=name, source=source) for day, kind, name in rows if day not in known]
    CalendarDay.objects.bulk_create(new)
    if new:
        announce(region=None, by=by, changes={"added": len(new), "source": source})
    return len(new)


@transaction.atomic
def announce(*, region: Region | None, by, changes: dict | None = None) -> None:
    """Renew the stamp and tell the listeners; for callers that wrote the rows themselves (the import in admin)."""
    CalendarStamp.objects.update_or_create(pk=1, defaults={"token": uuid.uuid4(), "changed_at": now()})
    calendar_changed.notify(region, by=by, changes=changes)


def describe(day: CalendarDay | None) -> str:
    """Say in one line what a day is, for the audit trail; '' for a day that follows the week."""
    return f"{day.get_kind_display()} {day.name}（{day.source}）" if day else ""
