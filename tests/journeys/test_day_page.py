"""审计链日报 as the audit administrator sees it: on a desk, on a phone, on paper."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from accounts.actions.anchors import anchor_heads
from accounts.actions.audit import chain_audit, record
from accounts.choices import Duty
from tests.browser import DESK, PHONE
from tests.factories.accounts import make_administrator, make_user

PAGE = "/staff/audit/heads/"


@pytest.fixture
def auditor(world):
    for code in ("990101000000", "990102000000", "990103000000"):
        officer = make_user(region=world.regions[code])
        for _ in range(3):
            record(by=officer, action="login")
    chain_audit()
    anchor_heads()
    return make_administrator(Duty.AUDIT_ADMIN, region=world.regions["990100000000"])


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_heads_fit_the_screen_and_the_paper(sign_in, auditor, size):
    page = sign_in(auditor, **size)
    page.goto(PAGE)
    expect(page.get_by_role("heading", name="审计链日报")).to_be_visible()
    expect(page.get_by_text("青溪县")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    _keep(page, f"heads-{size['viewport']['width']}")
    page.get_by_role("link", name="前一天").click()
    expect(page.get_by_text("这一天没有存证")).to_be_visible()
    page.get_by_role("link", name="后一天").click()
    page.emulate_media(media="print")
    expect(page.get_by_text("审计管理员（签字）")).to_be_visible()
    expect(page.get_by_role("button", name="打印")).to_be_hidden()
    expect(page.get_by_role("link", name="前一天")).to_be_hidden()
    _keep(page, f"heads-{size['viewport']['width']}-paper")


def _keep(page, name: str) -> None:
    """A picture to look at, where one is asked for."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
