from django.core import checks
from django.db import DatabaseError, connection, transaction

from common.clock import today

# The State Council's notice for the next year appears about then (domain §14.2).
_NOTICE_MONTH = 11


def missing_calendar_year(day) -> int | None:
    """Return the year whose national calendar should be loaded by `day` and is not (decision 10)."""
    from regions.calendars import current

    calendar = current().of(None)
    if not calendar.is_published(day.year):
        return day.year
    if day.month >= _NOTICE_MONTH and not calendar.is_published(day.year + 1):
        return day.year + 1
    return None


@checks.register(checks.Tags.database)
def check_calendar(databases=None, **kwargs):
    """Warn while the coming year is unknown: every due date that reaches into it is provisional."""
    if not databases or "default" not in databases:
        return []
    try:
        # A savepoint: on a database without our tables the failed query must not spoil the caller's transaction.
        with transaction.atomic():
            if "regions_calendarstamp" not in connection.introspection.table_names():
                return []
            year = missing_calendar_year(today())
    except DatabaseError:
        return []
    if year is None:
        return []
    hint = "在管理后台「工作日历」导入国务院办公厅当年通知；涉及的到期日在此之前都是暂定的。"
    return [checks.Warning(f"没有{year}年的放假安排", hint=hint, id="regions.W001")]
