"""The officers' way in a real browser, desk and phone: accept, refuse, appraise, two on one case, keys only."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from renovation.choices import CaseState
from renovation.models import Case
from tests.browser import DESK, PHONE
from tests.factories.accounts import make_user
from tests.factories.people import photo_bytes
from tests.factories.renovation import make_case, make_villager
from tests.journeys.desk import answer, assert_fits, open_first, state_of, submit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
SIZES = [pytest.param(DESK, id="desk"), pytest.param(PHONE, id="phone")]
OPINION = "经核查属实，同意受理。"


def upload_sheet(page):
    sheet = {"name": "鉴定表.jpg", "mimeType": "image/jpeg", "buffer": photo_bytes(3, (900, 1200))}
    page.locator("[data-slot-input][multiple]").set_input_files(sheet)
    expect(page.locator(".photo[data-uid]")).to_have_count(1)


@pytest.mark.parametrize("size", SIZES)
def test_accept_then_appraise_c_then_the_township_sees_it(world, sign_in, size):
    case = make_case(world, villager=make_villager(world.village, "阿卜杜热合曼·买买提江"), photos=2)
    page = sign_in(world.officer, **size)
    open_first(page)
    assert_fits(page)
    answer(page, "conclusion", "pass")
    answer(page, "had_policy", "false")
    answer(page, "is_low_income", "true")
    page.get_by_role("button", name="经核查，申请人符合").click()
    submit(page)
    # The only other thing to do is the same case's next step.
    expect(page.get_by_role("status").first).to_contain_text("已受理，下一环节：区县认定")
    open_first(page)
    expect(page.get_by_role("heading", name="我要办理：区县认定")).to_be_visible()
    assert_fits(page)
    answer(page, "grade", "C")
    page.select_option("[name=era]", "2")
    page.select_option("[name=structure_archive]", "4")
    page.fill("[name=appraised_on]", f"{Case.objects.get(pk=case.pk).submitted_at:%Y年%m月%d日}")
    upload_sheet(page)
    page.fill("[name=opinion]", "墙体开裂，局部危险。")
    submit(page)
    expect(page.get_by_role("status").first).to_contain_text("下一环节：乡镇组织评议")
    assert state_of(case) == CaseState.PENDING_REVIEW
    township = sign_in(world.township_officer, **size)
    open_first(township)
    expect(township.get_by_role("heading", name="我要办理：乡镇组织评议")).to_be_visible()
    expect(township.get_by_text("C级（局部危险）").first).to_be_visible()
    assert_fits(township)


@pytest.mark.parametrize("size", SIZES)
def test_refuse_asks_once_more_and_back_keeps_the_words(world, sign_in, size):
    case = make_case(world)
    page = sign_in(world.officer, **size)
    open_first(page)
    answer(page, "conclusion", "fail")
    answer(page, "had_policy", "false")
    answer(page, "is_low_income", "false")
    page.fill("[name=opinion]", "房屋为出租房，不属于本项政策范围。")
    submit(page)
    expect(page.get_by_role("heading", name="确认对张石山的申请作“不予受理”处理吗")).to_be_visible()
    expect(page.get_by_text("房屋为出租房")).to_be_visible()
    assert_fits(page)
    page.get_by_role("button", name="不，返回修改").click()
    expect(page.locator("[name=opinion]")).to_have_value("房屋为出租房，不属于本项政策范围。")
    submit(page)
    page.get_by_role("button", name="确认不予受理").click()
    expect(page.get_by_role("status").first).to_contain_text("办结：不予受理")
    assert state_of(case) == CaseState.NOT_ACCEPTED


def test_appraise_b_ends_the_case(world, sign_in):
    case = make_case(world, CaseState.PENDING_APPRAISAL)
    page = sign_in(world.officer)
    open_first(page)
    answer(page, "grade", "B")
    page.select_option("[name=era]", "5")
    page.select_option("[name=structure_archive]", "8")
    page.fill("[name=appraised_on]", f"{case.submitted_at:%Y-%m-%d}")
    page.fill("[name=opinion]", "基本安全。")
    submit(page)
    expect(page.get_by_role("alert")).to_contain_text("请上传鉴定表")
    upload_sheet(page)
    submit(page)
    page.get_by_role("button", name="确认鉴定不通过").click()
    expect(page.get_by_role("status").first).to_contain_text("办结：鉴定不通过")
    assert state_of(case) == CaseState.APPRAISAL_FAILED


@pytest.mark.parametrize("size", SIZES)
def test_earlier_policy_opens_its_questions_and_demands_a_reason(world, sign_in, size):
    case = make_case(world)
    page = sign_in(world.officer, **size)
    open_first(page)
    expect(page.locator("[name=policy_amount]")).to_be_hidden()
    answer(page, "conclusion", "pass")
    answer(page, "had_policy", "true")
    expect(page.locator("[name=policy_amount]")).to_be_visible()
    answer(page, "is_low_income", "true")
    page.fill("[name=policy_date]", "2015年3月")
    page.fill("[name=policy_amount]", "12,000元")
    submit(page)
    expect(page.get_by_role("alert")).to_contain_text("请填写意见")
    expect(page.locator("[name=policy_amount]")).to_have_value("12000")
    page.fill("[name=reentry_reason]", "2026年泥石流冲毁")
    page.fill("[name=opinion]", OPINION)
    submit(page)
    expect(page.get_by_role("status").first).to_contain_text("已受理")
    case = Case.objects.get(pk=case.pk)
    assert (case.policy_amount, f"{case.policy_date:%Y-%m}") == (12000, "2015-03")


def test_two_officers_on_one_case_one_wins_the_other_keeps_the_words(world, sign_in):
    case = make_case(world)
    colleague = make_user(region=world.county, display_name="王建国")
    first, second = sign_in(colleague), sign_in(world.officer)
    for page in (first, second):
        page.goto(reverse("renovation:case", args=[case.uid]))
        answer(page, "had_policy", "false")
        answer(page, "is_low_income", "true")
    answer(first, "conclusion", "pass")
    answer(second, "conclusion", "fail")
    second.fill("[name=opinion]", "我认为材料不全，需要补充照片后重新申请，请联系村委会。")
    submit(first)
    expect(first.get_by_role("status").first).to_contain_text("已受理")
    submit(second)
    expect(second.get_by_role("alert").first).to_contain_text(re.compile(r"此工单已由王建国于\d\d:\d\d办理"))
    expect(second.get_by_label("受理意见")).to_have_value("我认为材料不全，需要补充照片后重新申请，请联系村委会。")
    assert state_of(case) == CaseState.PENDING_APPRAISAL


def test_clerk_clears_cases_without_the_mouse(world, sign_in):
    cases = [make_case(world) for _ in range(3)]
    page = sign_in(world.officer)
    page.goto(reverse("renovation:todo") + "?state=pending_acceptance")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    for number, _ in enumerate(cases):
        page.wait_for_selector("[name=conclusion]")
        # To the first answer, then by arrow and tab as a keyboard does it.
        page.locator("[name=conclusion]").first.focus()
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        page.keyboard.press("Alt+KeyS")
        page.wait_for_load_state()
        expect(page.get_by_role("status").first).to_contain_text("已受理")
        assert sum(state_of(case) == CaseState.PENDING_APPRAISAL for case in cases) == number + 1
    expect(page).to_have_url(re.compile(r"/staff/cases/$"))


def test_without_a_script_a_case_is_appraised_all_the_same(world, sign_in):
    case = make_case(world, CaseState.PENDING_APPRAISAL)
    page = sign_in(world.officer, java_script_enabled=False)
    open_first(page)
    page.fill("[name=opinion]", "房屋严重受损。")
    sheet = {"name": "sheet.jpg", "mimeType": "image/jpeg", "buffer": photo_bytes(4, (900, 1200))}
    page.locator("[data-slot-input]").set_input_files(sheet)
    page.get_by_role("button", name="上传选中的文件").click()
    expect(page.get_by_text("✓ 第1份")).to_be_visible()
    expect(page.locator("[name=opinion]")).to_have_value("房屋严重受损。")
    answer(page, "grade", "D")
    page.select_option("[name=era]", "1")
    page.select_option("[name=structure_archive]", "4")
    page.fill("[name=appraised_on]", f"{case.submitted_at:%Y-%m-%d}")
    submit(page)
    expect(page.get_by_role("status").first).to_contain_text("下一环节：乡镇组织评议")
    assert state_of(case) == CaseState.PENDING_REVIEW


def test_photos_open_zoom_and_close_by_keys(world, sign_in):
    case = make_case(world, photos=3)
    page = sign_in(world.officer)
    page.goto(reverse("renovation:case", args=[case.uid]))
    page.locator("a[data-photo]").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("1/3")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("2/3")).to_be_visible()
    page.keyboard.press("+")
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_be_hidden()


def test_words_survive_a_session_that_ran_out(world, sign_in, live_server):
    case = make_case(world)
    page = sign_in(world.officer)
    page.goto(reverse("renovation:case", args=[case.uid]))
    answer(page, "conclusion", "pass")
    answer(page, "had_policy", "true")
    page.fill("[name=policy_date]", "2015-03")
    page.fill("[name=opinion]", OPINION)
    page.context.clear_cookies()
    submit(page)
    page.wait_for_load_state()
    assert state_of(case) == CaseState.PENDING_ACCEPTANCE
    client = Client()
    client.force_login(world.officer)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    page.goto(reverse("renovation:case", args=[case.uid]))
    expect(page.get_by_text("已恢复您上次在这里填写")).to_be_visible()
    expect(page.locator("[name=opinion]")).to_have_value(OPINION)
    expect(page.locator("[name=policy_date]")).to_have_value("2015-03")
    expect(page.locator("[name=policy_amount]")).to_be_visible()
    # Another account on the same machine finds an empty form.
    client.force_login(make_user(region=world.county))
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    page.goto(reverse("renovation:case", args=[case.uid]))
    expect(page.locator("[name=opinion]")).to_have_value("")
