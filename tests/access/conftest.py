import pytest
from django.conf import settings
from django.db import transaction

from tests.access.holdings import furnish
from tests.access.people import settle


@pytest.fixture(scope="module")
def town(django_db_setup, django_db_blocker, tmp_path_factory):
    """One town for a whole module, in a transaction that never ends well; each test works in a savepoint inside."""
    kept = settings.MEDIA_ROOT
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("town")
    with django_db_blocker.unblock(), transaction.atomic():
        made = settle()
        furnish(made)
        made.media = settings.MEDIA_ROOT
        yield made
        transaction.set_rollback(True)
    settings.MEDIA_ROOT = kept


@pytest.fixture(autouse=True)
def _towns_media(request, settings):
    """Files of the town lie where the town was made, not in the folder that each test gets before this."""
    if "town" in request.fixturenames:
        settings.MEDIA_ROOT = request.getfixturevalue("town").media
