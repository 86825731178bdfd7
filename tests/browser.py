"""Pages in a real Chromium, as a villager's phone and as an officer's screen see them."""

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--lang=zh-CN",
]
PHONE = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
DESK = {"viewport": {"width": 1366, "height": 768}}
# Two cores may be busy with other things: a page that comes late is no fault, one that never comes is.
PATIENCE = 30_000
NEEDS_BROWSER = {"browser", "phone_page", "desk_page", "open_page"}
NEEDS_DATABASE = {"db", "transactional_db", "live_server"}
# Answers to requests: what they ask of the database, the tests of queries and actions ask as well.
NEEDS_PAGES = {"client", "town", "rf"}
# Folders of tests that try to break something (docs/trust.md).
PROOFS = {"access", "faults", "hostile", "network", "races"}
PICTURES = Path(__file__).resolve().parents[1] / "test-results"


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items):
    """Marks tests by what they ask for, and lets those with a browser come last, whatever order others put in.

    Playwright's event loop stays in the thread once it has started; everybody else keeps Django's guard against it.
    """
    skip = pytest.mark.skip(reason="no Chromium on this machine (apt install chromium, or set CHROMIUM)")
    for item in items:
        if NEEDS_BROWSER & set(item.fixturenames):
            item.add_marker("browser")
            if not CHROMIUM:
                item.add_marker(skip)
        if item.get_closest_marker("django_db") or NEEDS_DATABASE & set(item.fixturenames):
            item.add_marker("database")
        if NEEDS_PAGES & set(item.fixturenames):
            item.add_marker("pages")
        if item.path.parent.name in PROOFS:
            item.add_marker("proof")
    result = yield
    items.sort(key=_is_browser)
    # Two processes share out whole files, in this order: a file of both kinds would bring its journeys forward.
    mixed = {item.path for item in items if _is_browser(item)} & {item.path for item in items if not _is_browser(item)}
    if mixed:
        raise pytest.UsageError(f"tests with and without a browser need files of their own: {sorted(map(str, mixed))}")
    return result


def _is_browser(item) -> bool:
    return item.get_closest_marker("browser") is not None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def browser_type_launch_args():
    # Django sees Playwright's loop in this thread and would refuse every query; nothing here is really async.
    # It stays switched off: only tests with a browser come after this.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    return {"executable_path": CHROMIUM, "args": FLAGS, "headless": True}


@pytest.fixture
def open_page(browser, live_server, request):
    """Opens pages of the running site: `open_page(**PHONE)`, `open_page(java_script_enabled=False)` …

    A script error or a refused script or style on any of them fails the test; a failed test leaves a picture.
    """
    contexts, pages, faults = [], [], []
    expect.set_options(timeout=PATIENCE)

    def open_one(**options):
        context = browser.new_context(
            **{"base_url": live_server.url, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"} | DESK | options
        )
        context.set_default_timeout(PATIENCE)
        context.set_default_navigation_timeout(PATIENCE)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        page.on("console", lambda message: _note(message, page, faults))
        contexts.append(context)
        pages.append(page)
        return page

    yield open_one
    if request.node.stash.get(FAILED, False):
        _keep_pictures(request.node.name, pages)
    for context in contexts:
        context.close()
    assert not faults, faults


@pytest.fixture
def phone_page(open_page):
    """A touch phone of 360 × 740."""
    return open_page(**PHONE)


@pytest.fixture
def desk_page(open_page):
    """A screen of 1366 × 768."""
    return open_page(**DESK)


def _note(message, page, faults):
    # Answers of 4xx are logged as errors too, and journeys provoke some of them on purpose.
    if message.type == "error" and "Content Security Policy" in message.text:
        faults.append(f"{page.url}: {message.text}")


def _keep_pictures(name, pages):
    PICTURES.mkdir(exist_ok=True)
    for number, page in enumerate(pages):
        if not page.is_closed():
            page.screenshot(path=PICTURES / f"{name.replace('/', '_')[:80]}-{number}.png", full_page=True)
