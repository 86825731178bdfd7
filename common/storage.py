"""Private file stores: a file is on the disk, whole and under its name, before the row that names it is committed.

Django's own storage never calls fsync, so a power cut after "已保存" could leave a row without its photo (F14).
"""

import errno
import os
import re
import secrets
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import FileSystemStorage, Storage
from django.utils.deconstruct import deconstructible

from common.errors import Refusal

STORAGE_FULL = "服务器存储已满，请联系管理员"
STORAGE_UNREACHABLE = "文件暂时无法保存，请稍后再试"
NO_ADDRESS = "private files have no address of their own; link to the scoped view"
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
OUR_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*(/[a-z0-9_-]+)*\.[a-z0-9]{1,5}")


def file_name(folder: str, uid: UUID, sha256: str, extension: str) -> str:
    """The stored name: of the row's uid and the content's digest, never of what the user's file was called.

    The same row and content give the same name, so that a repeated upload replaces itself; two rows never
    share a file, so that deleting one leaves the other whole.
    """
    key = uid.hex
    return f"{folder}/{key[:2]}/{key[2:4]}/{key}-{sha256[:16]}.{extension}"


def media_storage() -> Storage:
    """The store of photos and papers named by settings.MEDIA_BACKEND: filesystem (default) or s3."""
    if getattr(settings, "MEDIA_BACKEND", "filesystem") == "s3":
        return object_storage(tuple(sorted(settings.MEDIA_S3.items())))
    return FsyncFileSystemStorage()


@lru_cache(maxsize=4)
def object_storage(options: tuple[tuple[str, str], ...]) -> Storage:
    """An S3-compatible store (settings.MEDIA_S3, options of django-storages): private and signed."""
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError
    from storages.backends.s3 import S3Storage

    options = dict(options)

    class S3MediaStorage(S3Storage):
        """S3 with our names and our refusals; the store answers only when it holds the object durably."""

        def get_available_name(self, name, max_length=None):
            return our_name(name)

        def _save(self, name, content):
            try:
                return super()._save(name, content)
            except (BotoCoreError, ClientError) as error:
                raise Refusal(STORAGE_UNREACHABLE, code="storage_unreachable") from error

        def url(self, name, *args, **kwargs):
            raise ValueError(NO_ADDRESS)

    # Checksum trailers, a recent habit of Amazon's client, are unknown to most S3-compatible stores.
    polite = Config(
        signature_version="s3v4",
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3={"addressing_style": options.get("addressing_style", "auto")},
        retries={"max_attempts": 2},
    )
    return S3MediaStorage(**{"default_acl": "private", "file_overwrite": True, "client_config": polite} | options)


def our_name(name: str) -> str:
    """The name as it is, when it was made by file_name(); nothing else is ever stored."""
    if not OUR_NAME.fullmatch(name):
        raise SuspiciousFileOperation("a stored name must come from storage.file_name()")
    return name


@deconstructible(path="common.storage.FsyncFileSystemStorage")
class FsyncFileSystemStorage(FileSystemStorage):
    """Files under MEDIA_ROOT, 0600 in folders 0700: temporary file, fsync, rename, fsync of the folder."""

    def get_available_name(self, name, max_length=None):
        # Names are made by file_name(), so an existing one is the same content arriving again.
        return our_name(name)

    def _save(self, name, content):
        path = Path(self.path(name))
        try:
            make_folder(path.parent, Path(self.location))
            write_durably(path, content.chunks())
        except OSError as error:
            if error.errno in FULL:
                raise Refusal(STORAGE_FULL, code="storage_full") from error
            raise
        return name

    def url(self, name):
        raise ValueError(NO_ADDRESS)


def make_folder(folder: Path, root: Path) -> None:
    """Make the folder and its missing parents up to the root (0700), each entry flushed to the disk."""
    if folder.is_dir():
        return
    if folder != root:
        make_folder(folder.parent, root)
    else:
        folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        return
    flush_folder(folder.parent)


def write_durably(path: Path, chunks) -> None:
    """Write the file (0600) so that after a power cut it is there whole or not at all; nothing is left on failure."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Flush a folder's entries: without it the rename itself may be lost in a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
