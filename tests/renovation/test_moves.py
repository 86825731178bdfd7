"""The door for state: what each move leaves behind, and whom it turns away (domain §4.2)."""

from datetime import datetime

import pytest

from accounts.models import AuditEntry, Message
from common.clock import freeze
from common.errors import Refusal
from households.models import (
    Appraisal,
    Attachment,
    House,
    Household,
    HouseholdCategory,
    Occupancy,
    Person,
    PolicyBenefit,
)
from renovation.actions.moves import perform_move
from renovation.choices import CaseState
from renovation.forms import AppraisalForm
from renovation.models import Case, CaseEvent, CaseNode
from tests.factories.renovation import (
    acceptance,
    appraisal,
    attach_appraisal,
    make_case,
    make_draft,
    make_villager,
    make_world,
    take_step,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


def test_submit_gives_number_due_date_and_messages(world):
    case = make_case(world)
    assert len(case.number) == 18
    assert case.number.startswith("990101")
    assert case.office == world.officer.office
    assert case.due_at is not None
    kinds = set(Message.objects.filter(recipient=case.claim.uid).values_list("kind", flat=True))
    assert "N01" in kinds
    assert Message.objects.filter(recipient=world.officer.uid, kind="N02").count() == 1
    assert AuditEntry.objects.filter(action="case.submit").count() == 1


@pytest.mark.parametrize("state", [one for one in CaseState.values if one != CaseState.DRAFT])
def test_every_state_is_reached_with_one_event_a_move(world, state):
    case = make_case(world, state)
    case = Case.objects.get(pk=case.pk)
    assert case.state == state
    events = list(CaseEvent.objects.filter(case=case))
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert events[-1].to_state == state
    assert case.is_open == CaseNode.objects.filter(case=case, handled_at__isnull=True).exists()


def test_accept_enters_person_household_and_proves_the_claim(world):
    case = make_case(world, CaseState.PENDING_APPRAISAL)
    case.claim.refresh_from_db()
    assert Person.objects.count() == 1
    assert Household.objects.count() == 1
    assert case.claim.is_confirmed
    assert case.claim.person == case.person
    assert HouseholdCategory.objects.get().household == case.household
    assert not PolicyBenefit.objects.exists()


def test_accept_with_earlier_policy_records_the_benefit(world):
    answers = acceptance(
        had_policy="true", policy_date="2015-06", policy_amount="20000", reentry_reason="2024年地震后再次变为危房"
    )
    take_step(make_case(world), by=world.officer, answers=answers)
    assert PolicyBenefit.objects.get().amount == 20000


@pytest.mark.parametrize("grade", ["A", "B", "C", "D"])
def test_appraisal_writes_the_house_and_ends_or_goes_on(world, grade):
    case = make_case(world, CaseState.PENDING_APPRAISAL)
    attach_appraisal(case, by=world.officer)
    case = take_step(case, by=world.officer, answers=appraisal(grade=grade))
    assert Appraisal.objects.get().grade == grade
    assert case.is_open == (grade in "CD")
    if case.is_open:
        assert case.office == world.township_officer.office


def test_appraisal_without_the_sheet_is_refused(world):
    case = make_case(world, CaseState.PENDING_APPRAISAL)
    with pytest.raises(Refusal, match="请上传鉴定表"):
        take_step(case, by=world.officer, answers=appraisal())


def test_a_stranger_finds_no_case(world):
    case = make_case(world)
    with pytest.raises(Refusal, match="没有找到"):
        perform_move(case, "accept", by=world.stranger)


@pytest.mark.parametrize("who", ["township_officer", "cadre"])
def test_another_level_may_not_handle(world, who):
    case = make_case(world)
    with pytest.raises(Refusal, match="没有办理此环节的权限"):
        perform_move(case, "refuse", by=getattr(world, who))


def test_second_open_case_of_one_person_is_refused(world):
    villager = make_villager(world.village)
    first = make_case(world, villager=villager)
    with pytest.raises(Refusal, match=first.number):
        perform_move(make_draft(villager, world.village), "submit", by=villager)


def test_somebody_elses_claim_on_the_same_id_learns_no_number(world):
    first = make_case(world)
    other = make_villager(world.village, id_number=first.applicant_id_number)
    with pytest.raises(Refusal) as refused:
        perform_move(make_draft(other, world.village), "submit", by=other)
    assert first.number not in refused.value.message
    assert "村委会" in refused.value.message


def test_the_later_of_two_officers_is_told_who_was_first(world):
    case = make_case(world)
    seen = case.version
    take_step(case, by=world.officer, answers=acceptance())
    with pytest.raises(Refusal, match=world.officer.display_name):
        perform_move(case, "refuse", by=world.officer, version=seen)


def test_withdrawn_case_forgets_its_position(world):
    villager = make_villager(world.village)
    case = make_case(world, villager=villager, lon="102.1", lat="25.1", crs="WGS-84")
    perform_move(case, "withdraw", by=villager)
    case = Case.objects.get(pk=case.pk)
    assert case.state == CaseState.WITHDRAWN
    assert case.lon is None
    assert case.closed_at


def test_a_safe_house_keeps_no_position(world):
    case = make_case(world, CaseState.PENDING_APPRAISAL, lon="102.1", lat="25.1", crs="WGS-84")
    Attachment.objects.filter(owner_uid=case.uid).update(lon="102.1", lat="25.1")
    attach_appraisal(case, by=world.officer)
    case = take_step(case, by=world.officer, answers=appraisal(grade="A"))
    assert case.lon is None
    assert not Attachment.objects.filter(owner_uid=case.uid, lon__isnull=False).exists()


def test_a_verdict_on_another_house_leaves_the_known_one_alone(world):
    villager = make_villager(world.village)
    make_case(world, CaseState.APPRAISAL_FAILED, villager=villager)
    known = House.objects.get()
    second = make_draft(villager, world.village)
    second.house_address = "7组3号"
    second.save()
    second = perform_move(second, "submit", by=villager).case
    second = take_step(second, by=world.officer, answers=acceptance())
    attach_appraisal(second, by=world.officer)
    take_step(second, by=world.officer, answers=appraisal(era="6"))
    assert House.objects.get(pk=known.pk).era == known.era
    assert Occupancy.objects.get(is_current=True).house.address == "7组3号"


def test_nothing_invisible_reaches_the_applicant(world):
    case = take_step(make_case(world), by=world.officer, answers=acceptance(opinion="同意\u202e受理\u200b"))
    assert CaseEvent.objects.get(case=case, move="accept").opinion == "同意受理"


def test_the_five_years_of_an_appraisal_count_from_the_local_day(world):
    with freeze(datetime(2026, 11, 23, 2, 0)):
        case = make_case(world, CaseState.PENDING_APPRAISAL)
        attach_appraisal(case, by=world.officer)
        form = AppraisalForm(appraisal(appraised_on="2021-11-22"), instance=Case.objects.get(pk=case.pk))
        assert "appraised_on" in form.errors
