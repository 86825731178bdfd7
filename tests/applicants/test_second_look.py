"""请区县再看一次: once, within seven days, by the applicant or the cadre who filed (decision 22)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localtime

from accounts.models import Message
from common.clock import freeze
from renovation import guards
from renovation.choices import CaseState
from renovation.models import Case, SecondLook
from tests.applicants.conftest import browser_of
from tests.applicants.test_wizard import token_in
from tests.factories.renovation import make_case, make_villager

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(world, villager):
    return make_case(world, CaseState.REVIEW_FAILED, villager=villager)


def url(case, name="second_look"):
    return reverse(f"applicants:{name}", args=[case.uid])


def ask(phone, case, reason="老房子是弟弟的，我没有别的房子", token=None):
    token = token or token_in(phone.get(url(case)))
    return phone.post(url(case), {"submit_token": token, "reason": reason})


def test_the_applicant_asks_once_and_the_county_is_told(world, case, phone):
    assert url(case) in phone.get(url(case, "case")).content.decode()
    token = token_in(phone.get(url(case)))
    for _ in range(2):
        assert ask(phone, case, token=token).url == url(case, "case")
    look = SecondLook.objects.get()
    assert look.reason.startswith("老房子") and look.asked_by_id and look.closed_at is None
    told = Message.objects.get(kind="A03", recipient=world.officer.uid)
    assert case.number in told.text and case.applicant_name not in told.text
    assert browser_of(world.officer).get(told.link).status_code == 200
    page = phone.get(url(case, "case")).content.decode()
    assert "已请区县再看一次" in page and url(case) not in page and "再次申请" not in page


def test_a_second_time_is_refused_in_words(case, phone):
    ask(phone, case)
    page = phone.get(url(case), follow=True).content.decode()
    assert "不能再提出" in page and SecondLook.objects.count() == 1


def test_the_seventh_day_is_the_last(case, phone):
    last = guards.second_look_until(case)
    assert last == localtime(case.closed_at).date() + timedelta(days=7)
    with freeze(last + timedelta(days=1)):
        assert phone.get(url(case)).url == url(case, "case")
        assert url(case) not in phone.get(url(case, "case")).content.decode()
    with freeze(last):
        assert ask(phone, case).url == url(case, "case")
    assert SecondLook.objects.exists()


def test_a_post_after_the_seventh_day_writes_nothing(case, phone):
    token = token_in(phone.get(url(case)))
    Case.objects.filter(pk=case.pk).update(closed_at=case.closed_at - timedelta(days=8))
    assert ask(phone, case, token=token).url == url(case, "case")
    assert not SecondLook.objects.exists()


@pytest.mark.parametrize("state", [CaseState.APPROVAL_REJECTED, CaseState.PENDING_REVIEW, CaseState.WITHDRAWN])
def test_no_other_end_is_looked_at_again(world, villager, phone, state):
    case = make_case(world, state, villager=villager)
    assert phone.get(url(case)).url == url(case, "case")
    assert phone.post(url(case), {"reason": "请再看"}).url == url(case, "case")
    assert not SecondLook.objects.exists()


def test_who_has_applied_again_cannot_have_both(world, villager, case, phone):
    make_case(world, villager=villager)
    assert "已有正在办理的申请" in phone.get(url(case), follow=True).content.decode()


def test_an_empty_reason_comes_back_with_words(case, phone):
    page = ask(phone, case, reason=" ").content.decode()
    assert "请写下理由" in page and not SecondLook.objects.exists()


def test_a_stale_token_keeps_what_was_typed(case, phone):
    page = ask(phone, case, token="old").content.decode()
    assert "页面已过期" in page and "老房子是弟弟的" in page


def test_the_cadre_who_filed_may_ask_in_the_persons_name(world, case):
    Case.objects.filter(pk=case.pk).update(on_behalf=True, filed_by=world.cadre, agent_name="代办员")
    cadre = browser_of(world.cadre)
    assert url(case) in cadre.get(url(case, "agent_done")).content.decode()
    assert ask(cadre, case).url == url(case, "agent_done")
    assert SecondLook.objects.get().asked_by == world.cadre


def test_nobody_else_asks(world, case):
    assert browser_of(make_villager(world.village)).get(url(case)).status_code == 404
    assert browser_of(world.officer).get(url(case)).status_code == 404
