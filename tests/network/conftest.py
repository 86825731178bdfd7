import pytest
from django.core.management import call_command

from accounts.actions.audit import chain_audit
from tests.applicants.conftest import browser_of
from tests.factories.renovation import make_villager, make_world
from tests.faults.visitors import Visitor
from tests.network.line import GOOD, Line
from tests.network.phones import Phone


@pytest.fixture
def world(transactional_db):
    yield make_world()
    # Whatever the line did: no rule of the house is broken by it (I1–I5, I9).
    # A hundred applications are more than one batch.
    while chain_audit():
        pass
    try:
        call_command("check_invariants")
    except SystemExit:
        pytest.fail("check_invariants found something; its report stands in the captured output")


@pytest.fixture
def villager(world):
    return make_villager(world.village)


@pytest.fixture
def lay(live_server):
    """`lay(quality)`: a line to the running site; pulled out at the end."""
    lines = []

    def one(quality=GOOD, **more) -> Line:
        port = int(live_server.url.rsplit(":", 1)[1])
        lines.append(Line(port, quality, **more).__enter__())
        return lines[-1]

    yield one
    for line in lines:
        line.__exit__()


def session_of(account) -> str:
    """A new login of that phone, the own name tapped."""
    return browser_of(account).cookies["sessionid"].value


def phone_of(account, line: Line, **more) -> Phone:
    return Phone(Visitor(line.port, session_of(account)), **more)


@pytest.fixture
def on_line(open_page):
    """`on_line(line, account, **PHONE)`: a browser on that line, logged in."""

    def one(line: Line, account=None, **options):
        page = open_page(**options | {"base_url": f"http://127.0.0.1:{line.port}"})
        if account is not None:
            cookie = {"name": "sessionid", "value": session_of(account), "url": f"http://127.0.0.1:{line.port}"}
            page.context.add_cookies([cookie])
        return page

    return one
