"""Ratings, second looks, viewings and photos asked for, as pages and actions read them."""

from datetime import datetime

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from accounts.models import Message, Office
from accounts.permissions import Can
from common.prepared import Prepared
from households.models import Attachment
from renovation.choices import CaseState, Slot, Stars
from renovation.models import Case, CaseNode, CaseViewing, Objection, Rating, SecondLook
from renovation.queries.nodes import open_stay
from renovation.workflow import COUNTY

# 2 or less asks why and tells the county (domain §10.24).
LOW = (Stars.VERY_BAD, Stars.BAD)
RATING = Prepared(lambda case_id: Rating.objects.filter(case=case_id).order_by("id")[:1])


def rating_of(case: Case) -> Rating | None:
    """The villager's rating, or None."""
    return RATING.one(case.pk)


def rated_among(cases) -> set[int]:
    """Ids of those cases that were rated; one query for a list."""
    return set(Rating.objects.filter(case__in=cases).values_list("case_id", flat=True))


def unrated(since: datetime, until: datetime) -> QuerySet[Case]:
    """Completed cases that ended between the two moments, unrated, and never reminded (N38)."""
    link = Concat(Value("/cases/"), Cast(OuterRef("uid"), CharField()), Value("/"))
    reminder = Message.objects.filter(recipient=OuterRef("claim__uid"), kind="N38", link=link)
    return Case.objects.filter(
        ~Exists(Rating.objects.filter(case=OuterRef("pk"))),
        ~Exists(reminder),
        state=CaseState.COMPLETED,
        claim__isnull=False,
        closed_at__gt=since,
        closed_at__lte=until,
    )


def second_looks_waiting(user) -> QuerySet[SecondLook]:
    """Requests that wait for the answer of this user's county office, the longest waiting first; else none."""
    if user.level != COUNTY or not user.can(Can.HANDLE_CASES):
        return SecondLook.objects.none()
    is_handling = Exists(Office.objects.handling().filter(pk=user.office_id))
    cases = Case.objects.in_region_of(user).filter(is_handling, state=CaseState.REVIEW_FAILED)
    waiting = SecondLook.objects.filter(closed_at__isnull=True, case__in=cases)
    return waiting.select_related("case").order_by("asked_at", "id")


def viewings_of(case: Case) -> QuerySet[CaseViewing]:
    """Who of the staff looked into the case, newest day first (domain §15.4)."""
    return CaseViewing.objects.filter(case=case).select_related("user", "office").order_by("-day", "-last_at", "-id")


def asking_node(case: Case) -> CaseNode | None:
    """The open stay that asks the applicant for photos, or None."""
    node = open_stay(case)
    return node if node is not None and node.photos_requested_at else None


def extra_photos_of(case: Case, node: CaseNode, user) -> QuerySet[Attachment]:
    """What this account added during that stay: what it may still take away."""
    return case.files(Slot.EXTRA).filter(uploaded_at__gte=node.received_at, uploaded_by=user)


def objectors_of(case: Case) -> list[str]:
    """Names of those who objected to a notice of the case: the applicant's page never shows one."""
    named = Objection.objects.filter(publicity__case=case).exclude(name="").exclude(name=case.applicant_name)
    return list(named.values_list("name", flat=True).distinct())
