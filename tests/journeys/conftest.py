import pytest
from django.core.management import call_command

from accounts.actions.audit import chain_audit
from tests.applicants.conftest import browser_of
from tests.factories.renovation import make_world


@pytest.fixture(autouse=True)
def nothing_is_broken(transactional_db):
    """Every journey ends by asking the whole database whether a rule was broken (invariants I1–I5, I9)."""
    yield
    # No timer runs here, and a journey on a busy machine may take longer than an entry may wait for its chain.
    chain_audit()
    try:
        call_command("check_invariants")
    except SystemExit:
        # As an exit it would end the whole tear-down, and every test after this one would find the leftovers.
        pytest.fail("check_invariants found something; its report stands in the captured output")


@pytest.fixture
def world(transactional_db):
    return make_world()


@pytest.fixture
def sign_in(open_page, live_server):
    """A page of the running site with that account logged in; a villager's own name is tapped already."""

    def signed_in(account, **options):
        page = open_page(**options)
        session = browser_of(account).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        return page

    return signed_in
