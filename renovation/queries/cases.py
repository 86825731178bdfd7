"""Cases as people may see and look for them; read only. No model is imported here: Case itself uses this module."""

from django.db.models import Q, Subquery
from django.db.models.functions import Right

from common.names import grams
from regions.scope import RegionScopedQuerySet
from renovation.choices import CaseState
from renovation.workflow import WORKFLOW

OPEN = Q(state__in=WORKFLOW.open_codes())
FINISHED = Q(state__in=WORKFLOW.final_codes())
# 已超时 of a whole case: any step was late, or is now (domain §4.3).
EVER_LATE = Q(is_overdue=True) | Q(was_late=True)
# What people remember and say of a 工单号.
TAIL = 6
LATE, NOT_LATE = "late", "on_time"


class CaseQuerySet(RegionScopedQuerySet):
    """Cases within a person's view: staff by region (drafts only their own), villagers by claim or proven person."""

    def for_staff(self, scope):
        """Every filed case of the user's region, and the drafts this user writes for somebody (代办)."""
        within = Q(region_key__range=(scope.low, scope.high)) & ~Q(state=CaseState.DRAFT)
        return self.filter(within | Q(state=CaseState.DRAFT, filed_by__uid=scope.owner))

    def for_owner(self, scope):
        """What the claim entered itself, for itself or for somebody else; once proven also what others filed for it."""
        # One value, asked for once: with OR over a join the whole table would be read.
        claims = self.model._meta.get_field("claim").related_model._default_manager
        own = Subquery(claims.filter(uid=scope.owner).values("pk")[:1])
        mine = Q(claim=own) | Q(agent_claim=own)
        if scope.person_id:
            mine |= Q(person_id=scope.person_id) & ~Q(state=CaseState.DRAFT)
        return self.filter(mine)

    def in_region_of(self, user):
        """The filed cases among those `visible_to` gives a member of the staff; nothing for anybody else.

        Work lists use this half of it: no index serves the other half, the drafts' OR over another table.
        """
        if user.scope.kind != "region":
            return self.none()
        return self.filter(region_key__range=(user.scope.low, user.scope.high)).filed()

    def filed(self):
        """Without drafts."""
        return self.exclude(state=CaseState.DRAFT)

    def open(self):
        """Cases in which somebody still has to act."""
        return self.filter(OPEN)

    def duplicates_of(self, case):
        """Open cases of the same ID number, or of the household that this ID belongs to (domain §3.5)."""
        index = case.applicant_id_index
        member_of = Q(household__memberships__person__id_index=index, household__memberships__left_on__isnull=True)
        return self.filter(OPEN).exclude(pk=case.pk).filter(Q(applicant_id_index=index) | member_of).distinct()

    def to_do(self, user):
        """The open cases that wait for the user's office (待办, domain §4.3)."""
        return self.filter(OPEN, office_id=user.office_id)

    def named(self, text):
        """Cases whose applicant's name contains the text; uses the array of grams, never a LIKE scan alone."""
        text = text.strip()
        if not text:
            return self
        return self.filter(applicant_grams__contains=grams(text), applicant_name__contains=text)

    def numbered(self, digits):
        """Cases of that 工单号, or whose last six digits are those; an empty text means all."""
        if not digits:
            return self
        if len(digits) == TAIL:
            return self.alias(tail=Right("number", TAIL)).filter(tail=digits)
        return self.filter(number=digits)


def states_of(level: str) -> tuple[str, ...]:
    """The open states that this level handles, in the order of the table."""
    return tuple(step.code for step in WORKFLOW.steps if step.is_open and step.actor == level)
