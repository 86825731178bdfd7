"""身份核对 (decision 17): seen by whoever is near, confirmed with the card in front, once, masked until asked for."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, UnmaskLog
from households.actions.claims import confirm_claim
from households.actions.pins import set_pin, take_away
from households.choices import ClaimState
from households.models import Claim
from tests.factories.renovation import make_villager, make_world
from tests.renovation.pages import FULL_ID, FULL_PHONE, hidden, seen, text_of

CLAIMS = reverse("workbench:claims")


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def claim(world):
    return make_villager(world.village, "欧阳春兰").claim


def url_of(claim) -> str:
    return reverse("workbench:claim", args=[claim.uid])


@pytest.mark.parametrize("who", ["cadre", "township_officer", "officer"])
def test_village_township_and_county_see_and_confirm(world, client, claim, who):
    client.force_login(getattr(world, who))
    assert "欧阳春兰" in seen(client.get(CLAIMS))
    page = client.get(url_of(claim))
    answer = client.post(url_of(claim), {**hidden(page), "met": "on"}, follow=True)
    assert "已确认欧阳春兰的身份" in seen(answer)
    claim = Claim.objects.get(pk=claim.pk)
    assert claim.state == ClaimState.CONFIRMED
    assert claim.confirmed_by == getattr(world, who)
    assert "欧阳春兰" not in seen(client.get(CLAIMS)).replace("已确认欧阳春兰的身份", "")


def test_confirming_needs_the_tick(world, client, claim):
    client.force_login(world.cadre)
    page = client.post(url_of(claim), hidden(client.get(url_of(claim))))
    assert page.status_code == 422
    assert "请当面核对身份证原件后勾选" in seen(page)
    assert Claim.objects.get(pk=claim.pk).state == ClaimState.CLAIMED


def test_double_tap_confirms_once_and_says_so_twice(world, client, claim):
    client.force_login(world.cadre)
    form = {**hidden(client.get(url_of(claim))), "met": "on"}
    for _ in range(2):
        assert "已确认欧阳春兰的身份" in seen(client.post(url_of(claim), form, follow=True))


def test_neighbour_gets_404_and_city_403(world, client, claim):
    client.force_login(world.stranger)
    assert client.get(url_of(claim)).status_code == 404
    assert client.post(url_of(claim), {"met": "on"}).status_code == 404
    assert "欧阳春兰" not in seen(client.get(CLAIMS))


def test_numbers_are_masked_until_asked_for_with_a_reason(world, client, claim):
    client.force_login(world.cadre)
    for url in (CLAIMS, url_of(claim), reverse("workbench:reveal_claim", args=[claim.uid, "id_number"])):
        assert not FULL_ID.search(text_of(client.get(url)))
        assert not FULL_PHONE.search(text_of(client.get(url)))
    url = reverse("workbench:reveal_claim", args=[claim.uid, "phone"])
    shown = client.post(url, {**hidden(client.get(url)), "choice": "核对申请人身份"})
    assert claim.phone in seen(shown).replace(" ", "")
    assert UnmaskLog.objects.get().user == world.cadre


def test_pages_hold_everybody_once(world, client, monkeypatch):
    monkeypatch.setattr("workbench.views.claims.PAGE_SIZE", 2)
    for _ in range(5):
        make_villager(world.village)
    client.force_login(world.cadre)
    page, found = client.get(CLAIMS), 0
    while True:
        found += text_of(page).count(">核对<")
        _, marked, rest = text_of(page).partition('rel="next"')
        if not marked:
            break
        page = client.get(text_of(page).rpartition('rel="next"')[0].rpartition('href="')[2].rstrip('" '))
    assert found == 5


def test_empty_list_says_why(world, client):
    client.force_login(world.cadre)
    assert "没有待核对的身份" in seen(client.get(CLAIMS))


def test_a_superseded_person_can_be_met_and_the_page_warns_of_the_other_phone(world, client, claim):
    rival = make_villager(world.village, "欧阳春兰", id_number=claim.id_number)
    confirm_claim(claim=rival.claim, by=world.township_officer)
    client.force_login(world.cadre)
    assert "已由他人核对" in seen(client.get(CLAIMS))
    page = client.get(url_of(claim))
    unit = world.township_officer.office.name
    assert f"该身份证号码已由{unit}于" in seen(page) and "原手机号不能再查看" in seen(page)
    assert "已确认欧阳春兰的身份" in seen(client.post(url_of(claim), {**hidden(page), "met": "on"}, follow=True))
    assert Claim.objects.get(pk=rival.claim.pk).state == ClaimState.SUPERSEDED


@pytest.mark.django_db(transaction=True)  # a refusal ends the whole transaction, as it does outside tests
def test_a_village_is_told_why_it_cannot_overrule_another_county(world, client, claim):
    rival = make_villager(world.village, "欧阳春兰", id_number=claim.id_number)
    confirm_claim(claim=rival.claim, by=world.stranger)
    client.force_login(world.cadre)
    answer = client.post(url_of(claim), {**hidden(client.get(url_of(claim))), "met": "on"})
    assert answer.status_code == 409
    assert "已由其他县的单位当面核对" in seen(answer)


def test_forgotten_digits_are_taken_away_by_whoever_meets_the_person(world, client, claim):
    """From the phone to the village and back (decision 18): asked for once, seen, met, cleared, open."""
    confirm_claim(claim=claim, by=world.officer)
    set_pin(claim=claim, pin="2580", by=claim.account)
    phone = Client()
    phone.force_login(claim.account)
    door = reverse("applicants:person_pin", args=[claim.uid])
    client.force_login(world.cadre)
    assert "欧阳春兰" not in seen(client.get(CLAIMS))
    for _ in range(2):
        assert "请本人带身份证到村委会核对" in seen(phone.post(door, {"forgotten": "1"}))
    assert AuditEntry.objects.filter(action="claim.pin_forgotten").count() == 1
    assert "忘记4位数字密码" in seen(client.get(CLAIMS))
    page = client.get(url_of(claim))
    assert "确认是本人后，密码会清除" in seen(page)
    done = client.post(url_of(claim), {**hidden(page), "met": "on"}, follow=True)
    assert "已确认欧阳春兰的身份，4位数字密码已清除" in seen(done)
    assert AuditEntry.objects.get(action="claim.pin_cleared").actor == world.cadre
    assert "欧阳春兰" not in seen(client.get(CLAIMS)).replace("已确认欧阳春兰的身份", "")
    assert phone.post(reverse("applicants:people"), {"person": claim.uid}).status_code == 302
    assert phone.get(reverse("applicants:cases")).status_code == 200


def test_digits_that_come_back_to_mind_take_the_request_back(world, client, claim):
    confirm_claim(claim=claim, by=world.officer)
    set_pin(claim=claim, pin="2580", by=claim.account)
    client.force_login(claim.account)
    door = reverse("applicants:person_pin", args=[claim.uid])
    client.post(door, {"forgotten": "1"})
    assert client.post(door, {"pin": "2580"}).status_code == 302
    claim = Claim.objects.get(pk=claim.pk)
    assert claim.pin_hash and claim.pin_forgotten_at is None
    assert take_away(claim=claim, by=world.cadre) is False
