"""Work for the background, promised in the same transaction as its cause (decision 13).

The broker only carries a row's number: it may lose it, double it or be down, the row is sent again until done.
When is reckoned in the database's time: a web server whose clock runs ahead would promise for next year (fault F16).
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction

from accounts.choices import OutboxState
from accounts.models import OutboxEntry
from common import clock

log = logging.getLogger(__name__)

RESEND_AFTER = timedelta(seconds=60)
MAX_ATTEMPTS = 3
OPEN = (OutboxState.WAITING, OutboxState.SENT)

Handler = Callable[[dict], None]
_handlers: dict[str, Handler] = {}


def handles(topic: str) -> Callable[[Handler], Handler]:
    """Decorator: this function does the work of that topic, given the payload, inside one transaction."""

    def register(handler: Handler) -> Handler:
        if _handlers.setdefault(topic, handler).__qualname__ != handler.__qualname__:
            raise ValueError(f"topic {topic} has a handler already")
        return handler

    return register


def topics() -> tuple[str, ...]:
    """Every topic somebody does the work of."""
    return tuple(_handlers)


def enqueue(*, topic: str, payload: dict, key: str) -> None:
    """Promise work in the caller's transaction. The same key twice is the same promise; the payload holds ids only."""
    if topic not in _handlers:
        raise KeyError(f"nobody handles {topic}")
    entry = OutboxEntry(topic=topic, payload=payload, key=key, next_at=clock.database_now())
    OutboxEntry.objects.bulk_create([entry], ignore_conflicts=True)


def dispatch_outbox(batch: int = 200) -> int:
    """Hand open entries to Celery; returns how many. Any number of dispatchers may run: each claims other rows."""
    from accounts.tasks import handle_outbox

    sent = 0
    for entry_id in _claim(batch):
        try:
            handle_outbox.delay(entry_id)
        except Exception as error:  # the broker's own errors, of which every transport has others
            log.warning("outbox: the broker does not answer (%s), work waits in the table", type(error).__name__)
            break
        sent += 1
    return sent


def handle(entry_id: int) -> bool:
    """Do one entry's work and mark it done in the same transaction. False: done before, or in other hands."""
    if not _begin(entry_id):
        return False
    try:
        with transaction.atomic():
            entry = OutboxEntry.objects.select_for_update().filter(id=entry_id, state__in=OPEN).first()
            if entry is None:
                return False
            _handlers[entry.topic](entry.payload)
            entry.state, entry.done_at, entry.reason = OutboxState.DONE, clock.now(), ""
            entry.save(update_fields=["state", "done_at", "reason"])
        return True
    except Exception as error:
        log.exception("outbox: entry %s failed", entry_id)
        _note_failure(entry_id, error)
        return False


def retry(*, entry: OutboxEntry, by) -> None:
    """Put a parked entry back (队列管理); it gets its three attempts again."""
    from accounts.actions import audit

    with transaction.atomic():
        OutboxEntry.objects.filter(id=entry.id, state=OutboxState.PARKED).update(
            state=OutboxState.WAITING, attempts=0, next_at=clock.database_now()
        )
        audit.record(by=by, action="outbox.retry", target=entry)


def _claim(batch: int) -> list[int]:
    now = clock.database_now()
    with transaction.atomic():
        due = OutboxEntry.objects.filter(state__in=OPEN, next_at__lte=now).order_by("next_at")
        entries = list(due.select_for_update(skip_locked=True).values_list("id", flat=True)[:batch])
        OutboxEntry.objects.filter(id__in=entries).update(state=OutboxState.SENT, next_at=now + RESEND_AFTER)
    return entries


def _begin(entry_id: int) -> bool:
    """Count the attempt before it starts and commit that: work that kills its worker must not run for ever."""
    with transaction.atomic():
        open_entry = OutboxEntry.objects.filter(id=entry_id, state__in=OPEN)
        entry = open_entry.select_for_update(skip_locked=True).first()
        if entry is None:
            return False
        if entry.attempts >= MAX_ATTEMPTS:
            _park(entry, entry.reason or "处理程序多次中断，未能完成")
            return False
        entry.attempts += 1
        entry.next_at = clock.database_now() + RESEND_AFTER
        entry.save(update_fields=["attempts", "next_at"])
    return True


def _note_failure(entry_id: int, error: Exception) -> None:
    with transaction.atomic():
        entry = OutboxEntry.objects.select_for_update().get(id=entry_id)
        if entry.state not in OPEN:
            return
        # The kind of error only: its text may quote a person's data.
        entry.reason = f"{type(error).__module__}.{type(error).__name__}"[:500]
        entry.save(update_fields=["reason"])
        if entry.attempts >= MAX_ATTEMPTS:
            _park(entry, entry.reason)


def _park(entry: OutboxEntry, reason: str) -> None:
    entry.state, entry.reason = OutboxState.PARKED, reason
    entry.save(update_fields=["state", "reason"])
