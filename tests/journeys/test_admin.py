"""A holiday nobody knew of: the county's administrator enters it, the due date moves, the officer is told (N48)."""

import pytest
from django.test import Client

from accounts.actions import outbox
from accounts.choices import Duty
from accounts.models import OutboxEntry
from common.templatetags.anju import cn_date
from regions.deadlines import next_workday
from renovation.actions.clock import TOPIC
from renovation.models import CaseNode
from tests.browser import DESK, PHONE
from tests.factories.accounts import make_administrator
from tests.factories.renovation import make_case, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world():
    return make_world()


def drain():
    """What the worker does with the outbox, here and now."""
    for entry in OutboxEntry.objects.filter(state__in=outbox.OPEN, topic=TOPIC):
        assert outbox.handle(entry.pk)


def page_of(open_page, live_server, user, **options):
    client = Client()
    client.force_login(user)
    page = open_page(**options)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    return page


@pytest.mark.parametrize("device", [DESK, PHONE], ids=["desk", "phone"])
def test_local_holiday_moves_the_due_date_of_an_open_case(open_page, live_server, world, device):
    case = make_case(world)
    due_on = CaseNode.objects.get(case=case, handled_at=None).due_on
    drain()

    page = page_of(open_page, live_server, make_administrator(Duty.SYSTEM_ADMIN, region=world.county), **device)
    page.goto("/admin/")
    page.get_by_role("link", name="工作日历").first.click()
    page.get_by_role("link", name="增加 工作日历").click()
    page.get_by_role("heading", name="新增工作日历").wait_for()
    page.locator("[name=date]").fill(due_on.isoformat())
    page.locator("[name=kind]").select_option("holiday")
    page.locator("[name=name]").fill("花山节")
    page.locator("[name=source]").fill("县政府通知")
    page.locator(".field-region .select2-selection").click()
    page.locator(".select2-search__field").fill("青溪")
    page.locator(".select2-results__option", has_text="青溪县").first.click()
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_text("成功").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    drain()
    moved = CaseNode.objects.get(case=case, handled_at=None).due_on
    assert moved == next_workday(due_on, world.county.pk)
    assert moved > due_on

    desk = page_of(open_page, live_server, world.officer, **device)
    desk.goto("/staff/messages/")
    desk.get_by_text(f"调整为{moved.month}月{moved.day}日").first.wait_for()
    desk.goto(f"/staff/cases/{case.uid}/")
    desk.get_by_text(f"最迟{cn_date(moved)}").first.wait_for()
