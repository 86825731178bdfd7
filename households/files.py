"""Bytes of an attachment: where they lie and how they are read back."""

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
        table, column = attachment._meta.db_table, "path"
        return BytesIO(unseal_bytes(stored.read(), table=table, field=column, uid=attachment.uid))


def open_thumb(attachment: Attachment):
    """A binary stream of the thumbnail; photos only."""
    return media_storage().open(attachment.thumb_path)
