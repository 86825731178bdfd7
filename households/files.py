"""Bytes of an attachment: read back from where they lie."""

from io import BytesIO

from common.crypto import unseal_bytes
from common.storage import media_storage
from households.models import Attachment


def open_file(attachment: Attachment):
    """A binary stream of the file; papers are unsealed on the way (decision 27)."""
    stored = media_storage().open(attachment.path)
    if not attachment.is_paper:
        return stored
    with stored:
        table = attachment._meta.db_table
        return BytesIO(unseal_bytes(stored.read(), table=table, field="path", uid=attachment.uid))


def open_thumb(attachment: Attachment):
    """A binary stream of the thumbnail; photos only."""
    return media_storage().open(attachment.thumb_path)
