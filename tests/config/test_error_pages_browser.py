"""What was typed comes back in the browser: after a 503, a session that ran out and an old page, on both sizes."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError
from playwright.sync_api import expect

from renovation.choices import CaseState
from tests.factories.accounts import PASSWORD
from tests.factories.renovation import make_case, make_villager, make_world
from tests.journeys.conftest import sign_in  # noqa: F401
from tests.journeys.desk import SIZES, assert_fits, case_url
from tests.journeys.reading import faults_of

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "请再拍一张房屋正面的照片，把后墙的裂缝也拍进去。"
NOTE = "已恢复您上次在这里填写的内容，请核对后提交。"


@pytest.fixture
def world():
    return make_world()


@pytest.fixture(params=SIZES)
def page(request, world, sign_in):  # noqa: F811
    """The officer's form for the villager, its words typed and not yet sent."""
    case = make_case(world, CaseState.PENDING_APPRAISAL, villager=make_villager(world.village))
    opened = sign_in(world.officer, **SIZES[request.param])
    opened.goto(case_url(case, "ask_photos"))
    opened.fill("[name=words]", WORDS)
    return opened


def send(page):
    page.locator("main [data-submit]").click()


def test_words_survive_a_lost_database(page, monkeypatch):
    def gone(self, request, *args, **kwargs):
        raise OperationalError("gone")

    with monkeypatch.context() as broken:
        broken.setattr("django.views.generic.base.View.dispatch", gone)
        send(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("系统正在恢复")
        expect(page.locator("textarea")).to_have_value(WORDS)
        assert_fits(page)
        assert faults_of(page) == []
        page.screenshot(path=f"var/error-503-{page.viewport_size['width']}.png", full_page=True)
    page.get_by_role("link", name="返回继续填写").click()
    expect(page.locator("[name=words]")).to_have_value(WORDS)
    expect(page.get_by_text(NOTE)).to_be_visible()
    # Taken this time: opened anew, the form starts empty.
    address = page.url.partition("?")[0]
    send(page)
    expect(page).not_to_have_url(re.compile("/photos/"))
    page.goto(address)
    expect(page.locator("[name=words]")).to_have_value("")


def test_words_survive_a_session_that_ran_out(page, world):
    Session.objects.all().delete()
    world.officer.set_password(PASSWORD)
    world.officer.save()
    send(page)
    expect(page.get_by_text("登录已超时，请重新登录")).to_be_visible()
    assert_fits(page)
    page.screenshot(path=f"var/error-timeout-{page.viewport_size['width']}.png", full_page=True)
    page.fill("[name=username]", world.officer.username)
    page.fill("[name=password]", PASSWORD)
    send(page)
    expect(page.locator("[name=words]")).to_have_value(WORDS)
    expect(page.get_by_text(NOTE)).to_be_visible()


def test_words_survive_an_old_page(page):
    page.context.clear_cookies(name="csrftoken")
    send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("页面打开得太久了")
    expect(page.locator("textarea")).to_have_value(WORDS)
    assert_fits(page)
    page.screenshot(path=f"var/error-csrf-{page.viewport_size['width']}.png", full_page=True)
    page.get_by_role("link", name="返回继续填写").click()
    expect(page.locator("[name=words]")).to_have_value(WORDS)
