"""From the village's review to the rated house in a real browser, officers on desk and phone (domain §19.1)."""

from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from renovation.choices import ApplicationState, CaseState, PublicityState
from renovation.models import Case, Publicity, Rating, RenovationProject
from tests.browser import PHONE
from tests.factories.passing import let_notice_run_out
from tests.factories.people import photo_bytes
from tests.factories.renovation import make_case, make_villager
from tests.journeys.acts import (
    TODAY,
    approve,
    audit,
    hang_up,
    inspect,
    rate,
    read_as_anybody,
    report_completion,
    review,
    start_works,
)
from tests.journeys.desk import SIZES, answer, assert_fits, case_url, open_first, said, state_of, submit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
LONG = "阿卜杜热合曼·买买提江"


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_from_the_review_to_the_rated_house(world, sign_in, open_page, size):
    villager = make_villager(world.village, LONG)
    case = make_case(world, CaseState.PENDING_REVIEW, villager=villager)
    township, county = sign_in(world.township_officer, **size), sign_in(world.officer, **size)
    phone = sign_in(villager, **PHONE)

    def villager_reads(words: str, state: str):
        assert state_of(case) == state
        phone.goto(reverse("applicants:case", args=[case.uid]))
        expect(phone.locator(".status-line")).to_contain_text(words)
        assert_fits(phone)

    open_first(township)
    review(township)
    villager_reads("正在村里公示，公示到", CaseState.IN_PUBLICITY)
    address = hang_up(sign_in(world.cadre, **size), case)
    stranger = open_page(**size)
    read_as_anybody(stranger, address)
    let_notice_run_out(case)
    assert stranger.goto(address).status == 410
    assert Publicity.objects.get().state == PublicityState.ENDED
    villager_reads("正在审核，最迟", CaseState.PENDING_TOWNSHIP_AUDIT)

    open_first(township)
    audit(township)
    villager_reads("正在审批，最迟", CaseState.PENDING_COUNTY_APPROVAL)
    open_first(county)
    approve(county)
    villager_reads("正在安排您家房屋开工，最迟", CaseState.PENDING_IMPLEMENTATION)
    project = RenovationProject.objects.get()
    assert (project.case_id, project.application_state) == (case.pk, ApplicationState.APPROVED)

    open_first(township)
    start_works(township)
    villager_reads("正在组织您家房屋改造，最迟", CaseState.PENDING_COMPLETION)
    open_first(township)
    report_completion(township)
    villager_reads("正在验收您家房屋，最迟", CaseState.PENDING_FINAL_INSPECTION)
    open_first(county)
    inspect(county)
    villager_reads("您家房屋改造通过验收", CaseState.COMPLETED)
    project.refresh_from_db()
    assert (project.government_total, project.total) == (Decimal("30000.50"), Decimal("45000.50"))
    rate(phone)
    assert Rating.objects.get(case=case).stars == 5
    county.goto(case_url(case))
    expect(county.get_by_role("heading", name="申请人评价")).to_be_visible()
    expect(county.get_by_text("非常满意").first).to_be_visible()
    assert Case.objects.get(pk=case.pk).closed_at is not None


def test_without_a_script_the_review_is_handed_in_all_the_same(world, sign_in):
    case = make_case(world, CaseState.PENDING_REVIEW)
    page = sign_in(world.township_officer, **PHONE, java_script_enabled=False)
    open_first(page)
    page.fill("[name=opinion]", "同意列为保障对象。")
    for slot in ("site_photos", "result_photos"):
        place = page.locator(f"#slot-{slot}")
        photo = {"name": f"{slot}.jpg", "mimeType": "image/jpeg", "buffer": photo_bytes(len(slot))}
        place.locator("[data-slot-input]").set_input_files(photo)
        place.get_by_role("button", name="上传选中的照片").click()
        expect(page.locator(f"#slot-{slot} .photo__state")).to_contain_text("✓ 第1张")
        expect(page.locator("[name=opinion]")).to_have_value("同意列为保障对象。")
    answer(page, "conclusion", "pass")
    page.fill("[name=review_date]", TODAY)
    page.fill("[name=family_size]", "3")
    answer(page, "has_veteran", "false")
    answer(page, "has_disabled", "false")
    page.fill("[name=house_area]", "80")
    page.fill("[name=publicity_place]", "村务公开栏")
    assert_fits(page)
    submit(page)
    said(page, "评议已通过，下一环节：公示")
    assert state_of(case) == CaseState.IN_PUBLICITY
