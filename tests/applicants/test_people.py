"""Persons of a phone: real-name data, tapping a name, the PIN, and the doors between them (decisions 17, 18)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Consent
from common.clock import freeze, now
from households.actions.claims import claim_identity, confirm_claim
from households.actions.pins import set_pin
from households.choices import ClaimState
from households.models import Claim
from tests.applicants.conftest import browser_of
from tests.factories.accounts import make_phone_account
from tests.factories.people import make_id_number
from tests.factories.renovation import make_case, make_draft, make_villager

pytestmark = pytest.mark.django_db
PEOPLE = "applicants:people"


def person(world, **changed) -> dict:
    answers = {
        "name": "张石山",
        "id_number": make_id_number(),
        "home_region": world.village.pk,
        "home_address": "3组",
        "consent": "on",
    }
    return answers | changed


@pytest.fixture
def account(world):
    return make_phone_account()


def test_a_new_phone_is_asked_for_real_name_data_once(world, account):
    client = browser_of(account)
    wanted = f"?next={reverse('applicants:apply')}"
    assert client.get(reverse(PEOPLE) + wanted).url == reverse("applicants:person_new") + "?next=%2Fapply%2F"
    answer = client.post(reverse("applicants:person_new"), person(world, next="/apply/"))
    assert answer.url == "/apply/"
    claim = Claim.objects.get(account=account)
    assert client.get(reverse("applicants:me")).status_code == 200
    assert Consent.objects.get().who == claim.uid
    assert claim.id_number not in client.get(reverse("applicants:me")).content.decode()


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("name", "Zhang", "姓名格式不正确"),
        ("id_number", "99010119520314001", "身份证号格式不正确，请核对"),
        ("consent", "", "请先阅读，同意的请打勾"),
        ("home_address", "", "请填写详细住址"),
        ("home_region", "", "请选择家庭住址"),
    ],
)
def test_real_name_data_with_a_mistake_is_kept_as_typed(world, account, field, typed, message):
    client = browser_of(account)
    answers = person(world, **{field: typed})
    page = client.post(reverse("applicants:person_new"), answers).content.decode()
    assert message in page and "<title>错误：" in page
    assert all(answers[name] in page for name in ("name", "id_number", "home_address"))
    assert not Claim.objects.exists()


@pytest.mark.parametrize("typed", ["{} {} {}", "{}-{}-{}", "　{}{}{}　"])
def test_id_numbers_are_understood_as_people_write_them(world, account, typed):
    number = make_id_number()
    answers = person(world, id_number=typed.format(number[:6], number[6:14], number[14:].lower()))
    assert browser_of(account).post(reverse("applicants:person_new"), answers).status_code == 302
    assert Claim.objects.get().id_number == number


@pytest.mark.django_db(transaction=True)  # a refusal ends the whole transaction, as it does outside tests
def test_a_phone_holds_six_persons(world, account):
    client = browser_of(account)
    for _ in range(6):
        assert client.post(reverse("applicants:person_new"), person(world)).status_code == 302
    assert "最多登记6人" in client.post(reverse("applicants:person_new"), person(world)).content.decode()
    assert "新增一位家人" not in client.get(reverse(PEOPLE)).content.decode()


def test_every_page_of_a_person_asks_for_the_name_first(world, villager):
    client = Client()
    client.force_login(villager)
    for name in ("apply", "cases", "me", "notice", "my_pin"):
        path = reverse(f"applicants:{name}")
        assert client.get(path).url.startswith(reverse(PEOPLE) + "?next=")
    page = client.get(reverse(PEOPLE)).content.decode()
    assert villager.claim.name in page and villager.claim.id_number not in page
    answer = client.post(reverse(PEOPLE), {"person": villager.claim.uid, "next": "/cases/"})
    assert answer.url == "/cases/" and client.get("/cases/").status_code == 200


@pytest.mark.parametrize("who", ["", "not-a-uuid", "stranger"])
def test_only_persons_of_this_phone_can_be_tapped(world, villager, who):
    client = browser_of(villager)
    uid = make_villager(world.village).claim.uid if who == "stranger" else who
    assert client.post(reverse(PEOPLE), {"person": uid}).url == reverse(PEOPLE)
    if who == "stranger":
        assert client.get(reverse("applicants:person_pin", args=[uid])).status_code == 404


def test_next_never_leads_off_the_site(villager):
    answer = browser_of(villager).post(
        reverse(PEOPLE), {"person": villager.claim.uid, "next": "https://evil.example.com/"}
    )
    assert answer.url == reverse("applicants:home")


def test_a_protected_person_opens_with_the_four_digits(villager):
    set_pin(claim=villager.claim, pin="2580", by=villager)
    client = Client()
    client.force_login(villager)
    pin = reverse("applicants:person_pin", args=[villager.claim.uid])
    assert client.post(reverse(PEOPLE), {"person": villager.claim.uid}).url == pin
    page = client.post(pin, {"pin": "1111"}).content.decode()
    assert "还可以再试4次" in page and "<title>错误：" in page
    assert client.get("/cases/").status_code == 302
    assert client.post(pin, {"pin": "2580", "next": "/cases/"}).url == "/cases/"
    assert client.get("/cases/").status_code == 200


def test_wrong_pins_are_counted_across_names_and_logins(world, villager):
    """Tapping one's own unprotected name between the guesses, or logging in anew, gives no new guesses."""
    set_pin(claim=villager.claim, pin="2580", by=villager)
    own = claim_identity(
        by=villager, name="王小花", id_number=make_id_number(), home_region=world.village, home_address="3组"
    )
    pin = reverse("applicants:person_pin", args=[villager.claim.uid])
    for _ in range(5):
        client = Client()
        client.force_login(villager)
        client.post(reverse(PEOPLE), {"person": own.uid})
        page = client.post(pin, {"pin": "1111"}).content.decode()
    assert "输错次数过多，请15分钟后再试" in page
    assert "输错次数过多" in client.post(pin, {"pin": "2580"}).content.decode()
    with freeze(now() + timedelta(minutes=16)):
        assert client.post(pin, {"pin": "2580", "next": "/cases/"}).url == "/cases/"


def test_a_name_unused_for_a_year_leads_to_the_village(world, villager):
    """Phone numbers are recycled: whoever has the number now gets neither the records nor the PIN page."""
    make_case(world, "pending_appraisal", villager=villager)
    set_pin(claim=villager.claim, pin="2580", by=villager)
    stale = now() - timedelta(days=366)
    Claim.objects.filter(pk=villager.claim.pk).update(last_seen_at=stale)
    client = browser_of(villager)
    assert client.get("/cases/").url.startswith(reverse(PEOPLE))
    pin = reverse("applicants:person_pin", args=[villager.claim.uid])
    for answer in (client.post(reverse(PEOPLE), {"person": villager.claim.uid}), client.post(pin, {"pin": "2580"})):
        page = answer.content.decode()
        assert "请到村委会当面核对" in page and "0999-1234567" in page
        assert client.get("/cases/").url.startswith(reverse(PEOPLE))
    claim = Claim.objects.get(pk=villager.claim.pk)
    assert (claim.state, claim.person, claim.last_seen_at) == (ClaimState.CLAIMED, None, stale)


def test_the_pin_is_set_changed_and_taken_away(villager, phone):
    mine = reverse("applicants:my_pin")
    assert "和上面不一样" in phone.post(mine, {"pin": "1234", "repeated": "1235"}).content.decode()
    phone.post(mine, {"pin": "1234", "repeated": "1234"})
    assert Claim.objects.get(pk=villager.claim.pk).pin_hash
    phone.post(mine, {"remove": "1"})
    assert not Claim.objects.get(pk=villager.claim.pk).pin_hash


def test_a_superseded_person_is_sent_to_the_village(world, villager, phone):
    draft = make_draft(villager, world.village)
    rival = make_villager(world.village, id_number=villager.claim.id_number)
    confirm_claim(claim=rival.claim, by=world.cadre)
    check = reverse("applicants:check", args=[draft.uid])
    assert phone.get(check).url == phone.post(check, {}).url == reverse("applicants:apply")
    assert "当面核对" in phone.get(reverse("applicants:apply")).content.decode()
    assert "当面核对" in phone.get(reverse("applicants:me")).content.decode()


def test_persons_of_one_phone_do_not_see_each_others_cases(world, villager):
    case = make_case(world, villager=villager)
    wife = claim_identity(
        by=villager, name="王小花", id_number=make_id_number(), home_region=world.village, home_address="3组"
    )
    page = reverse("applicants:case", args=[case.uid])
    assert browser_of(villager).get(page).status_code == 200
    assert browser_of(villager, wife).get(page).status_code == 404
    assert case.number not in browser_of(villager, wife).get(reverse("applicants:cases")).content.decode()
