"""Bytes of an attachment: read back from where they lie."""

from io import BytesIO

from common import papers
from common.storage import media_storage
from households.models import Attachment


def open_file(attachment: Attachment):
    """A binary stream of the file; papers are unsealed on the way (decision 27)."""
    if attachment.is_paper:
        return BytesIO(papers.fetch(attachment.path, attachment.uid))
    return media_storage().open(attachment.path)


def open_thumb(attachment: Attachment):
    """A binary stream of the thumbnail; photos only."""
    return media_storage().open(attachment.thumb_path)
