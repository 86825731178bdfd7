"""Drafts nobody comes back to (domain §15.2: 90 days)."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.actions import audit
from common.clock import database_now
from households.models import Attachment
from renovation.choices import CaseState
from renovation.models import Case

KEEP = timedelta(days=90)
BATCH = 200


def delete_old_drafts() -> int:
    """Delete drafts without a word or photo for 90 days, with their members and photos; returns how many."""
    before, deleted = database_now() - KEEP, 0
    while some := _delete_some(before):
        deleted += some
    return deleted


@transaction.atomic
def _delete_some(before) -> int:
    recent = Attachment.objects.filter(owner_uid=OuterRef("uid"), uploaded_at__gte=before)
    old = Case.objects.filter(state=CaseState.DRAFT, updated_at__lt=before).exclude(Exists(recent))
    # Whoever has the draft open right now holds its lock, and then it is no longer old.
    drafts = list(
        old.select_for_update(of=("self",), skip_locked=True).order_by("id").only("pk", "uid", "region_key")[:BATCH]
    )
    rows = [(draft, draft, {}) for draft in drafts]
    audit.record_many(by=None, action="draft.expired", rows=rows, reason="草稿超过90天未修改")
    # Only the rows: the hourly sweep finds the files. Were they deleted here, a rollback could not bring them back.
    Attachment.objects.filter(owner_kind="case", owner_uid__in=[draft.uid for draft in drafts]).delete()
    Case.objects.filter(pk__in=[draft.pk for draft in drafts], state=CaseState.DRAFT).delete()
    return len(drafts)
