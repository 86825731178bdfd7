"""Row ⇔ file (invariant I4): every attachment's file is there, whole, and no old file is without its row."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta

from common.errors import SealBroken
from common.storage import media_storage
from households.actions.sweeping import KEEP, orphans
from households.files import open_file
from households.models import Attachment

# The sweep runs every hour; only what it must have taken by now is a finding.
GRACE = timedelta(hours=2)


def check_files() -> tuple[int, Iterator[str]]:
    """How many attachments there are, and what is wrong with which (row numbers and stored names only)."""
    return Attachment.objects.count(), _findings()


def _findings() -> Iterator[str]:
    for row in Attachment.objects.order_by("id").iterator(500):
        reason = _wrong(row)
        if reason:
            yield f"附件{row.pk}：{reason}"
    for name in orphans(KEEP + GRACE):
        yield f"文件{name}：没有对应的附件"


def _wrong(row: Attachment) -> str:
    storage = media_storage()
    if not storage.exists(row.path):
        return "文件不存在"
    if row.thumb_path and not storage.exists(row.thumb_path):
        return "缩略图不存在"
    if storage.size(row.path) != row.size:
        return "文件大小不符"
    try:
        with open_file(row) as content:
            is_same = hashlib.file_digest(content, "sha256").hexdigest() == row.sha256
    except SealBroken:
        return "文件无法解密"
    return "" if is_same else "文件内容与摘要不符"
