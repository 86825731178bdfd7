"""The audit trail (decision 29): `record()` writes in the business transaction, `chain_audit()` links afterwards."""

import json
import logging
from contextlib import contextmanager
from datetime import timedelta
from itertools import groupby

from django.db import InternalError, NotSupportedError, ProgrammingError, connection, models, transaction

from accounts.models import AuditEntry, AuditLink, AuditPending
from common import clock, context
from common.crypto import keyed_digest
from common.errors import Unavailable
from common.fields import SealedTextField
from common.masking import MASKS
from common.rows import insert

# Any number is fine as long as nothing else in the project takes the same advisory lock.
SEQUENCER_LOCK = 7_310_001
FIRST = "0" * 64
# The sequencer comes every three seconds (decision 29).
TAIL_ALARM = timedelta(seconds=60)
CLOSED = "操作记录暂时无法写入，这次操作没有办理，请稍后再试；一直这样请联系系统管理员"
logger = logging.getLogger("anju.audit")
# What must never stand in the trail in clear, whatever model or form it comes from (domain §15.1).
SECRET_NAMES = {"password", "old_password", "new_password", "code", "pin", "bank_number"}
MASKED_NAMES = {
    "id_number": "id_number",
    "head_id_number": "id_number",
    "phone": "phone",
    "mobile": "phone",
    "birth_date": "all",
    "birth_on": "all",
    "home_address": "all",
}


def record(*, by, action: str, target=None, region=None, changes: dict | None = None, reason: str = "") -> AuditEntry:
    """Write that `by` (a User, or None for the system) did `action`, in the caller's transaction.

    `target` is the row or a word; `region` a Region or any row with a `region_key`, by default the target's, then
    the actor's own. `changes` is {field: [old, new]} or {field: value}; sealed and personal fields are masked.
    """
    entry = _entry(by, action, target, region, changes, reason)
    with _written():
        insert(entry, follower=AuditPending)
    return entry


def record_many(*, by, action: str, rows: list[tuple], reason: str = "") -> list[AuditEntry]:
    """The same for many rows of (target, region, changes) in two statements, in the caller's transaction."""
    entries = [_entry(by, action, target, region, changes, reason) for target, region, changes in rows]
    with _written():
        AuditEntry.objects.bulk_create(entries)
        AuditPending.objects.bulk_create([AuditPending(entry=entry) for entry in entries])
    return entries


@contextmanager
def _written():
    """No audit row, no action (T-04): the refusal says why, the log says it to whoever runs the site.

    No savepoint of its own: a failed audit row must take the business with it, never be caught halfway.
    """
    try:
        with transaction.atomic(savepoint=False):
            yield
    except (ProgrammingError, InternalError, NotSupportedError) as error:
        # Without its text, which quotes the row. A lost connection or a full disk has its own page (503).
        logger.critical("The audit trail takes no rows: %s", type(error.__cause__ or error).__name__)
        raise Unavailable(CLOSED) from error


def _entry(by, action: str, target, region, changes: dict | None, reason: str) -> AuditEntry:
    now, caller = clock.now(), context.current()
    office = by.office if by is not None and by.office_id else None
    entry = AuditEntry(
        at=now,
        actor=by,
        actor_name=by.username if by is not None else "",
        office_name=office.name if office else "",
        action=action,
        target_kind=target._meta.label_lower if isinstance(target, models.Model) else "",
        target_id=str(getattr(target, "pk", target) or "")[:64],
        region_key=_key_of(region) or _key_of(target) or _key_of(by),
        changes=_masked(changes or {}, target),
        reason=reason[:1000],
        ip=caller.ip,
        user_agent=caller.user_agent[:300],
    )
    entry.content_hash = content_hash(entry)
    return entry


def content_hash(entry: AuditEntry) -> str:
    """The keyed digest of everything an audit row says; whoever holds only the database cannot make one."""
    said = {
        "uid": str(entry.uid),
        # A fixed form in UTC: the same moment must read the same whatever zone the connection speaks.
        "at": int(round(entry.at.timestamp() * 1_000_000)),
        "actor": entry.actor_id,
        **{name: getattr(entry, name) for name in _HASHED},
    }
    return keyed_digest("audit row", json.dumps(said, ensure_ascii=False, sort_keys=True).encode())


_HASHED = (
    "actor_name",
    "office_name",
    "action",
    "target_kind",
    "target_id",
    "region_key",
    "changes",
    "reason",
    "ip",
    "user_agent",
)


def chain_audit(batch: int = 1000) -> int:
    """Link waiting rows to their county's chain, oldest first; returns how many. A second sequencer gets 0 at once."""
    with transaction.atomic():
        if not _is_alone():
            return 0
        # By their numbers: a join is planned badly on tables whose statistics lag behind a burst of rows.
        waiting = list(AuditPending.objects.order_by("entry_id").values_list("entry_id", flat=True)[:batch])
        entries = AuditEntry.objects.filter(id__in=waiting)
        rows = list(entries.values_list("region_key", "id", "uid", "content_hash"))
        rows.sort(key=lambda row: (chain_of(row[0]), row[1]))
        for chain, members in groupby(rows, key=lambda row: chain_of(row[0])):
            _append(chain, [row[1:] for row in members])
        AuditPending.objects.filter(entry_id__in=[row[1] for row in rows]).delete()
    return len(rows)


def _is_alone() -> bool:
    """Whether no other sequencer is at work; none begins before this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEQUENCER_LOCK])
        return cursor.fetchone()[0]


def is_late() -> bool:
    """Whether a row has been waiting for its place in a chain for over a minute: no sequencer is at work."""
    return AuditPending.objects.filter(entry__at__lt=clock.now() - TAIL_ALARM).exists()


def probe() -> None:
    """Write a row and take it back: raises whatever stands in the way of writing one."""
    with transaction.atomic():
        record(by=None, action="probe")
        transaction.set_rollback(True)


def chain_of(region_key: str) -> str:
    """The chain a region's rows belong to: its county's six digits, or those of the city or province above."""
    return region_key[:6] or "000000"


def link_hash(prev_hash: str, chain: str, seq: int, entry_uid, entry_hash: str) -> str:
    """The digest of one place in a chain: it covers the link before, so nothing can be slipped in between."""
    return keyed_digest("audit link", f"{prev_hash}|{chain}|{seq}|{entry_uid}|{entry_hash}".encode())


def _append(chain: str, members: list[tuple]) -> None:
    last = AuditLink.objects.filter(chain=chain).order_by("-seq").values_list("seq", "hash").first()
    seq, prev = last or (0, FIRST)
    links = []
    for entry_id, uid, entry_hash in members:
        seq += 1
        link = AuditLink(chain=chain, seq=seq, entry_id=entry_id, prev_hash=prev)
        link.hash = prev = link_hash(prev, chain, seq, uid, entry_hash)
        links.append(link)
    AuditLink.objects.bulk_create(links)


def _key_of(thing) -> str:
    """The tree key of a Region, a region-bound row, an office or an account; '' where there is none."""
    if not isinstance(thing, models.Model):
        return ""
    if getattr(thing, "region_key", None):
        return thing.region_key
    if thing._meta.label == "regions.Region":
        return thing.key
    return _key_of(getattr(thing, "region", None))


def _masked(changes: dict, target) -> dict:
    sealed = {}
    if isinstance(target, models.Model):
        fields = target._meta.concrete_fields
        sealed = {field.name: field.mask for field in fields if isinstance(field, SealedTextField)}
    return {name: _mask_value(name, value, sealed) for name, value in changes.items()}


def _mask_value(name: str, value, sealed: dict):
    if isinstance(value, dict):
        return {inner: _mask_value(inner, one, sealed) for inner, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_mask_value(name, one, sealed) for one in value]
    if name in SECRET_NAMES:
        return "******"
    if mask := sealed.get(name) or MASKED_NAMES.get(name):
        return MASKS[mask](str(value or ""))
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)
