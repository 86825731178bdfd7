"""Ends that nobody wishes for, in a real browser: refused, looked at again, ended by a death (domain §19.2, §19.24)."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from common.clock import today
from households.choices import HouseholdStatus
from households.models import Household
from renovation.choices import CaseState
from renovation.models import RenovationProject
from renovation.tasks import run_ladder
from tests.browser import DESK, PHONE
from tests.factories.passing import grow_older
from tests.factories.renovation import make_case, make_villager
from tests.journeys.desk import (
    RETURNED,
    SIZES,
    answer,
    assert_fits,
    case_url,
    confirm,
    open_first,
    said,
    state_of,
    submit,
    upload,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
OTHER_HOUSE = "家中另有安全住房，不列为保障对象。"
NOT_MINE = "那处房子是我弟弟的，我没有别的房子。"


@pytest.fixture
def villager(world):
    return make_villager(world.village)


def progress(phone, case):
    phone.goto(reverse("applicants:case", args=[case.uid]))


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_county_refuses_and_the_villager_reads_why(world, villager, sign_in, size):
    case = make_case(world, CaseState.PENDING_COUNTY_APPROVAL, villager=villager)
    page, phone = sign_in(world.officer, **size), sign_in(villager, **PHONE)
    open_first(page)
    answer(page, "home_visit", "false")
    answer(page, "conclusion", "fail")
    expect(page.locator('[data-field="plan_year"]')).to_be_hidden()
    page.fill("[name=opinion]", "经核实，该户在县城另有住房。")
    submit(page)
    confirm(page, "审批不通过")
    said(page, "办结：审批不通过")
    assert state_of(case) == CaseState.APPROVAL_REJECTED
    assert not RenovationProject.objects.exists()
    progress(phone, case)
    expect(phone.locator(".status-line")).to_contain_text("区县没有批准您的申请（审批不通过）")
    expect(phone.get_by_text("经核实，该户在县城另有住房。").first).to_be_visible()
    expect(phone.get_by_role("link", name="再次申请")).to_be_visible()


def test_failed_review_is_confirmed_asked_about_and_opened_again(world, villager, sign_in):
    case = make_case(world, CaseState.PENDING_REVIEW, villager=villager)
    township, county = sign_in(world.township_officer, **DESK), sign_in(world.officer, **DESK)
    phone = sign_in(villager, **PHONE)
    fail_the_review(township)
    progress(phone, case)
    # Not told before the audit has decided.
    expect(phone.locator(".status-line")).to_contain_text("正在审核，最迟")
    expect(phone.get_by_text(OTHER_HOUSE)).to_have_count(0)
    open_first(township)
    answer(township, "conclusion", "pass")
    township.fill("[name=opinion]", "同意评议结论。")
    submit(township)
    confirm(township, "评议不通过")
    said(township, "办结：评议不通过")

    progress(phone, case)
    expect(phone.get_by_text(OTHER_HOUSE.rstrip("。")).first).to_be_visible()
    phone.get_by_role("link", name="请区县再看一次").click()
    phone.fill("[name=reason]", NOT_MINE)
    assert_fits(phone)
    submit(phone)
    said(phone, "已请区县再看一次")
    expect(phone.get_by_role("link", name="请区县再看一次")).to_have_count(0)

    county.goto(case_url(case))
    county.get_by_role("link", name="查看并答复").click()
    expect(county.get_by_text(NOT_MINE)).to_be_visible()
    assert_fits(county)
    county.get_by_role("link", name="同意重新评议").click()
    county.fill("[name=opinion]", "经复核，房屋确系他人所有，同意重新组织评议。")
    submit(county)
    confirm(county, "同意重新评议")
    expect(county.get_by_role("status").first).to_contain_text("已同意重新评议")
    assert state_of(case) == CaseState.PENDING_REVIEW
    open_first(township)
    expect(township.locator(RETURNED)).to_contain_text("房屋确系他人所有")
    progress(phone, case)
    expect(phone.locator(".status-line")).to_contain_text("正在重新组织评议，最迟")


def fail_the_review(page):
    open_first(page)
    answer(page, "conclusion", "fail")
    expect(page.locator("[name=publicity_place]")).to_be_hidden()
    page.fill("[name=review_date]", f"{today():%Y-%m-%d}")
    page.fill("[name=family_size]", "2")
    answer(page, "has_veteran", "false")
    answer(page, "has_disabled", "false")
    page.fill("[name=house_area]", "60")
    page.fill("[name=opinion]", OTHER_HOUSE)
    upload(page, "site_photos", 31)
    upload(page, "result_photos", 32)
    submit(page)
    said(page, "评议结果已提交，下一环节：乡镇街道审核")


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_death_stops_the_approval_and_the_county_ends_the_case(world, villager, sign_in, size):
    case = make_case(world, CaseState.PENDING_COUNTY_APPROVAL, villager=villager)
    Household.objects.filter(pk=case.household_id).update(status=HouseholdStatus.CANCELLED_DEATH)
    page = sign_in(world.officer, **size)
    open_first(page)
    answer(page, "home_visit", "false")
    answer(page, "conclusion", "pass")
    answer(page, "plan_year", str(today().year))
    answer(page, "energy_saving", "false")
    answer(page, "accessibility", "false")
    page.fill("[name=opinion]", "同意")
    submit(page)
    expect(page.get_by_role("alert").or_(page.locator(".banner--danger")).first).to_contain_text("死亡销户")
    expect(page.locator("[name=opinion]")).to_have_value("同意")
    assert state_of(case) == CaseState.PENDING_COUNTY_APPROVAL
    page.locator(".other-moves").get_by_role("link", name="终止").click()
    answer(page, "reason", "death")
    page.fill("[name=opinion]", "申请人已去世，户口已注销。")
    assert_fits(page)
    submit(page)
    confirm(page, "已终止")
    said(page, "办结：已终止")
    assert state_of(case) == CaseState.TERMINATED
    phone = sign_in(villager, **PHONE)
    progress(phone, case)
    expect(phone.locator(".status-line")).to_contain_text("您的申请已终止")
    expect(phone.get_by_text("死亡销户").first).to_be_visible()
    expect(phone.get_by_role("link", name="再次申请")).to_have_count(0)


def test_late_works_are_marked_in_both_lists(world, sign_in):
    case = make_case(world, CaseState.PENDING_IMPLEMENTATION)
    grow_older(case, days=60)

    run_ladder()
    page = sign_in(world.township_officer, **PHONE)
    page.goto(reverse("renovation:todo"))
    expect(page.locator("[data-rows]")).to_contain_text("超时")
    county = sign_in(world.officer, **DESK)
    county.goto(reverse("renovation:done"))
    expect(county.locator("[data-rows]")).to_contain_text("超时")
