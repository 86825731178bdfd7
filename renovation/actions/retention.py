"""Applications that came to nothing are forgotten after three years, as 申请须知 promises (domain §15.2)."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.actions import audit
from accounts.models import Message
from common.clock import database_now
from households.models import Attachment
from renovation.actions.effects import forget_position
from renovation.choices import CaseState
from renovation.models import (
    BehalfNotice,
    Case,
    CaseEvent,
    CaseMember,
    CaseNode,
    CaseViewing,
    Objection,
    Publicity,
    SecondLook,
)
from renovation.urls_of import for_agent, for_notice, for_second_look, for_staff, for_villager

# Three years with a leap day in them: promised is that they are kept so long, and no longer.
KEEP = timedelta(days=3 * 365 + 1)
CAME_TO_NOTHING = (
    CaseState.NOT_ACCEPTED,
    CaseState.APPRAISAL_FAILED,
    CaseState.REVIEW_FAILED,
    CaseState.APPROVAL_REJECTED,
    CaseState.WITHDRAWN,
    CaseState.TERMINATED,
)
BATCH = 200
_LINKS = (for_staff, for_villager, for_agent, for_second_look, for_notice)
# The seven days in which the applicant may ask to look again, and one for its midnight.
SECOND_LOOK = timedelta(days=8)
NOBODY = "（已删除）"

# Number, village, dates and the offices' decisions stay for the statistics; nothing that leads to a person does.
_EMPTIED = {
    "claim": None,
    "agent_claim": None,
    "person": None,
    "household": None,
    "agent_name": "",
    "agent_phone": "",
    "applicant_name": NOBODY,
    "applicant_grams": [],
    "applicant_id_number": "",
    "applicant_phone": "",
    "house_address": "",
    "lon": None,
    "lat": None,
    "crs": "",
    "residence_region": None,
    "residence_address": "",
    "registered_region": None,
    "registered_address": "",
    "risk_description": "",
    "reentry_reason": "",
}


def forget_old_cases() -> int:
    """Empty what is personal in applications that came to nothing three years ago; returns how many."""
    # The slower of the two clocks, as with files: what one that jumped ahead empties, nobody brings back (fault F16).
    before, forgotten = min(database_now(), timezone.now()) - KEEP, 0
    while some := _forget_some(before):
        forgotten += some
    return forgotten


@transaction.atomic
def _forget_some(before) -> int:
    # Where a project was opened there are plans and money to account for: such a case is kept like a finished one.
    old = Case.objects.filter(state__in=CAME_TO_NOTHING, closed_at__lt=before, project=None)
    old = old.exclude(applicant_id_index="")
    cases = list(old.select_for_update(of=("self",), skip_locked=True).order_by("id")[:BATCH])
    audit.record_many(
        by=None, action="case.forgotten", rows=[(case, case, {}) for case in cases], reason="未通过的申请已满3年"
    )
    for case in cases:
        _empty(case)
    _forget_around(cases)
    return len(cases)


def forget_positions() -> int:
    """A failed review keeps its position only as long as it may be looked at again (decision 22); returns how many.

    The other ends forget theirs at once, in their moves (domain §15.2).
    """
    before = min(database_now(), timezone.now()) - SECOND_LOOK
    waiting = SecondLook.objects.filter(closed_at=None).values("case_id")
    cases = Case.objects.filter(state=CaseState.REVIEW_FAILED, closed_at__lt=before, lon__isnull=False)
    forgotten = 0
    for case_id in cases.exclude(pk__in=waiting).values_list("pk", flat=True):
        forgotten += _forget_position(case_id)
    return forgotten


@transaction.atomic
def _forget_position(case_id: int) -> int:
    locked = Case.objects.select_for_update(of=("self",), skip_locked=True)
    case = locked.filter(pk=case_id, state=CaseState.REVIEW_FAILED).first()
    if case is None or case.open_second_look() is not None:
        return 0
    forget_position(case)
    case.save(update_fields=["lon", "lat", "crs"])
    audit.record(by=None, action="case.position_forgotten", target=case, region=case, reason="评议不通过且不再复核")
    return 1


def _empty(case: Case) -> None:
    for name, value in _EMPTIED.items():
        setattr(case, name, value)
    case.save(update_fields=list(_EMPTIED))


def _forget_around(cases: list[Case]) -> None:
    """Family, files, messages that name the person, and the name under the person's own moves."""
    CaseMember.objects.filter(case__in=cases).delete()
    # Of a notice its digest and dates stay; of what villagers wrote, nothing.
    Publicity.objects.filter(case__in=cases).update(content={})
    for objection in Objection.objects.filter(publicity__case__in=cases):
        objection.name, objection.phone, objection.content, objection.answer = "", "", NOBODY, ""
        objection.save(update_fields=["name", "phone", "content", "answer"])
    SecondLook.objects.filter(case__in=cases).update(reason=NOBODY, answer="")
    # The link of the text message ends here too.
    BehalfNotice.objects.filter(case__in=cases).delete()
    CaseViewing.objects.filter(case__in=cases).delete()
    # Only the rows, as with drafts: the hourly sweep finds the files.
    Attachment.objects.filter(owner_kind="case", owner_uid__in=[case.uid for case in cases]).delete()
    Message.objects.filter(link__in=[link(case) for case in cases for link in _LINKS]).delete()
    CaseEvent.objects.filter(case__in=cases, by__level="villager").update(by_name=NOBODY)
    CaseNode.objects.filter(case__in=cases, handler__level="villager").update(handler_name=NOBODY)
