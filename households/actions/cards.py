"""拍照识别: a photo is sent, read by the worker and forgotten (decision 9). Nothing here may log what a card says."""

import json
import logging
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Count, Q

from accounts.actions import audit
from accounts.throttle import block_of
from common import clock, context
from common.errors import Refusal
from common.photos import prepare
from households.choices import ReadingState
from households.models import CardReading
from households.queries import session_mark

log = logging.getLogger("anju.idcards")

MAX_WAITING = 8
# A cadre files for a meeting of the whole village; the network of that meeting is one.
PER_ACCOUNT_HOUR, PER_IP_HOUR, PER_BLOCK_HOUR = 40, 80, 200
HOUR = timedelta(hours=1)
RESULT_KEPT = timedelta(minutes=10)
# With nobody at work a photo waits this long, in a queue that moves at most so long; then the person types.
NOBODY_AFTER, QUEUE_AFTER = timedelta(seconds=10), timedelta(seconds=45)
READING_AFTER = timedelta(seconds=45)
LOCK = 7_310_005
IN_HAND = (ReadingState.WAITING, ReadingState.READING)
BUSY = "现在拍照识别的人太多，请过一会儿再试，或者自己填写"
TOO_OFTEN = "拍照识别的次数太多，请过一个小时再试，或者自己填写"


def send_card(*, by, session, upload) -> CardReading:
    """Put a photo into the queue; a Refusal when it is no photo, the queue is full or it was asked too often.

    session: only it may see the result. The photo passes the checks of every photo before anything else happens.
    """
    with transaction.atomic():
        _check_limits(by)
    jpeg = prepare(upload).bytes
    with transaction.atomic():
        # One at a time, so that many at once do not all find the same free place.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        sweep()
        _check_limits(by)
        ip = context.current().ip
        reading = CardReading(
            account=by,
            session_mark=session_mark(session),
            ip=ip,
            ip_block=block_of(ip) if ip else "",
            created_at=clock.database_now(),
        )
        reading.put_photo(jpeg)
        reading.save()
        audit.record(by=by, action="idcard.sent", target=reading)
        transaction.on_commit(lambda: _wake(reading.pk))
    return reading


def read_waiting() -> int:
    """Read every photo that waits, one after the other; returns how many. Run by the worker of the queue `ocr`."""
    done = 0
    while done < MAX_WAITING and (taken := _take_next()) is not None:
        _read(*taken)
        done += 1
    return done


def take_result(reading: CardReading) -> dict | None:
    """What was read, once: {name, id_number, address, region}; the row then knows nothing of it any more."""
    with transaction.atomic():
        row = CardReading.objects.select_for_update().filter(pk=reading.pk, state=ReadingState.READ).first()
        if row is None or not row.result:
            return None
        result = json.loads(row.result)
        row.result, row.state = None, ReadingState.SHOWN
        row.save(update_fields=["result", "state"])
    return result


def progress(reading: CardReading) -> tuple[str, int]:
    """The state of a photo and how many wait before it; one that waited in vain is given up, its photo deleted."""
    waiting = CardReading.objects.filter(state=ReadingState.WAITING)
    if reading.state in IN_HAND and _is_late(reading):
        end = ReadingState.NOBODY if reading.state == ReadingState.WAITING else ReadingState.UNCLEAR
        if CardReading.objects.filter(pk=reading.pk, state=reading.state).update(state=end, photo=None):
            reading.state = end
        else:
            reading.refresh_from_db(fields=["state"])
    return reading.state, waiting.filter(pk__lt=reading.pk).count()


def sweep() -> int:
    """Take away photos nobody came for, results after ten minutes and counters after an hour; returns how many rows."""
    now = clock.database_now()
    rows = CardReading.objects
    rows.filter(state__in=IN_HAND, created_at__lt=now - 2 * QUEUE_AFTER).update(state=ReadingState.NOBODY, photo=None)
    rows.filter(state=ReadingState.READ, created_at__lt=now - RESULT_KEPT).update(
        state=ReadingState.SHOWN, result=None, photo=None
    )
    return rows.filter(created_at__lt=now - HOUR).delete()[0]


def _check_limits(by) -> None:
    now = clock.database_now()
    recent = CardReading.objects.filter(created_at__gt=now - HOUR)
    if recent.filter(state__in=IN_HAND).count() >= MAX_WAITING:
        raise Refusal(BUSY, code="busy")
    ip = context.current().ip
    asked = recent.aggregate(
        own=Count("pk", filter=Q(account=by)),
        one=Count("pk", filter=Q(ip=ip) if ip else Q(pk=None)),
        block=Count("pk", filter=Q(ip_block=block_of(ip)) if ip else Q(pk=None)),
    )
    if asked["own"] >= PER_ACCOUNT_HOUR or asked["one"] >= PER_IP_HOUR or asked["block"] >= PER_BLOCK_HOUR:
        raise Refusal(TOO_OFTEN, code="too_often")


def _wake(pk: int) -> None:
    from households.tasks import call_reader

    try:
        call_reader()
    except Exception as error:  # the broker's own errors, of which every transport has others
        log.warning("card reader: the broker does not answer (%s)", type(error).__name__)
        CardReading.objects.filter(pk=pk, state=ReadingState.WAITING).update(state=ReadingState.NOBODY, photo=None)


def _take_next() -> tuple[CardReading, bytes] | None:
    """The next photo, deleted in the same transaction that takes it: a reader that dies leaves no photo behind."""
    with transaction.atomic():
        waiting = CardReading.objects.filter(state=ReadingState.WAITING).order_by("pk")
        reading = waiting.select_for_update(skip_locked=True).first()
        if reading is None:
            return None
        jpeg = reading.take_photo()
        reading.state, reading.began_at = ReadingState.READING, clock.database_now()
        reading.save(update_fields=["photo", "state", "began_at"])
    return reading, jpeg


def _read(reading: CardReading, jpeg: bytes) -> None:
    from households.idcard.read import read_card

    try:
        result = _result_of(read_card(jpeg))
    except Exception as error:  # whatever a picture does to the model: its text might quote the card
        log.warning("card reader: %s", type(error).__name__)
        result = {}
    with transaction.atomic():
        row = CardReading.objects.select_for_update().filter(pk=reading.pk, state=ReadingState.READING).first()
        if row is None:  # given up or swept meanwhile
            return
        row.state = ReadingState.READ if result else ReadingState.UNCLEAR
        row.result = json.dumps(result, ensure_ascii=False) if result else None
        row.save(update_fields=["state", "result"])


def _result_of(card) -> dict:
    from households.idcard.place import place_of

    region, rest = place_of(card.address)
    result = {"name": card.name, "id_number": card.id_number, "address": rest, "region": region.pk if region else None}
    return result if any(result.values()) else {}


def _is_late(reading: CardReading) -> bool:
    now = clock.database_now()
    if reading.state == ReadingState.READING:
        return now - (reading.began_at or reading.created_at) > READING_AFTER
    is_moving = CardReading.objects.filter(state=ReadingState.READING, began_at__gt=now - READING_AFTER).exists()
    return now - reading.created_at > (QUEUE_AFTER if is_moving else NOBODY_AFTER)
