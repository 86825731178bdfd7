"""A division changes while people work: claims, craftsmen and open cases follow (fault F22)."""

import pytest

from households.models import Claim
from regions.actions.edits import propose, publish_children
from regions.models import Region
from renovation.choices import CaseState
from renovation.models import Case, CaseNode
from tests.factories.accounts import make_office
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


def test_a_county_step_stays_with_the_county_when_a_village_moves_inside_it(world):
    case = make_case(world, CaseState.PENDING_ACCEPTANCE)
    township = world.regions["990101200000"]
    propose(kind="move", parent=world.village.parent, by=world.officer, region=world.village, target=township)
    publish_children(parent=world.village.parent, by=world.officer)
    assert Case.objects.get(pk=case.pk).office == world.officer.office
