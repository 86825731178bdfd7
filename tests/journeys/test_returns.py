"""Each place from which a case can be sent back, in a real browser: why, what comes again, and on (domain §19.3–5)."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from common.clock import today
from renovation.choices import CaseState, Slot
from renovation.models import CaseNode, OpinionAmendment
from tests.browser import PHONE
from tests.factories.passing import let_notice_run_out
from tests.factories.renovation import make_case, make_villager
from tests.factories.steps import attach
from tests.journeys.acts import inspect
from tests.journeys.desk import (
    RETURNED,
    SIZES,
    answer,
    assert_fits,
    case_url,
    confirm,
    note_doubts,
    open_first,
    said,
    state_of,
    submit,
    upload,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
MISSING = "评议记录缺少参加人签名，请重新组织评议。"
BLURRED = "公示照片看不清，请重新上传。"
LEAKS = "屋面有渗漏，请整改。"


def take_the_button(page, label: str, why: str):
    """A move with a button and a page of its own."""
    page.locator(".other-moves").get_by_role("link", name=label).click()
    expect(page.get_by_role("heading", level=1, name=label)).to_be_visible()
    assert_fits(page)
    page.fill("[name=opinion]", why)
    submit(page)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_audit_sends_back_to_a_second_review_and_a_second_notice(world, sign_in, size):
    villager = make_villager(world.village)
    case = make_case(world, CaseState.PENDING_TOWNSHIP_AUDIT, villager=villager)
    page = sign_in(world.township_officer, **size)
    open_first(page)
    answer(page, "conclusion", "fail")
    submit(page)
    expect(page.get_by_role("alert")).to_contain_text("请填写意见")
    page.fill("[name=opinion]", MISSING)
    submit(page)
    said(page, "已退回，下一环节：乡镇组织评议")
    phone = sign_in(villager, **PHONE)
    phone.goto(reverse("applicants:case", args=[case.uid]))
    expect(phone.locator(".status-line")).to_contain_text("正在重新组织评议，最迟")
    expect(phone.get_by_text(MISSING).first).to_be_visible()

    open_first(page)
    expect(page.locator(RETURNED)).to_contain_text(MISSING)
    # What the first review answered is there to be gone over; the photos of the first round stay.
    expect(page.locator("[name=publicity_place]")).to_have_value("村务公开栏")
    answer(page, "conclusion", "pass")
    upload(page, "result_photos", 21)
    submit(page)
    said(page, "评议已通过，下一环节：公示")
    let_notice_run_out(case)
    assert state_of(case) == CaseState.PENDING_TOWNSHIP_AUDIT
    attach(case, Slot.NOTICE, by=world.township_officer)

    open_first(page)
    for title in ("乡镇组织评议", "公示", "乡镇街道审核"):
        for round_ in (f"{title} ", f"{title}（第2轮）"):
            fold = page.locator("#steps details").filter(has=page.locator("summary", has_text=round_)).first
            fold.locator("summary").click()
            expect(fold.get_by_text("办理期限").first).to_be_visible()
    dues = CaseNode.objects.filter(case=case, code=CaseState.PENDING_REVIEW).order_by("seq").values_list("due_on")
    assert len(set(dues)) == 2
    answer(page, "conclusion", "pass")
    submit(page)
    said(page, "已审核，下一环节：区县审批")


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_county_returns_then_amends_and_both_wordings_stay(world, sign_in, size):
    case = make_case(world, CaseState.PENDING_COUNTY_APPROVAL)
    county, township = sign_in(world.officer, **size), sign_in(world.township_officer, **size)
    open_first(county)
    take_the_button(county, "回退", BLURRED)
    # The case waits elsewhere now; the list of the county is empty.
    said(county, "已回退，下一环节：乡镇街道审核")
    open_first(township)
    expect(township.locator(RETURNED)).to_contain_text(BLURRED)
    upload(township, "publicity_photos", 22)
    answer(township, "conclusion", "pass")
    township.fill("[name=opinion]", "照片已重新上传，同意上报。")
    submit(township)
    said(township, "已审核，下一环节：区县审批")
    open_first(county)
    county.locator("summary", has_text="修改乡镇街道审核意见").click()
    expect(county.locator("[name=amended_township_opinion]")).to_have_value("照片已重新上传，同意上报。")
    county.fill("[name=amended_township_opinion]", "照片已重新上传，公示符合规定，同意上报。")
    answer(county, "home_visit", "false")
    answer(county, "conclusion", "pass")
    answer(county, "plan_year", str(today().year))
    answer(county, "energy_saving", "false")
    answer(county, "accessibility", "false")
    submit(county)
    confirm(county, "审批·通过")
    said(county, "已审批")
    assert state_of(case) == CaseState.PENDING_IMPLEMENTATION
    township.goto(case_url(case))
    panel = township.locator("section", has=township.get_by_role("heading", name="区县修改的乡镇街道审核意见"))
    expect(panel).to_contain_text(re.compile("照片已重新上传，同意上报.+公示符合规定，同意上报", re.S))
    amendment = OpinionAmendment.objects.get()
    expect(panel).to_contain_text(amendment.original_by_name)
    expect(panel).to_contain_text(amendment.by_name)
    assert_fits(township)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_audit_goes_back_to_the_review_by_its_button(world, sign_in, size):
    case = make_case(world, CaseState.PENDING_TOWNSHIP_AUDIT)
    page = sign_in(world.township_officer, **size)
    open_first(page)
    take_the_button(page, "回退", MISSING)
    said(page, "已回退，下一环节：乡镇组织评议")
    open_first(page)
    expect(page.locator(RETURNED)).to_contain_text(MISSING)
    assert state_of(case) == CaseState.PENDING_REVIEW


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_failed_inspection_is_mended_and_passes(world, sign_in, size):
    villager = make_villager(world.village)
    case = make_case(world, CaseState.PENDING_FINAL_INSPECTION, villager=villager)
    county, township = sign_in(world.officer, **size), sign_in(world.township_officer, **size)
    open_first(county)
    answer(county, "conclusion", "fail")
    expect(county.locator("[name=fund_central]")).to_be_hidden()
    county.fill("[name=opinion]", LEAKS)
    submit(county)
    said(county, "验收不通过，已退回，下一环节：乡镇街道提交验收")
    phone = sign_in(villager, **PHONE)
    phone.goto(reverse("applicants:case", args=[case.uid]))
    expect(phone.locator(".status-line")).to_contain_text("正在组织整改，最迟")
    expect(phone.get_by_text(LEAKS).first).to_be_visible()
    open_first(township)
    expect(township.locator(RETURNED)).to_contain_text(LEAKS)
    expect(township.locator("[name=after_area]")).to_have_value(re.compile("^58"))
    upload(township, "after_photos", 23)
    submit(township)
    note_doubts(township)
    said(township, "已提交验收，下一环节：区县验收")
    open_first(county)
    inspect(county)
    assert state_of(case) == CaseState.COMPLETED
