import pytest

from tests.factories.renovation import make_world


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def officer(client, world):
    """The county's officer, logged in."""
    client.force_login(world.officer)
    return client


@pytest.fixture
def calendar(db):
    """The real national calendar, so that nothing is provisional."""
    from regions.actions.calendar import load_days
    from regions.management.commands.load_calendar import SOURCE, official_days

    load_days(rows=official_days(), source=SOURCE, by=None)
