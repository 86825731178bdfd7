"""Photos and papers: bytes safely on disk first, then the row; a retry finds the row and stores nothing twice."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.db import connection, transaction

from accounts.actions import audit
from common.errors import Refusal
from common.papers import prepare_paper
from common.photos import prepare
from common.sounds import prepare_sound
from common.storage import file_name, media_storage
from households.choices import TakenSource
from households.models import Attachment

_SOURCES = {choice.label: choice.value for choice in TakenSource}


@dataclass(frozen=True)
class Place:
    """Where a file goes: the record, the purpose, the phone's name for the file, and how many fit."""

    owner_kind: str
    owner: object
    slot: str
    client_id: UUID
    limit: int


def add_photo(
    *, by, owner_kind: str, owner, slot: str, client_id: UUID, upload, gate=None, limit: int = 9, **context
) -> Attachment:
    """Store one photo of the owner (any row with a uid) and return its row; the same client id or bytes find the old.

    `context` may give taken_at and position of the browser. Refusal when the slot holds `limit` files already, or
    with the photo's own reason. Decoding takes seconds, so the owner is not locked for it: `gate()` is called in the
    transaction of the insert, locks the owner and raises a Refusal when it takes no more files.
    """
    if known := _known(owner.uid, slot, client_id=client_id):
        return known
    photo = prepare(upload, **context)
    row = Attachment(
        uid=uuid4(),
        content_type=photo.content_type,
        width=photo.width,
        height=photo.height,
        taken_at=photo.taken_at,
        taken_source=_SOURCES.get(photo.taken_source, ""),
        lon=photo.lon,
        lat=photo.lat,
        position_source=_SOURCES.get(photo.position_source, ""),
        crs="WGS-84" if photo.lon is not None else "",
        sha256=photo.sha256,
        source_sha256=photo.source_sha256,
        size=len(photo.bytes),
    )
    place = Place(owner_kind, owner, slot, client_id, limit)
    return _store(row, partial(_write_photo, photo), place, by=by, gate=gate)


def add_paper(
    *, by, owner_kind: str, owner, slot: str, client_id: UUID, upload, gate=None, limit: int = 9
) -> Attachment:
    """Store one paper (PDF or picture of one), sealed on disk (decision 27); idempotent as add_photo is."""
    if known := _known(owner.uid, slot, client_id=client_id):
        return known
    uid = uuid4()
    paper = prepare_paper(upload, table=Attachment._meta.db_table, field="path", uid=uid)
    row = Attachment(
        uid=uid,
        content_type=paper.content_type,
        is_paper=True,
        label=paper.label,
        sha256=paper.sha256,
        source_sha256=paper.source_sha256,
        size=len(paper.sealed),
    )
    place = Place(owner_kind, owner, slot, client_id, limit)
    return _store(row, partial(_write_paper, paper), place, by=by, gate=gate)


def add_sound(*, by, owner_kind: str, owner, slot: str, client_id: UUID, upload) -> Attachment:
    """Store the one recording of the owner (MP3 or M4A, its tags taken out); idempotent as add_photo is."""
    sound = prepare_sound(upload)
    row = Attachment(
        uid=uuid4(),
        content_type=sound.content_type,
        sha256=sound.sha256,
        source_sha256=sound.source_sha256,
        size=len(sound.bytes),
    )
    place = Place(owner_kind, owner, slot, client_id, 1)
    return _store(row, partial(_write_sound, sound), place, by=by, gate=None)


@transaction.atomic
def remove_attachment(*, by, attachment: Attachment, owner) -> None:
    """Take a file away from a record that still allows it (the caller has checked); the bytes go after commit."""
    paths = [path for path in (attachment.path, attachment.thumb_path) if path]
    audit.record(by=by, action="file.removed", target=attachment, region=owner, changes={"slot": attachment.slot})
    attachment.delete()
    transaction.on_commit(lambda: [media_storage().delete(path) for path in paths])


def _known(owner_uid: UUID, slot: str, **by) -> Attachment | None:
    return Attachment.objects.filter(owner_uid=owner_uid, slot=slot, **by).first()


@transaction.atomic
def _store(row: Attachment, write: Callable, place: Place, *, by, gate: Callable | None) -> Attachment:
    if gate is not None:
        gate()
    owner_uid, slot = place.owner.uid, place.slot
    _one_at_a_time(owner_uid)
    known = _known(owner_uid, slot, client_id=place.client_id)
    known = known or _known(owner_uid, slot, source_sha256=row.source_sha256)
    if known:
        return known
    if Attachment.objects.filter(owner_uid=owner_uid, slot=slot).count() >= place.limit:
        raise Refusal(f"最多上传{place.limit}张，请先删除不需要的")
    row.owner_kind, row.owner_uid, row.slot = place.owner_kind, owner_uid, slot
    row.client_id, row.uploaded_by = place.client_id, by
    write(row)
    row.save(force_insert=True)
    audit.record(by=by, action="file.added", target=row, region=place.owner, changes={"slot": slot})
    return row


def _write_photo(photo, row: Attachment) -> None:
    store = media_storage()
    row.path = store.save(file_name("photos", row.uid, row.sha256, "jpg"), ContentFile(photo.bytes))
    row.thumb_path = store.save(file_name("thumbs", row.uid, row.sha256, "jpg"), ContentFile(photo.thumb_bytes))


def _write_paper(paper, row: Attachment) -> None:
    name = file_name("papers", row.uid, row.sha256, "bin")
    row.path = media_storage().save(name, ContentFile(paper.sealed))


def _write_sound(sound, row: Attachment) -> None:
    name = file_name("sounds", row.uid, row.sha256, sound.extension)
    row.path = media_storage().save(name, ContentFile(sound.bytes))


def _one_at_a_time(owner_uid: UUID) -> None:
    """Nine parallel uploads of one record queue here, so that the limit and the duplicates are judged one by one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [owner_uid.int % (1 << 62)])
