"""Claims: what a phone asserts, who proves it, and what nobody learns on the way (decisions 17, 18, 25)."""

from datetime import timedelta

import pytest
from django.db import transaction

from accounts.models import AuditEntry, Message
from common.clock import freeze, now
from common.errors import Refusal
from households.actions import claims, pins
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


def test_the_same_person_twice_on_one_phone_is_one_claim(world):
    account, number = make_phone_account(), make_id_number()
    claim = claim_on(account, world.village, number)
    assert claim_on(account, world.village, number) == claim
    with pytest.raises(Refusal, match="已在您的手机号下登记"):
        claim_on(account, world.village, number, name="石小山")


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
        for _ in range(2):
            assert not claims.touch(claim=claim, by=villager)
            claim.refresh_from_db()
            assert (claim.state, claim.person) == (ClaimState.CLAIMED, None)
            assert not Case.objects.visible_to(acting(claim)).exists()
        assert AuditEntry.objects.filter(action="claim.lapsed").count() == 1
        claim = claims.confirm_claim(claim=claim, by=world.cadre)
        assert claims.touch(claim=claim, by=villager)
        assert Case.objects.visible_to(acting(claim)).get() == case


def test_acceptance_does_not_overrule_somebody_who_was_met(world):
    """The takeover: a second phone claims the ID of a person the village has met, applies, and is accepted."""
    number = make_id_number()
    owner = claims.confirm_claim(claim=claim_on(make_phone_account(), world.village, number), by=world.cadre)
    intruder = make_villager(world.village, id_number=number)
    case = make_case(world, "pending_appraisal", villager=intruder)
    owner.refresh_from_db()
    second = Claim.objects.get(pk=intruder.claim.pk)
    assert (owner.state, second.state) == (ClaimState.CONFIRMED, ClaimState.CLAIMED)
    assert scope_of(second).person_id is None
    assert Case.objects.visible_to(acting(second)).get() == case


def test_acceptance_proves_an_unrivalled_claim_but_no_stale_one(world):
    villager = make_villager(world.village)
    assert make_case(world, "pending_appraisal", villager=villager).claim.pk == villager.claim.pk
    assert Claim.objects.get(pk=villager.claim.pk).is_confirmed
    silent = make_villager(world.village).claim
    Claim.objects.filter(pk=silent.pk).update(last_seen_at=now() - timedelta(days=366))
    assert not claims.confirm_on_paper(claim=silent, by=world.officer).is_confirmed


def test_a_superseded_claim_submits_nothing(world):
    villager = make_villager(world.village)
    draft = make_draft(villager, world.village)
    rival = claim_on(make_phone_account(), world.village, villager.claim.id_number)
    claims.confirm_claim(claim=rival, by=world.cadre)
    with pytest.raises(Refusal, match="请携带身份证到村委会办理"):
        perform_move(draft, "submit", by=villager)


def test_a_new_phone_replaces_the_lost_one_and_the_old_is_told(world):
    number = make_id_number()
    lost, new = (claim_on(make_phone_account(), world.village, number) for _ in range(2))
    claims.confirm_claim(claim=lost, by=world.cadre)
    assert claims.confirm_claim(claim=new, by=world.cadre).is_confirmed
    lost.refresh_from_db()
    assert lost.state == ClaimState.SUPERSEDED
    assert Message.objects.filter(recipient=lost.uid, text__contains="已用另一手机号当面核对").exists()
    changes = AuditEntry.objects.get(action="claim.superseded", target_id=lost.pk).changes
    assert changes["claim"] == [str(lost.uid), str(new.uid)]
    assert changes["state"] == ["confirmed", "superseded"]


def test_a_village_does_not_overrule_another_county_but_a_township_does(world):
    number = make_id_number()
    there, here = (claim_on(make_phone_account(), world.village, number) for _ in range(2))
    claims.confirm_claim(claim=there, by=world.stranger)
    with pytest.raises(Refusal, match="请本人携带身份证到乡镇办理"), transaction.atomic():
        claims.confirm_claim(claim=here, by=world.cadre)
    assert claims.confirm_claim(claim=here, by=world.township_officer).is_confirmed


def test_superseded_claims_wait_for_the_village_too(world):
    number = make_id_number()
    first, second = (claim_on(make_phone_account(), world.village, number) for _ in range(2))
    claims.confirm_claim(claim=second, by=world.cadre)
    assert list(claims_to_confirm(world.cadre)) == [first]


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


def test_a_phone_joins_neither_another_name_nor_an_old_proof(world):
    account, number = make_phone_account(), make_id_number()
    fields = {"by": world.cadre, "id_number": number, "phone": account.phone, "home_region": world.village}
    met = claims.claim_for_other(**fields, name="石大山", home_address="1组")
    assert claim_on(account, world.village, number, name="云小溪").state == ClaimState.CLAIMED
    Claim.objects.filter(account=account).delete()
    Claim.objects.filter(pk=met.pk).update(last_seen_at=now() - timedelta(days=366))
    assert claim_on(account, world.village, number).state == ClaimState.CLAIMED


@pytest.mark.parametrize("pin", ["12", "12a4", "１２３４", "12345"])
def test_a_pin_is_four_digits(world, pin):
    claim = claim_on(make_phone_account(), world.village, make_id_number())
    with pytest.raises(Refusal, match="4位数字"):
        pins.set_pin(claim=claim, pin=pin, by=claim.account)


def test_a_pin_shuts_and_opens(world):
    claim = claim_on(make_phone_account(), world.village, make_id_number())
    pins.set_pin(claim=claim, pin="2580", by=claim.account)
    assert tries(claim, "2580", "0000") == [True, False]
    pins.set_pin(claim=claim, pin="", by=claim.account)
    assert tries(claim, "") == [True]


def tries(claim, *typed):
    return [pins.try_pin(claim=claim, pin=pin, by=claim.account).opens for pin in typed]


def test_five_wrong_pins_shut_for_a_time_that_doubles(world):
    claim = claim_on(make_phone_account(), world.village, make_id_number())
    pins.set_pin(claim=claim, pin="2580", by=claim.account)
    moment, pauses = now(), []
    for _ in range(9):
        with freeze(moment):
            outcomes = [pins.try_pin(claim=claim, pin="0000", by=claim.account) for _ in range(5)]
            assert [one.left for one in outcomes] == [4, 3, 2, 1, 0]
            assert tries(claim, "2580") == [False], "during the pause even the right digits are not asked"
            pauses.append(int((outcomes[-1].locked_until - moment).total_seconds() / 60))
        moment = outcomes[-1].locked_until
    assert pauses == [15, 30, 60, 120, 240, 480, 960, 1440, 1440]
    assert AuditEntry.objects.filter(action="claim.pin_locked").count() == 9
    assert AuditEntry.objects.filter(action="claim.pin_wrong").count() == 36
    with freeze(moment):
        assert tries(claim, "2580") == [True]
    claim.refresh_from_db()
    assert claim.pin_failures == 0


def test_another_person_of_the_same_phone_sees_no_draft(world):
    villager = make_villager(world.village)
    draft = make_draft(villager, world.village)
    other = claim_on(villager, world.village, make_id_number(), name="云小溪")
    villager.act_as(scope_of(other))
    assert not Case.objects.visible_to(villager).exists()
    with pytest.raises(Refusal, match="没有找到"):
        perform_move(draft, "submit", by=villager)
