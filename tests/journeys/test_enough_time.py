"""The warning before the login lapses, as a slow hand meets it."""

import pytest
from playwright.sync_api import expect

from tests.browser import PHONE
from tests.factories.renovation import make_draft, make_villager
from tests.journeys.reading import ELDER, faults_in_view

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def test_warned_in_time_kept_by_a_tap_and_told_when_it_is_over(world, sign_in, live_server):
    villager = make_villager(world.village)
    draft = make_draft(villager, world.village)
    page = sign_in(villager, **{**PHONE, "viewport": {"width": 320, "height": 640}})
    page.context.add_cookies([{"name": "elder", "value": "1", "url": live_server.url}])
    page.clock.install()
    page.goto(f"/apply/{draft.uid}/description/")
    warning = page.locator("[data-stay]")
    page.clock.fast_forward("01:45:00")
    expect(warning).to_be_hidden()
    page.clock.fast_forward("00:10:00")
    expect(warning).to_contain_text("再过5分钟会退出登录")
    assert faults_in_view(ELDER)(page) == []
    page.get_by_role("button", name="我还在").click()
    expect(warning).to_be_hidden()
    page.clock.fast_forward("02:01:00")
    expect(warning).to_contain_text("自动退出了")
    expect(warning.get_by_role("link", name="重新登录")).to_be_visible()
