"""补充照片: the applicant adds photos while the office that has the case asks for them (domain §3.6)."""

from functools import partial
from uuid import UUID

from django.db import transaction

from accounts.actions import audit, messages
from common.errors import Refusal
from households.actions import attachments
from households.models import Attachment
from renovation.choices import Slot
from renovation.models import Case
from renovation.permissions import is_applicant
from renovation.queries.nodes import open_node
from renovation.queries.service import extra_photos_of
from renovation.urls_of import for_staff

# For each stay in a step that asks; photos of earlier stays are kept beside them.
MAX_EXTRA_PHOTOS = 9
NOT_ASKED = "现在不需要补充照片，请回到办理进度查看"
ADDED = "工单{no}的申请人已补充{count}张照片，请查看。"


def add_extra_photo(*, case: Case, by, upload, client_id: UUID) -> Attachment:
    """Store one photo that the open step asked for; a retry with the same client id or bytes finds the first row."""
    with transaction.atomic():
        _, node = lock_asking(case, by)
    earlier = case.files(Slot.EXTRA).filter(uploaded_at__lt=node.received_at).count()
    return attachments.add_photo(
        by=by,
        owner_kind="case",
        owner=case,
        slot=Slot.EXTRA,
        client_id=client_id,
        upload=upload,
        # Decoding takes seconds: the office may have handled the step meanwhile.
        gate=partial(lock_asking, case, by),
        limit=earlier + MAX_EXTRA_PHOTOS,
    )


@transaction.atomic
def remove_extra_photo(*, case: Case, by, uid: UUID) -> None:
    """Delete one of the own photos of this stay; one that is gone already is no error (a retry)."""
    locked, node = lock_asking(case, by)
    photo = extra_photos_of(locked, node, by).filter(uid=uid).first()
    if photo is not None:
        attachments.remove_attachment(by=by, attachment=photo, owner=locked)


@transaction.atomic
def finish_extra_photos(*, case: Case, by) -> int:
    """补充完了: the request is answered and ends, the office is told once (A06); returns how many photos came.

    The words stay with the stay, so that the office still reads what it had asked for. Refusal without a photo.
    """
    locked, node = lock_asking(case, by)
    count = extra_photos_of(locked, node, by).count()
    if not count:
        raise Refusal("请至少补充1张照片", code="empty")
    node.photos_requested_at = None
    node.save(update_fields=["photos_requested_at"])
    audit.record(by=by, action="case.photos_added", target=locked, region=locked, changes={"count": count})
    text = ADDED.format(no=locked.number, count=count)
    messages.send_to_office(office=locked.office, kind="A06", text=text, link=for_staff(locked))
    return count


def lock_asking(case: Case, by):
    """The case, locked, and its open stay, which still asks this applicant for photos; Refusal (code "filed") else."""
    locked = Case.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=case.pk).first()
    node = open_node(locked) if locked is not None and is_applicant(by, locked) else None
    if node is None or node.photos_requested_at is None:
        raise Refusal(NOT_ASKED, code="filed")
    return locked, node
