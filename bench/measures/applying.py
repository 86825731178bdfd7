"""One whole application in a browser, as somebody does it who was never here: how often the screen is touched."""

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from accounts.models import SmsMessage
from bench import data
from bench.result import Result
from bench.server import running
from regions.models import Region
from tests.browser import CHROMIUM, FLAGS, PHONE
from tests.factories.accounts import make_office, make_user
from tests.factories.regions import enable
from tests.journeys.applying import Hand, apply_for_oneself

TAPS, TYPED = 40, 5
NAMES = "taps_to_apply, fields_typed_to_apply, seconds_to_apply"


def measure(cases: int) -> Iterator[Result]:
    if not CHROMIUM:
        sys.stderr.write(f"{NAMES}: left out, no Chromium on this machine\n")
        return
    data.divisions()
    place = _open_county()
    connection.close()
    with tempfile.TemporaryDirectory(prefix="anju-bench-") as folder, running(Path(folder)) as (port, _):
        hand = _apply(f"http://127.0.0.1:{port}", place)
    yield Result("taps_to_apply", hand.taps, "taps", TAPS, "target", f"≤ {TAPS}", hand.taps <= TAPS)
    yield Result("fields_typed_to_apply", hand.typed, "fields", TYPED, "target", f"≤ {TYPED}", hand.typed <= TYPED)
    # A script neither reads nor looks for glasses: what it takes is the site's own share of the time.
    yield Result("seconds_to_apply", hand.seconds, "s", None, "", "the site's share")


def _open_county() -> tuple[str, ...]:
    """A county that takes applications, one of its villages by the names the region picker shows."""
    plain = {"parent__level": "city", "is_placeholder": False, "parent__is_placeholder": False}
    county = Region.objects.filter(level="county", **plain).order_by("key").first()
    village = Region.objects.filter(level="village").within(county).order_by("key").first()
    make_user(office=make_office(county))
    enable(county)
    names, place = [], village
    while place.parent_id is not None:
        names.append(place.name)
        place = place.parent
    return tuple(reversed(names))


def _apply(site: str, place: tuple[str, ...]) -> Hand:
    from playwright.sync_api import sync_playwright

    # Django sees Playwright's loop in this thread and would refuse every query; nothing here is really async.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS, headless=True)
            page = browser.new_context(base_url=site, locale="zh-CN", timezone_id="Asia/Shanghai", **PHONE).new_page()
            hand = Hand(page)
            apply_for_oneself(hand, "15400004321", place, _code_sent)
            hand.stop()
            browser.close()
            return hand
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def _code_sent() -> str:
    try:
        return re.search(r"\d{6}", SmsMessage.objects.latest("id").text)[0]
    finally:
        # Beside Playwright's loop Django opens a connection of its own, which would outlive the database.
        connection.close()
