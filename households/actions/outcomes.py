"""What a renovation leaves in the ledger: the plan at its approval, house, verdict and benefit once it is accepted.

Domain §2.4 steps 6 and 9. Everything may be said twice by the same source and is then written once; newer evidence
overwrites older, never the other way round (§2.3). `source_uid` is the project's.
"""

import datetime as dt
from decimal import Decimal

from django.db import transaction

from accounts.actions import audit
from households.choices import CENSUS_OF_ARCHIVE, Grade, Measure, PolicyType, Source
from households.models import Appraisal, AssurancePlan, House, Household, Occupancy, PolicyBenefit

# Where the family now lives is only known as not being the old place; a survey fills in the rest.
ELSEWHERE = "（异地新建）"


@transaction.atomic(savepoint=False)
def record_plan(*, by, household: Household, source_uid, measure: Measure, year: int) -> AssurancePlan:
    """How and in which year the family's unsafe home is dealt with (保障措施); the same source keeps one plan."""
    _lock(household)
    plan, _ = AssurancePlan.objects.update_or_create(
        household=household, source=Source.PROJECT, source_uid=source_uid, defaults={"measure": measure, "year": year}
    )
    audit.record(
        by=by,
        action="household.plan_recorded",
        target=plan,
        region=household,
        changes={"measure": measure, "year": year},
    )
    return plan


@transaction.atomic(savepoint=False)
def complete_plan(*, by, household: Household, source_uid) -> AssurancePlan | None:
    """The plan of that source is carried out: the home is safe (是否已保障); None when there was no plan."""
    _lock(household)
    plan = AssurancePlan.objects.filter(household=household, source=Source.PROJECT, source_uid=source_uid).first()
    if plan is None or plan.is_assured:
        return plan
    plan.is_assured = True
    plan.save(update_fields=["is_assured"])
    audit.record(
        by=by,
        action="household.plan_completed",
        target=plan,
        region=household,
        changes={"is_assured": [False, True]},
    )
    return plan


@transaction.atomic(savepoint=False)
def record_new_house_facts(*, by, household: Household, house: House, facts: dict, evidence_on: dt.date) -> House:
    """Write what the finished house is like and answer with the house the family lives in from now on.

    `facts`: structure_archive, building_area (m²), floors (None: not told), era ("" or absent: as before),
    is_elsewhere (异地新建, 房屋置换: a house of its own), is_old_demolished. A house rebuilt on the spot stays one row.
    """
    _lock(household)
    if facts.get("is_elsewhere"):
        house = _move(household, house, facts, evidence_on)
    house = House.objects.select_for_update().get(pk=house.pk)
    if house.evidence_on is not None and evidence_on < house.evidence_on:
        return house
    _take_facts(house, facts)
    house.evidence_on = evidence_on
    house.save()
    changes = {name: getattr(house, name) for name in ("structure_archive", "building_area", "floors")}
    audit.record(by=by, action="house.facts_recorded", target=house, region=household, changes=changes)
    return house


def _take_facts(house: House, facts: dict) -> None:
    archive = facts["structure_archive"]
    if house.structure_archive != archive:
        # A survey described the walls that are gone.
        house.structure_census = CENSUS_OF_ARCHIVE[archive]
    house.structure_archive = archive
    house.structure_census = house.structure_census or CENSUS_OF_ARCHIVE[archive]
    house.building_area = facts["building_area"]
    house.floors = facts.get("floors") or house.floors
    house.era = facts.get("era") or house.era


def _move(household: Household, old: House, facts: dict, moved_on: dt.date) -> House:
    """The family's new house, the old one left (and pulled down); a repeated call finds the move done."""
    current = Occupancy.objects.select_related("house").filter(household=household, is_current=True).first()
    if current is not None and current.house_id != old.pk:
        return current.house
    if current is not None:
        current.is_current, current.until = False, moved_on
        current.save(update_fields=["is_current", "until"])
    if facts.get("is_old_demolished"):
        House.objects.filter(pk=old.pk).update(demolished_on=moved_on)
    new = House(address=old.address[: 200 - len(ELSEWHERE)] + ELSEWHERE)
    new.bind_region(old.region)
    new.save()
    Occupancy.objects.create(household=household, house=new, since=moved_on)
    return new


@transaction.atomic(savepoint=False)
def record_completion_appraisal(
    *, by, household: Household, house: House, source_uid, accepted_on: dt.date
) -> Appraisal:
    """The verdict of the 竣工验收: A, from the day of acceptance, with the project as its source (domain §2.4)."""
    values = {"house": house, "household": household, "grade": Grade.A, "recorded_by": by}
    appraisal, is_new = Appraisal.objects.get_or_create(
        source=Source.PROJECT, source_uid=source_uid, appraised_on=accepted_on, defaults=values
    )
    if is_new:
        audit.record(
            by=by, action="house.appraised", target=appraisal, region=household, changes={"grade": appraisal.grade}
        )
    return appraisal


@transaction.atomic(savepoint=False)
def record_renovation_benefit(
    *, by, household: Household, source_uid, benefit_on: dt.date, amount: Decimal | None
) -> PolicyBenefit:
    """The government's money for this renovation, in 元, by month; no money from anybody is no amount."""
    values = {"household": household, "benefit_on": benefit_on.replace(day=1), "amount": amount or None}
    benefit, _ = PolicyBenefit.objects.update_or_create(
        source=Source.PROJECT, source_uid=source_uid, policy_type=PolicyType.RENOVATION, defaults=values
    )
    audit.record(by=by, action="household.benefit_recorded", target=household, region=household)
    return benefit


def _lock(household: Household) -> None:
    """One writer at a time for a family's plans and houses."""
    Household.objects.select_for_update().get(pk=household.pk)
