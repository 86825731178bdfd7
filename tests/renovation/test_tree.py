"""A division changes while people work: claims, craftsmen and open cases follow (fault F22)."""

import pytest

from accounts.models import AuditEntry, Message
from common.errors import Refusal
from households.models import Claim
from regions.actions.edits import propose, publish_children
from regions.models import Region
from renovation.actions.reminders import in_words
from renovation.choices import CaseState
from renovation.models import Case, CaseNode
from tests.factories.accounts import make_office, make_user
from tests.factories.renovation import make_case, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


def test_a_merged_village_takes_claims_and_cases_along(world):
    case = make_case(world, CaseState.PENDING_APPRAISAL)
    old, new = world.village, world.regions["990101100202"]
    propose(kind="merge", parent=old.parent, by=world.officer, region=old, target=new)
    publish_children(parent=old.parent, by=world.officer)
    claim = Claim.objects.get(pk=case.claim_id)
    assert (claim.home_region, claim.region_key) == (new, new.key)
    assert Case.objects.get(pk=case.pk).region == new


def test_a_moved_village_brings_its_open_cases_to_the_new_township(world):
    case = make_case(world, CaseState.PENDING_REVIEW)
    township = world.regions["990101200000"]
    office = make_office(township)
    propose(kind="move", parent=world.village.parent, by=world.officer, region=world.village, target=township)
    publish_children(parent=world.village.parent, by=world.officer)
    case = Case.objects.get(pk=case.pk)
    village = Region.objects.get(pk=world.village.pk)
    assert case.office == office
    assert case.region_key == village.key == Claim.objects.get(pk=case.claim_id).region_key
    assert CaseNode.objects.get(case=case, handled_at__isnull=True).office_name == office.name


def test_the_new_office_is_told_and_the_trail_says_from_whom(world):
    cases = [make_case(world, CaseState.PENDING_REVIEW) for _ in range(2)]
    township = world.regions["990101200000"]
    clerk = make_user(region=township)
    propose(kind="move", parent=world.village.parent, by=world.officer, region=world.village, target=township)
    publish_children(parent=world.village.parent, by=world.officer)
    told = {message.link: message.text for message in Message.objects.filter(recipient=clerk.uid)}
    assert len(told) == len(cases)
    for case in cases:
        due = in_words(CaseNode.objects.get(case=case, handled_at=None).due_on)
        (text,) = [text for link, text in told.items() if str(case.uid) in link]
        assert text == f"行政区划调整，工单{case.number}转由本单位办理，请于{due}前处理。"
        row = AuditEntry.objects.get(action="case.office_changed", target_id=str(case.pk))
        assert row.changes == {"office": ["石桥镇住建部门", "松林乡住建部门"]}
        assert row.actor == world.officer


def test_a_village_with_an_open_case_or_a_home_in_it_is_not_closed(world):
    case = make_case(world, CaseState.PENDING_ACCEPTANCE)
    with pytest.raises(Refusal, match="1人登记的住址；本区划下有1件未办结工单"):
        propose(kind="close", parent=world.village.parent, by=world.officer, region=world.village)
    elsewhere = world.regions["990101100202"]
    Claim.objects.filter(pk=case.claim_id).update(home_region=elsewhere, region_key=elsewhere.key)
    with pytest.raises(Refusal, match="[：；]本区划下有1件未办结工单"):
        propose(kind="close", parent=world.village.parent, by=world.officer, region=world.village)


def test_a_county_step_stays_with_the_county_when_a_village_moves_inside_it(world):
    case = make_case(world, CaseState.PENDING_ACCEPTANCE)
    township = world.regions["990101200000"]
    propose(kind="move", parent=world.village.parent, by=world.officer, region=world.village, target=township)
    publish_children(parent=world.village.parent, by=world.officer)
    assert Case.objects.get(pk=case.pk).office == world.officer.office
