"""拍照识别 as a person does it: a photo of a drawn card, the real model, fields filled; with a script and without."""

import importlib.util
import os
import time

import pytest
from django.urls import reverse

from households.actions import cards
from households.choices import ReadingState
from households.models import CardReading
from tests.browser import PHONE
from tests.factories.accounts import make_phone_account
from tests.idcards.drawing import has_fonts, photo
from tests.idcards.people import holders
from tests.journeys.reading import faults_for_a_thumb

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.skipif(not importlib.util.find_spec("rapidocr"), reason="rapidocr is not installed"),
    pytest.mark.skipif(not has_fonts(), reason="fonts-noto-cjk is not installed"),
]
NEW = reverse("applicants:person_new")


@pytest.fixture
def holder():
    return holders(1)[0]


@pytest.fixture
def chosen(holder):
    """What the file chooser of a phone gives."""
    return {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": photo(holder, 2)}


def be_the_worker() -> None:
    """Read the one photo as soon as it is there."""
    until = time.monotonic() + 30
    while not CardReading.objects.filter(state=ReadingState.WAITING).exists():
        assert time.monotonic() < until, "no photo came"
        time.sleep(0.1)
    assert cards.read_waiting() == 1


def kept(page, name: str) -> None:
    """A picture for whoever wants to look: CARD_SCREENS=folder."""
    if folder := os.environ.get("CARD_SCREENS"):
        for width in (320, 360, 414):
            page.set_viewport_size({"width": width, "height": 740})
            page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)


def test_photo_fills_the_page_under_the_persons_eyes(world, sign_in, holder, chosen):
    page = sign_in(make_phone_account(), **PHONE)
    page.goto(NEW)
    kept(page, "before")
    page.set_input_files("[data-card-input]", files=[chosen])
    be_the_worker()
    page.wait_for_selector(".card-photo__check")
    state = page.locator("[data-card-state]")
    state.get_by_text("已填好4项").wait_for()
    assert page.input_value("[name=name]") == holder.name
    assert page.input_value("[name=id_number]").replace(" ", "") == holder.id_number
    assert page.input_value("[name=home_address]") == holder.address.split("村", 1)[1]
    page.locator(f"select[name=home_region] option[value='{world.village.pk}']:checked").wait_for(state="attached")
    assert page.locator(".card-photo__check").count() == 4
    assert faults_for_a_thumb(page) == []
    kept(page, "after")
    page.check("[name=consent]")
    page.click("[data-submit]")
    page.wait_for_url(lambda url: NEW not in url)


def test_without_a_script_the_form_comes_back_filled(world, sign_in, holder, chosen):
    page = sign_in(make_phone_account(), **PHONE, java_script_enabled=False)
    page.goto(NEW)
    page.set_input_files("[data-card-input]", files=[chosen])
    page.click("[data-card-plain]")
    page.get_by_text("正在看您的照片").wait_for()
    kept(page, "wait")
    be_the_worker()
    # By itself, after three seconds.
    page.wait_for_url(lambda url: "card=" in url)
    assert page.input_value("[name=name]") == holder.name
    assert page.get_by_text("拍照识别的，请核对。").count() == 4
    kept(page, "plain")
