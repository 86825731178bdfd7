import pytest

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
