import pytest

from tests.access.holdings import furnish
from tests.access.people import settle
from tests.shared import shared_rows


@pytest.fixture(scope="module")
def town(django_db_setup, django_db_blocker, tmp_path_factory):
    """One town for a whole module."""
    folder = tmp_path_factory.mktemp("town")
    with shared_rows(django_db_blocker, folder):
        made = settle()
        furnish(made)
        made.media = folder
        yield made
