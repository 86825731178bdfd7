"""Files that a step asks for: added and taken away only while the step still waits for this officer."""

from functools import partial
from uuid import UUID

from django.db import transaction

from common.errors import Refusal
from households.actions import attachments
from households.models import Attachment
from renovation.models import Case
from renovation.permissions import may_handle
from renovation.queries.casefile import is_of_earlier_round, round_began

TOO_LATE = "此环节已办理，不能再增删材料，请刷新后查看"
DECIDED_UPON = "这是上一轮办理时的材料，需要保留，不能删除"
MOST = 9


def add_step_paper(*, case: Case, by, slot: str, client_id: UUID, upload, most: int = MOST) -> Attachment:
    """Store one paper of the case's present step; a retry with the same client id or bytes finds the first row.

    Refusal when a colleague has handled the step meanwhile (nothing is added to what was decided upon), or when
    this round has `most` files already.
    """
    return _add(attachments.add_paper, case, by, slot, client_id, upload, most)


def add_step_photo(*, case: Case, by, slot: str, client_id: UUID, upload, most: int = MOST) -> Attachment:
    """Store one photo of the case's present step; rules and refusals as for papers."""
    return _add(attachments.add_photo, case, by, slot, client_id, upload, most)


def _add(add, case: Case, by, slot: str, client_id: UUID, upload, most: int) -> Attachment:
    began = round_began(case)
    earlier = case.files(slot).filter(uploaded_at__lt=began).count() if began else 0
    return add(
        by=by,
        owner_kind="case",
        owner=case,
        slot=slot,
        client_id=client_id,
        upload=upload,
        gate=partial(_lock_step, case, by),
        limit=earlier + most,
    )


@transaction.atomic
def remove_step_paper(*, case: Case, by, attachment: Attachment) -> None:
    """Take one file of the present step away; Refusal when the step was handled meanwhile, or in an earlier round."""
    locked = _lock_step(case, by)
    if is_of_earlier_round(attachment, round_began(locked)):
        raise Refusal(DECIDED_UPON)
    attachments.remove_attachment(by=by, attachment=attachment, owner=locked)


def _lock_step(case: Case, by) -> Case:
    """The case, locked, still in the step the page showed and still this officer's; Refusal otherwise."""
    locked = Case.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=case.pk).first()
    if locked is None or locked.state != case.state or not may_handle(by, locked):
        raise Refusal(TOO_LATE, code="stale")
    return locked
