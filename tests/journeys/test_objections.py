"""Objections to a running notice in a real browser: registered, dismissed with an answer, upheld (domain §15.3)."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from renovation.choices import CaseState, ObjectionResult, PublicityState
from renovation.models import Case, Objection, Publicity
from tests.browser import PHONE
from tests.factories.publicity import make_noticed
from tests.factories.renovation import make_villager
from tests.journeys.desk import RETURNED, SIZES, answer, assert_fits, confirm, open_first, said, state_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
CONTENT = "他家在镇上有一套楼房。"


def register(page, content: str):
    """An anonymous objection: neither name nor telephone is asked for."""
    page.locator("summary", has_text="登记异议").click()
    answer(page, "is_anonymous", "true")
    expect(page.locator("[name=phone]")).to_be_hidden()
    page.fill("[name=content]", content)
    assert_fits(page)
    page.get_by_role("button", name="登记异议").click()
    said(page, "异议已登记")


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_one_objection_is_dismissed_and_the_next_upheld(world, sign_in, size):
    villager = make_villager(world.village)
    case, notice = make_noticed(world, villager=villager)
    page, phone = sign_in(world.township_officer, **size), sign_in(villager, **PHONE)
    open_first(page)
    page.get_by_role("link", name="公示内容、打印、公示照片和异议").click()
    register(page, CONTENT)
    phone.goto(reverse("applicants:case", args=[case.uid]))
    expect(phone.locator(".status-line")).to_contain_text("收到不同意见")
    expect(phone.get_by_text(CONTENT)).to_have_count(0)

    page.locator(".objection").get_by_role("link", name="异议不成立").click()
    page.fill("[name=answer]", "经查，该楼房为其子所有，异议不成立。")
    assert_fits(page)
    page.get_by_role("button", name="异议不成立").click()
    said(page, "已答复：异议不成立")
    assert Objection.objects.get().result == ObjectionResult.DISMISSED
    assert state_of(case) == CaseState.IN_PUBLICITY

    register(page, "他家另有安全的住房。")
    page.locator(".objection").get_by_role("link", name="异议成立", exact=True).click()
    page.fill("[name=opinion]", "异议属实，退回重新评议。")
    page.locator("main [data-submit]").click()
    confirm(page, "异议成立")
    # The next case of the list is this very one.
    said(page, "已认定异议成立，下一环节：乡镇组织评议")
    assert state_of(case) == CaseState.PENDING_REVIEW
    notice = Publicity.objects.get(pk=notice.pk)
    assert notice.state == PublicityState.TAKEN_DOWN
    open_first(page)
    expect(page.locator(RETURNED)).to_contain_text("异议属实")
    assert not Case.objects.get(pk=case.pk).open_objections().exists()
    phone.goto(reverse("applicants:case", args=[case.uid]))
    expect(phone.locator(".status-line")).to_contain_text("正在重新组织评议，最迟")
