"""A login that is over while somebody fills in a page (F21): afterwards the person is there again, with everything."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from accounts.models import SmsCode
from households.models import Attachment
from renovation.actions.drafts import delete_draft
from renovation.models import Case
from tests.browser import PHONE
from tests.factories.renovation import make_draft
from tests.journeys.test_apply import choose_village, go_on, log_in, photo_input, photos, question, tap_name
from tests.network.line import GOOD
from tests.network.test_weak_browser import lives_there, says, still_lives_there, ticks
from tests.scale import some

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def picks_the_other_village(page):
    choose_village(page, "石桥镇", "下坝村民委员会")


def still_has_it(page):
    expect(page.locator(".region-picker select").last.locator("option:checked")).to_have_text("下坝村民委员会")


FILLED = {
    "region": (picks_the_other_village, still_has_it),
    "address": says("详细地址", "9组9号"),
    "description": says("房屋风险描述", "后墙裂了，下雨天漏水"),
    "parts": ticks("地基", "梁柱"),
    "residence": (lives_there, still_lives_there),
}
PAGES = some(["description", "region"], list(FILLED) * 8)


def log_in_again(page, villager):
    """As the login page asks: the number, the code, the name."""
    # A minute between two codes and ten a day hold for people; here logins run out as fast as pages open.
    SmsCode.objects.all().delete()
    log_in(page, villager.phone)
    tap_name(page, villager.claim.name)


@pytest.mark.parametrize("by_button", [True, False])
def test_a_login_that_ran_out_leads_back_to_the_page_with_all_answers(world, villager, lay, on_line, tried, by_button):
    line, page, draft = lay(GOOD), None, None
    # Where the draft has the answer already, the page has nothing unsaved to tell of.
    pages = [slug for slug in PAGES if by_button or slug != "residence"]
    for number, slug in enumerate(pages):
        if number % len(set(pages)) == 0:
            # Filled in again, the same words would be no change.
            if draft:
                delete_draft(case=draft, by=villager)
            draft = make_draft(villager, world.village)
            page = page or on_line(line, villager, **PHONE)
        fill, holds = FILLED[slug]
        page.goto(f"/apply/{draft.uid}/{slug}/")
        fill(page)
        Session.objects.all().delete()
        # Either the button is pressed at once, or the page has said by itself that nothing is saved.
        if by_button:
            go_on(page)
        else:
            expect(page.get_by_text("登录已超时，还没有保存。请")).to_be_visible()
            link = page.get_by_role("link", name="重新登录")
            page.goto(link.get_attribute("href"))
        log_in_again(page, villager)
        assert f"/{slug}/" in page.url
        holds(page)
        go_on(page)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert f"/{slug}/" not in page.url
    assert Attachment.objects.filter(owner_uid=draft.uid).count() == 1 and Case.objects.count() == 1
    tried("F21", len(pages), "logins that ran out on a page half filled", CONTROL)


CONTROL = "test_control_without_the_tabs_memory_the_words_are_gone"


def test_control_without_the_tabs_memory_the_words_are_gone(world, villager, lay, on_line):
    line, draft = lay(GOOD), make_draft(villager, world.village)
    page = on_line(line, villager, **PHONE)
    page.route("**/keep-typed.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(f"/apply/{draft.uid}/description/")
    page.get_by_label("房屋风险描述").fill("后墙裂了，下雨天漏水")
    Session.objects.all().delete()
    go_on(page)
    log_in_again(page, villager)
    question(page, "危险情况")
    expect(page.get_by_label("房屋风险描述")).to_have_value(draft.risk_description)


def test_photos_wait_for_the_login_in_another_tab(world, villager, lay, on_line, tried):
    line, draft = lay(GOOD), make_draft(villager, world.village, photos=0)
    page = on_line(line, villager, **PHONE)
    page.goto(f"/apply/{draft.uid}/photos/")
    photo_input(page).set_input_files(photos(3)[:1])
    expect(page.get_by_text("✓ 第1张")).to_be_visible()
    Session.objects.all().delete()
    photo_input(page).set_input_files(photos(3)[1:])
    expect(page.get_by_text(re.compile("登录已超时，还有 2 张未上传。请"))).to_be_visible()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="重新登录").click()
    log_in_again(opened.value, villager)
    question(opened.value, "拍下有危险的地方")
    expect(page.get_by_text("✓ 第3张")).to_be_visible()
    expect(page.locator("[data-slot-banner]")).to_be_hidden()
    assert Attachment.objects.filter(owner_uid=draft.uid).count() == 3
    tried("F21", 2, "photos on the way when the login ran out", CONTROL)
