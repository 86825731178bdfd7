"""What a renovation leaves in the ledger (domain §2.3, §2.4): written once, and newer evidence wins."""

import datetime as dt
from decimal import Decimal
from uuid import uuid4

import pytest

from accounts.models import AuditEntry
from households.actions import ledger, outcomes
from households.choices import Era, Measure, Source, StructureArchive, StructureCensus
from households.models import Appraisal, AssurancePlan, House, Occupancy, PolicyBenefit
from tests.factories.accounts import make_user
from tests.factories.people import make_id_number
from tests.factories.regions import make_tree

SOURCE = uuid4()
ACCEPTED = dt.date(2026, 9, 15)
FINISHED = {"structure_archive": StructureArchive.BRICK_CONCRETE, "building_area": Decimal("58.5"), "floors": 1}


@pytest.fixture
def regions(db):
    return make_tree()


@pytest.fixture
def by(regions):
    return make_user("county", region=regions["990101000000"])


@pytest.fixture
def household(regions, by):
    head = ledger.find_or_create_person(by=by, name="张石山", id_number=make_id_number())
    return ledger.ensure_household(by=by, head=head, region=regions["990101100201"])


@pytest.fixture
def house(household):
    """The old house, appraised in May; a survey said what it is made of."""
    house = ledger.ensure_house(household=household, region=household.region, address="3组12号")
    house.structure_archive, house.structure_census = StructureArchive.ADOBE, StructureCensus.MIXED
    house.era, house.evidence_on = Era.UP_TO_1980, dt.date(2026, 5, 20)
    house.building_area = Decimal(80)
    house.save()
    return house


def plan(household, by, **changed) -> AssurancePlan:
    values = {"household": household, "source_uid": SOURCE, "measure": Measure.RENOVATION, "year": 2026}
    return outcomes.record_plan(by=by, **{**values, **changed})


def finish(household, house, by, evidence_on=ACCEPTED, **facts) -> House:
    return outcomes.record_new_house_facts(
        by=by, household=household, house=house, facts={**FINISHED, **facts}, evidence_on=evidence_on
    )


def test_a_source_has_one_plan_that_is_changed_and_not_doubled(household, by):
    plan(household, by)
    plan(household, by, measure=Measure.SEISMIC, year=2027)
    (kept,) = AssurancePlan.objects.all()
    assert (kept.measure, kept.year, kept.is_assured) == (Measure.SEISMIC, 2027, False)
    plan(household, by, source_uid=uuid4())
    assert AssurancePlan.objects.count() == 2


def test_the_plan_of_the_source_is_completed_and_no_other(household, by):
    other = plan(household, by, source_uid=uuid4())
    mine = plan(household, by)
    assert outcomes.complete_plan(by=by, household=household, source_uid=SOURCE) == mine
    outcomes.complete_plan(by=by, household=household, source_uid=SOURCE)
    assert AssurancePlan.objects.get(pk=mine.pk).is_assured
    assert not AssurancePlan.objects.get(pk=other.pk).is_assured
    assert AuditEntry.objects.filter(action="household.plan_completed").count() == 1
    assert outcomes.complete_plan(by=by, household=household, source_uid=uuid4()) is None


def test_a_house_rebuilt_on_the_spot_stays_one_row_with_new_facts(household, house, by):
    kept = finish(household, house, by, era=Era.FROM_2016, is_old_demolished=True)
    assert kept == house
    assert (kept.structure_archive, kept.structure_census) == ("8", StructureCensus.MASONRY)
    assert (kept.building_area, kept.floors, kept.era) == (Decimal("58.5"), 1, Era.FROM_2016)
    assert (kept.evidence_on, kept.demolished_on) == (ACCEPTED, None)
    assert Occupancy.objects.get(household=household).is_current


def test_a_repaired_house_keeps_what_the_survey_said_of_it(household, house, by):
    kept = finish(household, house, by, structure_archive=StructureArchive.ADOBE, floors=None)
    assert (kept.structure_census, kept.era, kept.floors) == (StructureCensus.MIXED, Era.UP_TO_1980, None)


def test_older_evidence_never_overwrites_newer(household, house, by):
    kept = finish(household, house, by, evidence_on=dt.date(2026, 5, 19))
    assert (kept.structure_archive, kept.building_area) == (StructureArchive.ADOBE, Decimal(80))
    assert finish(household, house, by, evidence_on=dt.date(2026, 5, 20)).building_area == Decimal("58.5")


@pytest.mark.parametrize(("is_demolished", "gone_on"), [(True, ACCEPTED), (False, None)])
def test_a_house_built_elsewhere_is_a_house_of_its_own(household, house, by, is_demolished, gone_on):
    for _ in range(2):
        new = finish(household, house, by, is_elsewhere=True, is_old_demolished=is_demolished)
    assert new != house
    assert (new.address, new.region_key) == ("3组12号（异地新建）", house.region_key)
    assert (new.structure_census, new.building_area) == (StructureCensus.MASONRY, Decimal("58.5"))
    old = House.objects.get(pk=house.pk)
    assert (old.demolished_on, old.structure_archive) == (gone_on, StructureArchive.ADOBE)
    rows = Occupancy.objects.order_by("id").values_list("house", "is_current", "until")
    assert list(rows) == [(house.pk, False, ACCEPTED), (new.pk, True, None)]


def test_the_acceptance_is_a_verdict_of_its_own_and_the_latest(household, house, by):
    for _ in range(2):
        outcomes.record_completion_appraisal(
            by=by, household=household, house=house, source_uid=SOURCE, accepted_on=ACCEPTED
        )
    (verdict,) = Appraisal.objects.filter(household=household)
    assert (verdict.grade, verdict.appraised_on, verdict.source, verdict.house) == ("A", ACCEPTED, "project", house)


@pytest.mark.parametrize(("amount", "kept"), [(Decimal("26000.50"), Decimal("26000.50")), (Decimal(0), None)])
def test_the_benefit_is_kept_by_month_once_per_project(household, by, amount, kept):
    for _ in range(2):
        outcomes.record_renovation_benefit(
            by=by, household=household, source_uid=SOURCE, benefit_on=ACCEPTED, amount=amount
        )
    (benefit,) = PolicyBenefit.objects.all()
    assert (benefit.benefit_on, benefit.amount, benefit.source) == (dt.date(2026, 9, 1), kept, Source.PROJECT)
