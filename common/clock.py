"""The one clock (domain §0, convention 5). Nothing else in the project asks the machine what time it is."""

import datetime as dt
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils import timezone

_frozen: ContextVar[dt.datetime | None] = ContextVar("frozen_clock", default=None)

OFFICE_OPENS = dt.time(9, 0)


def now() -> dt.datetime:
    """The present moment, aware, in the zone of the deployment (Asia/Shanghai)."""
    return _frozen.get() or timezone.localtime(timezone.now())


def today() -> dt.date:
    """The local calendar date; every "current year" starts from here (domain §0)."""
    return now().date()


def database_now() -> dt.datetime:
    """The database's time: due dates must not follow one machine's wrong clock (fault F16)."""
    frozen = _frozen.get()
    if frozen:
        return frozen
    from django.db import connection

    with connection.cursor() as cursor:
        # Not now(), which stands still in a transaction: whoever waited for a lock acts later than he began.
        cursor.execute("SELECT clock_timestamp()")
        return timezone.localtime(cursor.fetchone()[0])


def database_time(read: dt.datetime) -> dt.datetime:
    """The same where a statement has brought the database's time along."""
    return _frozen.get() or timezone.localtime(read)


def slower_now() -> dt.datetime:
    """The slower of this machine's clock and the database's: what one that jumped ahead deletes, nobody brings back."""
    return min(now(), database_now())


@contextmanager
def freeze(moment: dt.datetime | dt.date):
    """Let time stand still for this thread or task; a bare date means 09:00 of that day, a naive time local time."""
    if not isinstance(moment, dt.datetime):
        moment = dt.datetime.combine(moment, OFFICE_OPENS)
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment)
    token = _frozen.set(timezone.localtime(moment))
    try:
        yield
    finally:
        _frozen.reset(token)
