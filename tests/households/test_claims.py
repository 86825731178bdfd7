"""Claims: what a phone asserts, who proves it, and what nobody learns on the way (decisions 17, 18, 25)."""

from datetime import timedelta

import pytest

from accounts.models import Message
from common.clock import freeze, now
from common.errors import Refusal
from households.actions import claims
from households.choices import ClaimState
from households.middleware import scope_of
from households.models import Claim, Person
from households.queries import claims_to_confirm
from renovation.actions.moves import perform_move
from renovation.models import Case
from tests.factories.accounts import make_phone_account
from tests.factories.people import make_id_number
from tests.factories.renovation import make_case, make_draft, make_villager, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


def claim_on(account, village, id_number, name="石大山"):
    return claims.claim_identity(by=account, name=name, id_number=id_number, home_region=village, home_address="1组")


def test_a_phone_holds_six_persons_and_no_seventh(world):
    account = make_phone_account()
    for _ in range(6):
        claim_on(account, world.village, make_id_number())
    with pytest.raises(Refusal, match="最多登记6人"):
        claim_on(account, world.village, make_id_number())


def test_the_same_person_twice_on_one_phone_is_refused(world):
    account, number = make_phone_account(), make_id_number()
    claim_on(account, world.village, number)
    with pytest.raises(Refusal, match="已在您的手机号下登记"):
        claim_on(account, world.village, number)


def test_a_claim_does_not_tell_whether_the_id_is_known(world):
    known = make_case(world, "pending_appraisal")
    claim = claim_on(make_phone_account(), world.village, known.applicant_id_number, name="另一人")
    assert claim.state == ClaimState.CLAIMED
    assert claim.person is None
    assert not Case.objects.visible_to(acting(claim)).exists()


def acting(claim):
    account = claim.account
    account.act_as(scope_of(claim))
    return account


def test_confirming_one_claim_sends_the_others_to_the_village(world):
    number = make_id_number()
    first, second = (claim_on(make_phone_account(), world.village, number) for _ in range(2))
    claims.confirm_claim(claim=second, by=world.cadre)
    first.refresh_from_db()
    assert first.state == ClaimState.SUPERSEDED
    assert Message.objects.filter(recipient=first.uid, text__contains="村委会").exists()
    assert Person.objects.get().pk == Claim.objects.get(pk=second.pk).person_id


def test_confirming_twice_changes_nothing(world):
    claim = claim_on(make_phone_account(), world.village, make_id_number())
    claims.confirm_claim(claim=claim, by=world.cadre)
    claims.confirm_claim(claim=claim, by=world.township_officer)
    claim.refresh_from_db()
    assert claim.confirmed_by == world.cadre


def test_a_proven_person_sees_what_another_phone_filed(world):
    case = make_case(world, "pending_appraisal")
    later = claim_on(make_phone_account(), world.village, case.applicant_id_number, name=case.applicant_name)
    assert not Case.objects.visible_to(acting(later)).exists()
    later = claims.confirm_claim(claim=later, by=world.cadre)
    assert Case.objects.visible_to(acting(later)).get() == case


def test_a_year_of_silence_shuts_old_records(world):
    villager = make_villager(world.village)
    case = make_case(world, "pending_appraisal", villager=villager)
    claim = Claim.objects.get(pk=villager.claim.pk)
    with freeze(now() + timedelta(days=366)):
        assert scope_of(claim).person_id is None
        claim = claims.touch(claim)
        assert claim.state == ClaimState.CLAIMED
    assert case in Case.objects.visible_to(acting(claim))  # what the phone entered itself stays readable


def test_a_cadre_sees_the_claims_of_the_own_village_only(world):
    mine = claim_on(make_phone_account(), world.village, make_id_number())
    claim_on(make_phone_account(), world.regions["990101100202"], make_id_number())
    assert list(claims_to_confirm(world.cadre)) == [mine]


def test_filing_for_somebody_proves_the_persons_own_claim_when_the_phone_agrees(world):
    own = claim_on(make_phone_account(), world.village, make_id_number())
    made = claims.claim_for_other(
        by=world.cadre,
        name=own.name,
        id_number=own.id_number,
        phone=own.phone,
        home_region=world.village,
        home_address="1组",
    )
    assert made.pk == own.pk
    assert made.is_confirmed


def test_a_phone_joins_the_claim_a_cadre_proved(world):
    account, number = make_phone_account(), make_id_number()
    met = claims.claim_for_other(
        by=world.cadre,
        name="石大山",
        id_number=number,
        phone=account.phone,
        home_region=world.village,
        home_address="1组",
    )
    joined = claim_on(account, world.village, number)
    assert joined.pk == met.pk
    assert joined.is_confirmed


@pytest.mark.parametrize("pin", ["12", "12a4", "１２３４", "12345"])
def test_a_pin_is_four_digits(world, pin):
    claim = claim_on(make_phone_account(), world.village, make_id_number())
    with pytest.raises(Refusal, match="4位数字"):
        claims.set_pin(claim=claim, pin=pin, by=claim.account)


def test_a_pin_shuts_and_opens(world):
    claim = claim_on(make_phone_account(), world.village, make_id_number())
    claims.set_pin(claim=claim, pin="2580", by=claim.account)
    assert claims.pin_opens(claim, "2580")
    assert not claims.pin_opens(claim, "0000")
    claims.set_pin(claim=claim, pin="", by=claim.account)
    assert claims.pin_opens(claim, "")


def test_another_person_of_the_same_phone_sees_no_draft(world):
    villager = make_villager(world.village)
    draft = make_draft(villager, world.village)
    other = claim_on(villager, world.village, make_id_number(), name="云小溪")
    villager.act_as(scope_of(other))
    assert not Case.objects.visible_to(villager).exists()
    with pytest.raises(Refusal, match="没有找到"):
        perform_move(draft, "submit", by=villager)
