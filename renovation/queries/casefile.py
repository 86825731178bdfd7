"""What belongs to a case and is shown on its page: family, photos, papers; read only."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from households.models import Attachment
from renovation.choices import Slot
from renovation.models import Case, CaseMember
from renovation.queries.nodes import open_stay


def members_of(case: Case) -> QuerySet[CaseMember]:
    """The family as the applicant wrote it; the caller has the case from `visible_to`."""
    return CaseMember.objects.filter(case=case)


def files_of(case: Case) -> dict[str, list[Attachment]]:
    """All files of the case by purpose, oldest first; one query."""
    found: dict[str, list[Attachment]] = {slot: [] for slot in Slot}
    for row in Attachment.objects.filter(owner_uid=case.uid).order_by("id"):
        found.setdefault(row.slot, []).append(row)
    return found


def file_of(case: Case, slot: str, uid: UUID) -> Attachment | None:
    """One file of that slot of the case, or None."""
    return Attachment.objects.filter(owner_uid=case.uid, slot=slot, uid=uid).first()


def number_of(row: Attachment) -> int:
    """Which file of its slot it is, from 1."""
    return Attachment.objects.filter(owner_uid=row.owner_uid, slot=row.slot, id__lte=row.id).count()


def round_began(case: Case) -> datetime | None:
    """When the case came to the step it waits in: files from before belong to an earlier round."""
    node = open_stay(case)
    return node.received_at if node else None


def is_of_earlier_round(row: Attachment, began: datetime | None) -> bool:
    """Whether the file was decided upon before the case came (back) to its present step."""
    return began is not None and row.uploaded_at < began
