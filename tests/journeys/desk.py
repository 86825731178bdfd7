"""What hands do on the officers' pages: open a case, answer, give a file, send it off."""

import re

from django.urls import reverse
from playwright.sync_api import expect

from renovation.models import Case
from tests.browser import DESK, PHONE
from tests.factories.people import photo_bytes
from tests.journeys.reading import faults_of

SIZES = {"desk": DESK, "phone": PHONE}
# Who sent the case back and why, on top of what is to be done.
RETURNED = "[data-returned]"


def case_url(case, name: str = "case", *more) -> str:
    return reverse(f"renovation:{name}", args=[case.uid, *more])


def state_of(case) -> str:
    return Case.objects.get(pk=case.pk).state


def open_first(page):
    """The first case of the to-do list."""
    page.goto(reverse("renovation:todo"))
    page.locator("[data-rows] [data-href] a").first.click()


def answer(page, name: str, value: str):
    page.locator(f'[data-field="{name}"] input[value="{value}"]').check()


def submit(page):
    page.locator("main [data-submit]").click()


def confirm(page, act: str):
    """The page that asks once more, readable by everybody, and its button."""
    expect(page.get_by_role("heading", name=re.compile(f"确认对.+“{act}”处理吗"))).to_be_visible()
    assert faults_of(page) == []
    page.get_by_role("button", name=f"确认{act}").click()


def said(page, words: str):
    """The message bar says so."""
    expect(page.get_by_role("status").first).to_contain_text(words)


def assert_fits(page):
    """Nothing sticks out of the screen sideways."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url


def upload(page, slot: str, seed: int = 3, size=(640, 480)):
    """One file into that slot; the field takes several once its script is there, and only then."""
    place = page.locator(f"#slot-{slot}")
    file = {"name": f"{slot}.jpg", "mimeType": "image/jpeg", "buffer": photo_bytes(seed, size)}
    place.locator("[data-slot-input][multiple]").set_input_files(file)
    expect(place.locator(".photo[data-uid]")).to_have_count(1)


def upload_sheet(page, slot: str, seed: int = 3):
    """A photographed paper."""
    upload(page, slot, seed, (900, 1200))


def note_doubts(page, words: str = "已核实，情况属实"):
    """The officer's words beside the doubts that the answers raised, and off once more."""
    expect(page.locator("#doubts")).to_contain_text("请核对下面的疑点")
    page.fill("[name=warning_note]", words)
    submit(page)
