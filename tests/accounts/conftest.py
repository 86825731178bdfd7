import pytest

from tests.factories.accounts import PASSWORD, make_office, make_user
from tests.factories.regions import make_tree


@pytest.fixture
def tree(db):
    return make_tree()


@pytest.fixture
def county(tree):
    return tree["990101000000"]


@pytest.fixture
def township(tree):
    return tree["990101100000"]


@pytest.fixture
def village(tree):
    return tree["990101100201"]


@pytest.fixture
def manager(county):
    return make_user(region=county, username="manager", password=PASSWORD)


@pytest.fixture
def office(township):
    return make_office(township)
