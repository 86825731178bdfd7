"""A villager's pages in the ordinary view and in 长辈版: letters, contrast, targets, motion, whom to call, axe."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from applicants import pages
from households.actions.claims import claim_identity
from households.middleware import scope_of
from renovation.actions.service import note_viewing, request_photos
from renovation.choices import CaseState
from tests.browser import PHONE
from tests.factories.people import make_id_number
from tests.factories.publicity import make_noticed
from tests.factories.renovation import make_case, make_draft, make_villager
from tests.journeys.reading import ELDER, ORDINARY, faults_in_view, read_all
from tests.scale import some

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
VIEWS = {"ordinary": ("0", ORDINARY), "elder": ("1", ELDER)}
WIDTHS = some((320,), (320, 360, 414))
LONG = "阿卜杜热合曼·买买提江"


def of(case, *names: str) -> list[str]:
    return [reverse(f"applicants:{name}", args=[case.uid]) for name in names]


def before_filing(world) -> tuple:
    """A draft with a member of the family: the start, the nine questions, and what lies beside them."""
    villager = make_villager(world.village, LONG)
    draft = make_draft(villager, world.village, photos=2)
    draft.members.create(name="李小花", relation="10", id_number=make_id_number("19600101"))
    questions = [reverse("applicants:page", args=[draft.uid, page.slug]) for page in pages.PAGES]
    beside = ["/apply/", "/apply/notice/", "/people/", "/people/new/", "/me/", "/me/pin/", "/renovation/", "/"]
    beside += of(draft, "draft_delete", "member_new")
    return villager, some([*questions[1:], "/apply/notice/", "/people/new/"], [*questions, *beside])


def after_filing(world) -> tuple:
    villager = make_villager(world.village, LONG)
    case = make_case(world, CaseState.PENDING_REVIEW, villager=villager)
    request_photos(case=case, by=world.township_officer, words="请退后拍一张整座房子，正面和侧面都要拍到。")
    note_viewing(case=case, by=world.township_officer)
    beside = some([], [*of(case, "extra_photos", "viewings"), "/cases/", "/"])
    return villager, [*of(case, "case", "done"), "/messages/", *beside]


def at_the_end(world) -> tuple:
    villager = make_villager(world.village)
    case = make_case(world, CaseState.COMPLETED, villager=villager)
    return villager, [*of(case, "rate"), *some([], [*of(case, "case"), "/cases/?tab=finished"])]


def refused(world) -> tuple:
    villager = make_villager(world.village)
    case = make_case(world, CaseState.REVIEW_FAILED, villager=villager)
    return villager, [*of(case, "case"), *some([], of(case, "second_look"))]


def on_notice(world) -> tuple:
    villager = make_villager(world.village)
    case, notice = make_noticed(world, villager=villager)
    return villager, [reverse("applicants:public_notice", args=[notice.token]), *some([], of(case, "case"))]


def waiting_with_a_pin(world) -> tuple:
    villager = make_villager(world.village)
    case = make_case(world, villager=villager)
    wife = claim_identity(
        by=villager, name="李小花", id_number=make_id_number(), home_region=world.village, home_address="3组"
    )
    villager.act_as(scope_of(wife))
    return villager, [*of(case, "withdraw"), reverse("applicants:person_pin", args=[villager.claim.uid]), "/people/"]


TOURS = some(
    (before_filing, after_filing),
    (before_filing, after_filing, at_the_end, refused, on_notice, waiting_with_a_pin),
)


@pytest.mark.parametrize("view", VIEWS)
def test_every_page_can_be_read_and_hit(world, sign_in, live_server, view):
    cookie, limits = VIEWS[view]
    wrong = {}
    for width in WIDTHS:
        size = {**PHONE, "viewport": {"width": width, "height": 640}}
        for tour in TOURS:
            villager, addresses = tour(world)
            page = sign_in(villager, **size)
            page.context.add_cookies([{"name": "elder", "value": cookie, "url": live_server.url}])
            wrong |= read_all(page, addresses, faults_in_view(limits))
            assert page.locator("html.elder").count() == int(cookie)
            page.context.close()
    assert wrong == {}


@pytest.mark.parametrize("view", VIEWS)
def test_pages_before_login_too(world, open_page, live_server, view):
    cookie, limits = VIEWS[view]
    page = open_page(**{**PHONE, "viewport": {"width": 320, "height": 640}})
    page.context.add_cookies([{"name": "elder", "value": cookie, "url": live_server.url}])
    assert read_all(page, ["/", "/renovation/", "/login/"], faults_in_view(limits)) == {}


def test_the_confirmation_can_be_printed(world, sign_in):
    villager = make_villager(world.village)
    case = make_case(world, CaseState.PENDING_ACCEPTANCE, villager=villager)
    page = sign_in(villager, **PHONE)
    page.goto(*of(case, "done"))
    expect(page.get_by_role("button", name="打印或保存这一页")).to_be_visible()
    page.emulate_media(media="print")
    for paper in (".big-number", ".status-line", ".phone-line"):
        expect(page.locator(paper).first).to_be_visible()
    for screen in (".v-nav", ".v-top", ".v-step", ".btn", ".stay"):
        assert page.locator(screen).evaluate_all("all => all.every(one => !one.offsetHeight)"), screen


SPOILT = """
() => { const sheet = new CSSStyleSheet();
        sheet.replaceSync('.v-foot { font-size: 20px; color: #888 } h1 { transition: opacity 1s }'
                          + '.elder .btn--link { min-height: 30px; line-height: 1 }');
        document.adoptedStyleSheets = [sheet]; }
"""


def test_twin_the_measures_see_what_is_spoilt(world, open_page, live_server):
    page = open_page(**PHONE)
    page.context.add_cookies([{"name": "elder", "value": "1", "url": live_server.url}])
    page.goto("/login/")
    page.evaluate(SPOILT)
    found = " ".join(faults_in_view(ELDER)(page))
    wanted = ("letters of 20px", "contrast 3.5", "target of", "moves: <h1")
    assert [word for word in wanted if word not in found] == []
