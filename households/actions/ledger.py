"""Writes to the master rows. They happen only when a step or a record is completed (domain §2.3)."""

from django.db import transaction

from accounts.actions import audit
from common.clock import today
from common.identity import birth_date_of, gender_of, normalise_id_number
from households.choices import CENSUS_OF_ARCHIVE, Category, Gender, PolicyType, Source
from households.models import (
    Appraisal,
    Claim,
    House,
    Household,
    HouseholdCategory,
    HouseholdMember,
    Occupancy,
    Person,
    PolicyBenefit,
)
from households.queries import household_of, person_by_id


@transaction.atomic(savepoint=False)
def find_or_create_person(*, by, name: str, id_number: str, phone: str = "") -> Person:
    """The person of that ID number, made when unknown.

    A known person is returned as the ledger has it: a differing name is a finding for the county, never a silent
    overwrite (decision 25).
    """
    id_number = normalise_id_number(id_number)
    known = person_by_id(id_number)
    if known is not None:
        return known
    born = birth_date_of(id_number)
    gender = Gender.MALE if gender_of(id_number) == Gender.MALE.label else Gender.FEMALE
    person = Person(name=name, id_number=id_number, gender=gender, birth_year=born.year, phone=phone)
    person.birth_date = born.isoformat()
    person.save()
    audit.record(by=by, action="person.created", target=person)
    return person


@transaction.atomic(savepoint=False)
def ensure_household(*, by, head: Person, region, phone: str = "") -> Household:
    """The active household of that person; a new one with the person as its head when there is none."""
    known = household_of(head)
    if known is not None:
        return known
    household = Household(head=head, phone=phone, source=Source.CASE)
    household.bind_region(region)
    household.save()
    HouseholdMember.objects.create(household=household, person=head, relation="02", joined_on=today())
    audit.record(by=by, action="household.created", target=household, region=household)
    return household


@transaction.atomic(savepoint=False)
def add_member(*, by, household: Household, person: Person, relation: str) -> HouseholdMember | None:
    """Make the person a member; None when the person is in another active household, which stays untouched.

    Moving a member between households needs a change request: the applicant's word alone does not move anybody.
    """
    if HouseholdMember.objects.filter(person=person, left_on__isnull=True).exists():
        return None
    member = HouseholdMember.objects.create(
        household=household, person=person, relation=relation, joined_on=today(), reason="网上申请"
    )
    audit.record(by=by, action="household.member_added", target=household, region=household)
    return member


@transaction.atomic(savepoint=False)
def record_benefit(*, by, household: Household, source_uid, benefit_on=None, amount=None) -> PolicyBenefit:
    """Write down an earlier renovation benefit found at acceptance (domain §4.4); the same source writes one row."""
    benefit, _ = PolicyBenefit.objects.update_or_create(
        source=Source.CASE,
        source_uid=source_uid,
        policy_type=PolicyType.RENOVATION,
        defaults={"household": household, "benefit_on": benefit_on, "amount": amount},
    )
    audit.record(by=by, action="household.benefit_recorded", target=household, region=household)
    return benefit


@transaction.atomic(savepoint=False)
def record_low_income(*, by, household: Household, source_uid, recognised_by: str) -> None:
    """Note that the county knows the household as low-income, unless a category says so already (domain §4.4)."""
    if household.categories.filter(valid_to__isnull=True).exclude(category=Category.GENERAL).exists():
        return
    HouseholdCategory.objects.create(
        household=household,
        category=Category.LOW_INCOME,
        recognised_by=recognised_by,
        valid_from=today(),
        source=Source.CASE,
        source_uid=source_uid,
        recorded_by=by,
    )
    audit.record(by=by, action="household.category_recorded", target=household, region=household)


@transaction.atomic(savepoint=False)
def ensure_house(*, household: Household, region, address: str, lon=None, lat=None, crs: str = "") -> House:
    """The household's current house if it stands at that address; otherwise a new one, which is current from now on.

    The address decides: a verdict on one house must never overwrite the facts of another.
    """
    current = Occupancy.objects.filter(household=household, is_current=True).select_related("house").first()
    if current is not None:
        if current.house.region_id == region.pk and _same_place(current.house.address, address):
            return current.house
        current.is_current, current.until = False, today()
        current.save(update_fields=["is_current", "until"])
    house = House(address=address, lon=lon, lat=lat, crs=crs)
    house.bind_region(region)
    house.save()
    Occupancy.objects.create(household=household, house=house, since=today())
    return house


@transaction.atomic(savepoint=False)
def record_appraisal(*, by, household: Household, house: House, facts: dict, source_uid) -> Appraisal:
    """Write a verdict and the house facts found with it; older evidence never overwrites newer (domain §2.3).

    `facts`: appraised_on, grade, org, org_uscc, risk_parts, era, structure_archive.
    """
    appraisal = Appraisal.objects.create(
        house=house,
        household=household,
        appraised_on=facts["appraised_on"],
        grade=facts["grade"],
        org=facts["org"],
        org_uscc=facts["org_uscc"],
        risk_parts=facts["risk_parts"],
        source=Source.CASE,
        source_uid=source_uid,
        recorded_by=by,
    )
    if house.evidence_on is None or facts["appraised_on"] >= house.evidence_on:
        house.era = facts["era"]
        house.structure_archive = facts["structure_archive"]
        house.structure_census = house.structure_census or CENSUS_OF_ARCHIVE[facts["structure_archive"]]
        house.evidence_on = facts["appraised_on"]
        house.save()
    audit.record(by=by, action="house.appraised", target=appraisal, region=household, changes={"grade": facts["grade"]})
    return appraisal


@transaction.atomic(savepoint=False)
def note_review(*, by, household: Household, population: int, area, evidence_on) -> None:
    """Write what the township counted at 评议: persons of the family, area of the house (domain §2.4).

    The area only when no newer evidence stands in the house; the date of the house's evidence stays, because 评议 says
    nothing of era and structure.
    """
    household.registered_population = population
    household.save(update_fields=["registered_population"])
    current = Occupancy.objects.filter(household=household, is_current=True).select_related("house").first()
    if current is not None and (current.house.evidence_on is None or evidence_on >= current.house.evidence_on):
        current.house.building_area = area
        current.house.save(update_fields=["building_area"])
    audit.record(by=by, action="household.reviewed", target=household, region=household)


def lock_claims_of(id_index: str) -> list[Claim]:
    """All claims on one ID number, locked in a fixed order, so that two confirmations cannot cross."""
    return list(Claim.objects.select_for_update().filter(id_index=id_index).order_by("id"))


def _same_place(one: str, other: str) -> bool:
    return "".join(one.split()) == "".join(other.split())
