"""The ledger as other floors read it; nothing here writes."""

from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Q, QuerySet

from common.crypto import blind_index
from common.identity import normalise_id_number
from households.choices import CATEGORY_SHORT, ClaimState
from households.models import Attachment, Claim, Household, HouseholdCategory, HouseholdMember, Person, PolicyBenefit
from households.registries import owners_visible_to

MAX_CLAIMS_PER_PHONE = 6
# Phone numbers are recycled: after a year of silence the person is met again before old records open (decision 17).
STALE_AFTER = timedelta(days=365)


def person_by_id(id_number: str) -> Person | None:
    """The person with that ID number, found by blind index; None when unknown."""
    return Person.objects.filter(id_index=blind_index("id_number", normalise_id_number(id_number))).first()


def household_of(person: Person | None) -> Household | None:
    """The household the person now belongs to, or None."""
    if person is None:
        return None
    membership = HouseholdMember.objects.filter(person=person, left_on__isnull=True).select_related("household").first()
    return membership.household if membership else None


def category_labels(id_index: str) -> list[str]:
    """Short labels of the valid categories of the household that this ID belongs to (身份类别, domain §4.3)."""
    rows = HouseholdCategory.objects.filter(
        household__memberships__person__id_index=id_index,
        household__memberships__left_on__isnull=True,
        valid_to__isnull=True,
    )
    return [CATEGORY_SHORT[one] for one in dict.fromkeys(rows.order_by("category").values_list("category", flat=True))]


def benefits_of(id_indexes: list[str]) -> QuerySet[PolicyBenefit]:
    """Benefits ever recorded for households in which one of these IDs was a member (duplicate-benefit check)."""
    return (
        PolicyBenefit.objects.filter(household__memberships__person__id_index__in=id_indexes)
        .select_related("household__head")
        .distinct()
        .order_by("-benefit_on", "-id")
    )


def claims_of(account) -> QuerySet[Claim]:
    """The persons of a phone, longest known first (decision 18)."""
    return Claim.objects.filter(account=account).order_by("id")


def is_stale(claim: Claim, moment) -> bool:
    """Whether the phone was silent for a year at that moment, so that old records stay shut (decision 17)."""
    return claim.last_seen_at is not None and moment - claim.last_seen_at > STALE_AFTER


def claims_to_confirm(user) -> QuerySet[Claim]:
    """Claims of the user's region that are to be met: never met, lapsed, pushed aside (decision 17), or locked out.

    Locked out is who said on the phone that the four digits are forgotten (decision 18).
    """
    return (
        Claim.objects.visible_to(user)
        .filter(
            Q(state__in=(ClaimState.CLAIMED, ClaimState.SUPERSEDED)) | Q(pin_forgotten_at__isnull=False),
            account__isnull=False,
        )
        .select_related("home_region")
        .order_by("region_key", "id")
    )


def confirmed_rival(claim: Claim) -> Claim | None:
    """Another claim on the same ID number that was confirmed face to face, with the unit that did it; or None.

    For whoever meets the person, or judges the application: no villager's page may ask it (decision 25).
    """
    rivals = Claim.objects.filter(id_index=claim.id_index, state=ClaimState.CONFIRMED).exclude(pk=claim.pk)
    return rivals.select_related("confirmed_by__office__region").first()


def visible_attachment(user, uid) -> Attachment | None:
    """The file of that uid when its owner is within the user's view, else None: a stranger gets 404."""
    attachment = Attachment.objects.filter(uid=uid).first()
    if attachment is None:
        return None
    owners = owners_visible_to(user, attachment.owner_kind)
    if owners is None or not owners.filter(uid=attachment.owner_uid).exists():
        return None
    return attachment


def persons_of_phone(phone_index: str) -> int:
    """How many persons were ever registered with that telephone number (DQ12)."""
    return Claim.objects.filter(phone_index=phone_index).values("id_index").distinct().count() if phone_index else 0


def owners_of_same_photos(owner_uid) -> QuerySet:
    """The uids of other records that hold a photo with the very pixels of one of this record's (DQ22).

    Photos are compared as they were stored: what the camera wrote around the pixels is gone by then.
    """
    own = Attachment.objects.filter(owner_uid=owner_uid, is_paper=False).values("sha256")
    others = Attachment.objects.filter(sha256__in=own, is_paper=False).exclude(owner_uid=owner_uid)
    return others.values("owner_uid").distinct()


def regions_in_use(region) -> str | None:
    """Why the region cannot be deleted: households, or persons who gave it as their home; None when it has none."""
    low, high = region.key_range
    within = Q(region_key__range=(low, high))
    counts = {"户农户": Household.objects.filter(within).count(), "人登记的住址": Claim.objects.filter(within).count()}
    found = "、".join(f"{count}{what}" for what, count in counts.items() if count)
    return f"本区划下有{found}" if found else None


class Makeup(NamedTuple):
    """Who lives in a household, as the register asks (domain §7.3): anybody of 60 or more, under 18, not 汉族."""

    has_elderly: bool
    has_child: bool
    has_minority: bool


def makeup_of(household: Household, on: date) -> Makeup:
    """What the known members of the household are on that day; birth dates are opened for this alone."""
    rows = HouseholdMember.objects.filter(household=household, left_on__isnull=True).select_related("person")
    people = [row.person for row in rows]
    ages = [_age(person, on) for person in people]
    return Makeup(
        has_elderly=any(age >= 60 for age in ages),
        has_child=any(age < 18 for age in ages),
        has_minority=any(person.ethnicity not in ("", "01") for person in people),
    )


def _age(person: Person, on: date) -> int:
    born = date.fromisoformat(person.birth_date)
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
