"""Files that no row names: a photo whose transaction failed, or whose record was deleted (invariant I4)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from common.clock import database_now
from common.storage import media_storage
from households.models import Attachment

FOLDERS = ("photos", "thumbs", "papers", "sounds")
# A file is written before its row is committed: nothing younger than this is ever touched.
KEEP = timedelta(hours=24)
BATCH = 500


def sweep_files() -> int:
    """Delete files older than 24 hours that no attachment names; returns how many. Newer ones are never touched."""
    deleted = 0
    for name in orphans():
        media_storage().delete(name)
        deleted += 1
    return deleted


def orphans(age: timedelta = KEEP) -> Iterator[str]:
    """Names of stored files without a row, older than that by this machine's clock and by the database's."""
    # Whichever clock is behind decides, so that one that jumped ahead (fault F16) deletes nothing.
    before = min(database_now(), timezone.now()) - age
    batch: list[str] = []
    for name in _stored(before):
        batch.append(name)
        if len(batch) == BATCH:
            yield from _without_row(batch)
            batch = []
    yield from _without_row(batch)


def _stored(before: datetime) -> Iterator[str]:
    storage = media_storage()
    for folder in FOLDERS:
        for name in _names(storage, folder):
            try:
                is_old = storage.get_modified_time(name) < before
            except FileNotFoundError:  # removed while we looked
                continue
            if is_old:
                yield name


def _names(storage, folder: str) -> Iterator[str]:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        yield f"{folder}/{name}"
    for name in folders:
        yield from _names(storage, f"{folder}/{name}")


def _without_row(names: list[str]) -> list[str]:
    """Those of the names that no attachment carries, asked of the index of row ids: a file is called by its row's."""
    uids = {_uid_of(name) for name in names} - {None}
    rows = Attachment.objects.filter(uid__in=uids).values_list("path", "thumb_path")
    known = {path for pair in rows for path in pair}
    return [name for name in names if name not in known]


def _uid_of(name: str) -> str | None:
    digits = name.rpartition("/")[2].split("-")[0]
    is_uid = len(digits) == 32 and all(one in "0123456789abcdef" for one in digits)
    return digits if is_uid else None
