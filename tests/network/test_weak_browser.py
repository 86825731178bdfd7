"""The villager's own pages on a line that breaks: what a person sees, and that everything is there in the end (F20)."""

import re
from itertools import cycle

import pytest
from playwright.sync_api import expect

from households.actions.claims import claim_identity
from households.models import Attachment
from renovation.choices import CaseState
from renovation.models import Case, CaseEvent
from tests.browser import PHONE
from tests.factories.people import make_id_number
from tests.factories.renovation import make_draft, make_villager
from tests.faults.site import until
from tests.journeys.test_apply import go_on, photo_input, photos, question
from tests.network.line import GOOD
from tests.scale import some

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
# How the line breaks, step by step; in the long runs at every step in both ways.
WAYS = some(["cut lose"], ["cut", "lose", "cut lose", "lose cut"] * 3)


def press_on_a_broken_line(page, line, ways, button: str = "继续") -> bool:
    """The button, once; says whether the person was left with the browser's own error page."""
    here = page.url
    line.cut_upload_at(300, "/apply/") if next(ways) == "cut" else line.lose_reply("/apply/")
    go_on(page, button)
    until(lambda: page.url != here or page.evaluate("document.readyState") == "complete", 30, "nothing happened")
    page.wait_for_function("location.protocol !== 'http:' || document.querySelector('h1')")
    return page.url.startswith("chrome-error")


def nothing(page):
    """A page whose answers stand there already."""


def step(page, line, way, heading: str, after: str, fill=nothing, holds=nothing, button: str = "继续"):
    """One page of the application: filled, sent on a broken line, opened anew with its answers, sent again."""
    question(page, heading)
    here = page.url
    fill(page)
    press_on_a_broken_line(page, line, way, button)
    page.goto(here)
    question(page, heading)
    holds(page)
    go_on(page, button)
    question(page, after)


def says(label: str, words: str):
    return (
        lambda page: page.get_by_label(label).fill(words),
        lambda page: expect(page.get_by_label(label)).to_have_value(words),
    )


def ticks(*words: str):
    return (
        lambda page: [page.get_by_text(one).click() for one in words],
        lambda page: [expect(page.get_by_label(one)).to_be_checked() for one in words],
    )


def lives_there(page):
    for group in ("您现在住在", "您的户口在"):
        page.get_by_role("group", name=re.compile(group)).get_by_text("是", exact=True).click()


def still_lives_there(page):
    for group in ("您现在住在", "您的户口在"):
        expect(page.get_by_role("group", name=re.compile(group)).get_by_label("是", exact=True)).to_be_checked()


def test_application_with_the_network_cut_at_every_step_ends_with_one_case(world, lay, on_line, tried):
    for way in WAYS:
        walk(world, lay(GOOD), on_line, cycle(way.split()))
    tried("F20", 9 * len(WAYS), "steps in a browser whose line broke on the button", "test_counts.py")


def walk(world, line, on_line, way):
    villager = make_villager(world.village)
    page = on_line(line, villager, **PHONE)
    page.goto("/apply/notice/")
    page.get_by_text("我已认真阅读").click()
    if press_on_a_broken_line(page, line, way, "下一步"):
        page.goto("/apply/")
        if page.get_by_text("我已认真阅读").count():
            page.get_by_text("我已认真阅读").click()
            go_on(page, "下一步")
        else:
            page.get_by_role("link", name=re.compile("继续")).first.click()
    step(page, line, way, "申请人", "一起住的家人")
    step(page, line, way, "一起住的家人", "哪个村", button="没有，继续")
    step(page, line, way, "哪个村", "详细地址")
    step(page, line, way, "详细地址", "现在住哪里", *says("详细地址", "3组12号"))
    step(page, line, way, "现在住哪里", "哪里有危险", lives_there, still_lives_there)
    step(page, line, way, "哪里有危险", "危险情况", *ticks("墙体", "屋面"))
    step(page, line, way, "危险情况", "拍下有危险的地方", *says("房屋风险描述", "下雨天漏水"))
    send_photos(page, line)
    press_on_a_broken_line(page, line, way)
    page.goto(page_of(villager, "check"))
    press_on_a_broken_line(page, line, way, "提交申请")
    page.goto(page_of(villager, "check"))
    if page.get_by_role("button", name="提交申请").count():
        go_on(page, "提交申请")
    question(page, "提交成功")
    case = Case.objects.get(claim=villager.claim)
    assert case.state == CaseState.PENDING_ACCEPTANCE and case.risk_description == "下雨天漏水"
    assert CaseEvent.objects.filter(case=case).count() == 1
    assert Attachment.objects.filter(owner_uid=case.uid).count() == 3
    page.context.close()


def page_of(villager, slug: str) -> str:
    return f"/apply/{Case.objects.get(claim=villager.claim).uid}/{slug}/"


def send_photos(page, line):
    """Three photos: no network at first, then one is cut on its way, then an answer is lost."""
    expect(photo_input(page)).to_be_attached()
    line.go_down()
    photo_input(page).set_input_files(photos(3))
    expect(page.get_by_text("网络不好，正在重试，还有 3 张未上传")).to_be_visible()
    assert page.get_by_text("✓").count() == 0
    go_on(page)
    expect(page.get_by_text("还有 3 张未上传，请等一等。不想等，就再点一次。")).to_be_visible()
    line.cut_upload_at(3000, "photos/add")
    line.lose_reply("photos/add")
    line.come_back()
    page.get_by_role("button", name="马上重试").click()
    expect(page.get_by_text("✓ 第3张")).to_be_visible()
    expect(page.locator("[data-slot-banner]")).to_be_hidden()


def test_saved_is_said_after_the_network_is_back(world, villager, lay, on_line):
    line, draft = lay(GOOD), make_draft(villager, world.village)
    page = on_line(line, villager, **PHONE)
    page.goto(f"/apply/{draft.uid}/description/")
    line.go_down()
    page.get_by_label("房屋风险描述").fill("屋顶塌了一角")
    expect(page.get_by_text("网络不好，还没有保存，正在重试")).to_be_visible()
    assert Case.objects.get().risk_description != "屋顶塌了一角"
    line.come_back()
    expect(page.get_by_text(re.compile(r"已保存 \d\d:\d\d"))).to_be_visible()
    assert Case.objects.get().risk_description == "屋顶塌了一角"


def test_two_tabs_two_phones_and_a_closed_browser_end_in_one_draft(world, villager, lay, on_line):
    line = lay(GOOD)
    first = on_line(line, villager, **PHONE)
    second = on_line(line, villager, **PHONE)
    for page in (first, second):
        page.goto("/apply/notice/")
        page.get_by_text("我已认真阅读").click()
    for page in (first, second):
        go_on(page, "下一步")
        question(page, "申请人")
    draft = Case.objects.get()
    tab = first.context.new_page()
    for page, words in ((first, "墙裂了"), (tab, "墙裂了，屋顶漏"), (second, "墙裂了，屋顶漏，地基沉")):
        page.goto(f"/apply/{draft.uid}/description/")
        page.get_by_label("房屋风险描述").fill(words)
    for page in (first, tab, second):
        go_on(page)
        question(page, "拍下有危险的地方")
        photo_input(page).set_input_files(photos(2)[:1])
        expect(page.get_by_text("✓ 第1张")).to_be_visible()
    for page in (first, second):
        page.context.close()
    again = on_line(line, villager, **PHONE)
    again.goto("/apply/")
    again.get_by_role("link", name=re.compile("继续")).first.click()
    again.goto(f"/apply/{draft.uid}/check/")
    expect(again.get_by_text("墙裂了，屋顶漏，地基沉")).to_be_visible()
    assert Case.objects.count() == 1 and Attachment.objects.count() == 1


def bring_back(page):
    """The page as WeChat shows it after "back": from memory."""
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")


def test_a_page_from_memory_is_asked_for_anew_and_is_nobody_elses(world, villager, lay, on_line):
    wife = claim_identity(
        by=villager, name="李小花", id_number=make_id_number(), home_region=world.village, home_address="3组"
    )
    line, draft = lay(GOOD), make_draft(villager, world.village)
    page = on_line(line, villager, **PHONE)
    page.goto(f"/apply/{draft.uid}/description/")
    Case.objects.update(risk_description="别的手机上写的")
    bring_back(page)
    expect(page.get_by_label("房屋风险描述")).to_have_value("别的手机上写的")
    other = page.context.new_page()
    other.goto("/people/")
    other.get_by_role("button", name=re.compile(wife.name)).click()
    question(other, "您想办什么事")
    bring_back(page)
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("危险情况")
    expect(page.get_by_text("别的手机上写的")).to_have_count(0)
    other.goto("/apply/")
    expect(other.get_by_text("继续填写")).to_have_count(0)
