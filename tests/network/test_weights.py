"""First visits to villagers' pages: light, long-cached, usable in 5 s on a weak line, no wider than the phone."""

import random

import pytest
from django.test import Client

from tests.applicants.conftest import browser_of
from tests.browser import PHONE
from tests.factories.renovation import make_world
from tests.network import weights
from tests.network.front import collect, serving
from tests.network.line import Line, Quality
from tests.network.pages import places
from tests.scale import FULL, some

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
WEAK = Quality()
TIMED = some({"第3步 有危险的房子在哪个村？"}, None)
# The machine may be busy with other things: the line is what is measured, so the quickest visit counts.
VISITS = 3
WIDTHS = some((320, 414), (320, 360, 375, 414))
SCALES = some((1.5,), (1.0, 1.25, 1.5, 2.0))
USABLE_AFTER = """
() => new Promise(done => {
  const told = () => done(performance.timing.domContentLoadedEventEnd - performance.timing.navigationStart);
  document.readyState === 'complete' ? told() : window.addEventListener('load', () => setTimeout(told, 0));
})
"""


@pytest.fixture
def every_page(transactional_db):
    return places(make_world())


def client_of(place) -> Client:
    return browser_of(place.who) if place.who else Client()


def seconds(open_page, place, port: int) -> float:
    """How long until the page can be used, on a phone that has never been here."""
    took = []
    while len(took) < VISITS and (not took or took[-1] > weights.SECONDS):
        took.append(first_visit(open_page, place, port))
    return min(took)


def first_visit(open_page, place, port: int) -> float:
    with Line(port, WEAK) as line:
        page = open_page(**PHONE, base_url=f"http://127.0.0.1:{line.port}")
        if place.who:
            session = client_of(place).cookies["sessionid"].value
            page.context.add_cookies([{"name": "sessionid", "value": session, "url": f"http://127.0.0.1:{line.port}"}])
        # Photos aside: they come when they come.
        page.route("**/thumb/", lambda route: route.abort())
        page.goto(place.url)
        took = page.evaluate(USABLE_AFTER) / 1000
        page.context.close()
    return took + weights.HANDSHAKE


def test_first_visit_to_every_page_is_light_and_quick(every_page, open_page, settings, tmp_path):
    collect(settings, tmp_path / "collected")
    heavy, slow = [], []
    with serving() as port:
        for place in every_page:
            weight = weights.weigh(client_of(place), place.url)
            if weight["usable"] > weights.USABLE or weight["all"] > weights.ALL:
                heavy.append((place.name, weight))
            if TIMED is None or place.name in TIMED:
                took = seconds(open_page, place, port)
                slow += [(place.name, took)] if took > weights.SECONDS else []
                weights.note(name=place.name, seconds=took, **weight)
    assert (heavy, slow) == ([], [])


def test_a_heavier_page_would_be_noticed(every_page, settings, tmp_path, monkeypatch):
    """The control: forty kilobytes of noise in one script."""
    collect(settings, tmp_path / "collected")
    frame = next((tmp_path / "collected" / "js").glob("frame.*.js.gz"))
    frame.write_bytes(random.Random(1).randbytes(40_000))
    assert weights.weigh(client_of(every_page[0]), every_page[0].url)["usable"] > weights.USABLE


def test_files_of_pages_may_be_kept_for_ever(settings, tmp_path):
    collect(settings, tmp_path / "collected")
    name = next((tmp_path / "collected" / "css").glob("base.*.css")).name
    answer = Client().get(f"/static/css/{name}")
    b"".join(answer)
    answer.close()
    assert "max-age=315360000" in answer.headers["Cache-Control"] and "immutable" in answer.headers["Cache-Control"]


def too_wide(page) -> list[str]:
    """Where the page is wider than the phone, at each width and each size of letters."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 740})
        for scale in SCALES:
            page.evaluate(f"document.documentElement.style.fontSize = {scale} * 100 + '%'")
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                found.append(f"{page.url} at {width} px, letters × {scale}")
    return found


def test_no_page_is_wider_than_the_phone(every_page, open_page, live_server):
    wide, page, who = [], None, object()
    for place in every_page if FULL else every_page[::3]:
        if place.who is not who:
            page, who = open_page(**PHONE), place.who
            if who:
                session = client_of(place).cookies["sessionid"].value
                page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page.goto(place.url)
        wide += too_wide(page)
    assert wide == []
