"""评价: five cards, once, why for the two lowest, and the county is told without a word of the villager's (§10.24)."""

import pytest
from django.urls import reverse

from accounts.models import Message
from renovation.choices import CaseState
from renovation.models import Rating
from tests.applicants.conftest import browser_of
from tests.applicants.test_wizard import token_in
from tests.factories.renovation import make_case, make_villager

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(world, villager):
    return make_case(world, CaseState.COMPLETED, villager=villager)


def url(case, name="rate"):
    return reverse(f"applicants:{name}", args=[case.uid])


def rate(phone, case, **answers):
    token = token_in(phone.get(url(case)))
    return phone.post(url(case), {"submit_token": token, "stars": "5", **answers})


def test_a_completed_case_invites_to_rate_and_stops_once_it_was(case, phone):
    for page in (phone.get(url(case, "case")), phone.get(f"{reverse('applicants:cases')}?tab=finished")):
        assert url(case) in page.content.decode()
    assert rate(phone, case, comment="房子很好").url == url(case)
    page = phone.get(url(case)).content.decode()
    assert "非常满意" in page and "房子很好" in page
    assert 'name="stars"' not in page
    assert "去评价" not in phone.get(url(case, "case")).content.decode()
    assert "评价这次办理" not in phone.get(f"{reverse('applicants:cases')}?tab=finished").content.decode()


def test_five_cards_stand_with_the_best_first(case, phone):
    page = phone.get(url(case)).content.decode()
    words = ["非常满意", "满意", "基本满意", "不满意", "非常不满意"]
    places = [page.index(f'card-choice__text">{word}<') for word in words]
    assert places == sorted(places)


@pytest.mark.parametrize("stars", ["1", "2"])
def test_a_low_rating_says_why_and_tells_the_county_only_the_number(world, case, phone, stars):
    page = rate(phone, case, stars=stars, reason=" ").content.decode()
    assert "<title>错误：" in page and "请写下哪里不满意" in page
    assert not Rating.objects.exists() and not Message.objects.filter(kind="A02").exists()
    rate(phone, case, stars=stars, reason="等了太久")
    told = Message.objects.get(kind="A02", recipient=world.officer.uid)
    assert case.number in told.text and "等了太久" not in told.text and case.applicant_name not in told.text
    assert Rating.objects.get().reason == "等了太久"


def test_a_fair_rating_keeps_no_reason_and_tells_nobody(case, phone):
    rate(phone, case, stars="3", reason="没有展开的问题")
    assert Rating.objects.get().reason == "" and not Message.objects.filter(kind="A02").exists()


def test_a_double_tap_and_a_second_tab_rate_once(case, phone):
    tokens = [token_in(phone.get(url(case))) for _ in range(2)]
    for token, stars in ((tokens[0], "4"), (tokens[0], "4"), (tokens[1], "1")):
        answer = phone.post(url(case), {"submit_token": token, "stars": stars, "reason": "改主意"})
        assert answer.url == url(case)
    assert Rating.objects.get().stars == 4


@pytest.mark.parametrize("state", [CaseState.PENDING_ACCEPTANCE, CaseState.TERMINATED])
def test_nothing_but_a_finished_house_is_rated(world, villager, phone, state):
    case = make_case(world, state, villager=villager)
    assert phone.get(url(case)).url == url(case, "case")
    assert phone.post(url(case), {"stars": "5"}).url == url(case, "case")
    assert not Rating.objects.exists()


def test_no_choice_is_an_error_with_words(case, phone):
    page = phone.post(url(case), {"submit_token": token_in(phone.get(url(case)))}).content.decode()
    assert "请选一个" in page and "<title>错误：" in page


def test_nobody_else_rates(world, case):
    assert browser_of(make_villager(world.village)).get(url(case)).status_code == 404
    assert browser_of(world.officer).get(url(case)).status_code == 302
