"""Pictures of the main pages at 360 and 1366 pixels: `make screens`. No test, so not named like one.

The demo is made on the small invented tree: the pictures show no real place, and the same ones on every machine.
"""

import re
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import SmsMessage, User
from regions.actions.calendar import load_days
from regions.management.commands.load_calendar import SOURCE, official_days
from regions.options import load_options
from renovation.choices import CaseState
from renovation.models import Case, Publicity
from renovation.urls_of import for_staff, for_villager
from tests.browser import DESK, PHONE
from tests.factories.regions import make_tree

pytestmark = pytest.mark.django_db(transaction=True)
FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screens"
COUNTY = "990101000000"
SIZES = {"phone": PHONE, "desk": DESK}
# The pictures that the README shows have a plain name; the other size of the page has it too, with its size behind.
PLAIN = {("villager", "phone"), ("progress", "phone"), ("officer", "desk")}
COLOURS, LARGEST = 128, 150_000


@pytest.fixture
def demo(transactional_db):
    make_tree()
    load_days(rows=official_days(), source=SOURCE, by=None)
    load_options()
    call_command("load_demo", county=COUNTY, stdout=StringIO())


def in_state(state: str, **more) -> Case:
    """The first case of the demo in that state."""
    return Case.objects.filter(state=state, **more).order_by("pk").first()


def enter(page, case: Case) -> None:
    """Whoever filed the case logs in with the code of the text message, and taps the own name."""
    page.goto("/login/")
    page.locator("[name=phone]").fill(case.filed_by.phone)
    page.get_by_role("button", name="获取验证码").click()
    page.locator("[name=code]").wait_for()
    page.locator("[name=code]").fill(re.search(r"\d{6}", SmsMessage.objects.latest("id").text)[0])
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_role("button", name=re.compile(case.applicant_name)).click()
    page.wait_for_url(lambda url: "/login" not in url and "/people" not in url)


def enter_staff(page, live_server, level: str, case: Case | None = None) -> None:
    """An officer of that level, of the case's own unit where one is given."""
    users = User.objects.filter(level=level, must_change_password=False)
    user = users.filter(office=case.office).order_by("pk").first() if case else users.order_by("pk").first()
    client = Client()
    client.force_login(user)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )


def keep(page, name: str, size: str) -> None:
    """The picture in few colours: a hundred kilobytes instead of a megabyte."""
    page.evaluate("document.fonts.ready")
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    data = BytesIO()
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(data, "PNG", optimize=True)
    assert data.tell() < LARGEST, f"{name} has {data.tell()} bytes"
    end = "" if (name, size) in PLAIN else f"-{size}"
    (FOLDER / f"{name}{end}.png").write_bytes(data.getvalue())


def ask_to_refuse(page, case: Case) -> None:
    """The answers that lead to the page which asks once more; nothing is decided."""
    page.goto(for_staff(case))
    for name, answer in (("conclusion", "fail"), ("had_policy", "false"), ("is_low_income", "false")):
        page.locator(f"[name={name}][value={answer}]").check(force=True)
    page.locator("textarea[name=opinion]").fill("经核查，申请人在县城有安全住房，不属于本项政策范围。")
    page.locator("[name=opinion]").press("Tab")
    page.locator("main form button[type=submit].btn--main").first.click()
    page.locator("[name=confirmed]").wait_for(state="attached")


@pytest.mark.parametrize("size", SIZES)
def test_pictures(demo, open_page, live_server, size):
    villagers_pages(open_page, size)
    officers_pages(open_page, live_server, size)


def villagers_pages(open_page, size: str) -> None:
    draft, waiting = in_state(CaseState.DRAFT), in_state(CaseState.IN_PUBLICITY)
    finished = in_state(CaseState.COMPLETED, rating=None)
    tours = (
        (waiting, (("villager", "/"), ("progress", for_villager(waiting)))),
        (draft, (("apply-check", reverse("applicants:check", args=[draft.uid])),)),
        (finished, (("rating", reverse("applicants:rate", args=[finished.uid])),)),
    )
    for case, pages in tours:
        page = open_page(**SIZES[size])
        enter(page, case)
        for name, address in pages:
            page.goto(address)
            keep(page, name, size)
    page = open_page(**SIZES[size])
    page.goto(reverse("applicants:public_notice", args=[Publicity.objects.filter(state="open").first().token]))
    keep(page, "notice", size)


def officers_pages(open_page, live_server, size: str) -> None:
    approval, works = in_state(CaseState.PENDING_COUNTY_APPROVAL), in_state(CaseState.PENDING_COMPLETION)
    posted = in_state(CaseState.IN_PUBLICITY)
    page = open_page(**SIZES[size])
    enter_staff(page, live_server, "county", approval)
    for name, address in (
        ("officer", "/staff/"),
        ("to-do", reverse("renovation:todo")),
        ("step", for_staff(approval)),
        ("statistics", reverse("renovation:statistics")),
    ):
        page.goto(address)
        keep(page, name, size)
    ask_to_refuse(page, in_state(CaseState.PENDING_ACCEPTANCE))
    keep(page, "confirm", size)
    for name, case, address in (
        ("works", works, for_staff(works)),
        ("sheet", posted, reverse("renovation:notice_sheet", args=[posted.uid, "village"])),
    ):
        page = open_page(**SIZES[size])
        enter_staff(page, live_server, "township", case)
        page.goto(address)
        keep(page, name, size)
