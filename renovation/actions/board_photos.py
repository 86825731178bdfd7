"""Photos of the board in the village (公示照片): proof that the notice hung there, until the township has audited."""

from functools import partial
from uuid import UUID

from django.db import transaction

from common.errors import Refusal
from households.actions import attachments
from households.models import Attachment
from renovation.choices import Slot
from renovation.models import Case
from renovation.permissions import may_post_photos

TOO_LATE = "公示照片只能在公示期间和乡镇审核之前增删，请刷新后查看"
MOST = 9


def add_board_photo(*, case: Case, by, client_id: UUID, upload) -> Attachment:
    """Store one photo of the present notice; a retry with the same client id or bytes finds the first row.

    Refusal once the township has audited, or without being the village or the township of the case.
    """
    return attachments.add_photo(
        by=by,
        owner_kind="case",
        owner=case,
        slot=Slot.NOTICE,
        client_id=client_id,
        upload=upload,
        gate=partial(_lock, case, by),
        limit=MOST,
    )


@transaction.atomic
def remove_board_photo(*, case: Case, by, attachment: Attachment) -> None:
    """Take one's own photo away before the audit; Refusal for a colleague's, or afterwards."""
    locked = _lock(case, by)
    if attachment.uploaded_by_id != by.pk:
        raise Refusal("只能删除自己上传的照片")
    attachments.remove_attachment(by=by, attachment=attachment, owner=locked)


def _lock(case: Case, by) -> Case:
    locked = Case.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=case.pk).first()
    if locked is None or not may_post_photos(by, locked):
        raise Refusal(TOO_LATE, code="stale")
    return locked
