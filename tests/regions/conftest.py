import pytest

from regions.management.commands.load_calendar import SOURCE, official_days
from tests.factories.regions import make_tree


@pytest.fixture
def tree(db):
    return make_tree()


@pytest.fixture
def national_calendar(db):
    """The real national calendar, 2004–2026, loaded as the command loads it."""
    from regions.actions.calendar import load_days

    load_days(rows=official_days(), source=SOURCE, by=None)


@pytest.fixture(autouse=True)
def _fresh_names():
    from regions import names

    names.forget()
    yield
    names.forget()
