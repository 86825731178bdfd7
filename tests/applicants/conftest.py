import pytest
from django.test import Client

from accounts.choices import Duty
from households.middleware import SESSION_KEY
from tests.factories.accounts import make_user
from tests.factories.renovation import make_villager, make_world


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def villager(world):
    return make_villager(world.village)


@pytest.fixture
def phone(villager):
    """A browser on the villager's phone, the own name tapped."""
    return browser_of(villager)


@pytest.fixture
def cadre(world):
    """A village cadre who may file for others (代办)."""
    return make_user("village", region=world.village, duties=[Duty.ENTRY])


def browser_of(account, claim=None) -> Client:
    """A logged-in client that speaks for the claim (the account's own by default)."""
    client = Client()
    client.force_login(account)
    claim = claim or getattr(account, "claim", None)
    if claim is not None:
        session = client.session
        session[SESSION_KEY] = claim.pk
        session.save()
    return client
