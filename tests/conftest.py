"""What every test stands on: services, keys and files of its own; warnings and undefined variables are failures."""

import os
from importlib import import_module

import pytest

from tests import trust
from tests.browser import *  # noqa: F403
from tests.browser import FAILED
from tests.shared import shared_media


def pytest_configure(config):
    _make_keys(config)


def _make_keys(config):
    """Keys nobody else has, handed to workers and child processes through the environment."""
    if os.environ.get("ANJU_KEYS"):
        return
    import tempfile
    from pathlib import Path

    from common.keys import create_keys

    with tempfile.TemporaryDirectory() as folder:
        os.environ["ANJU_KEYS"] = create_keys(Path(folder) / "keys.json").read_text("ascii")


@pytest.fixture(autouse=True, scope="session")
def _append_only_tables_can_be_emptied_between_tests():
    """A transactional test ends with TRUNCATE, which the audit trail's triggers refuse, and rightly so."""
    from django.apps import apps
    from django.db.backends.postgresql.operations import DatabaseOperations

    plain = DatabaseOperations.execute_sql_flush

    def without_triggers(self, sql_list):
        plain(self, ["SET session_replication_role = replica", *sql_list, "RESET session_replication_role"])
        # What a migration brought is there again, for tests that come after in any order.
        import_module("renovation.migrations.0002_ladder").seed(apps, None)

    DatabaseOperations.execute_sql_flush = without_triggers
    yield
    DatabaseOperations.execute_sql_flush = plain


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    # The heads of the audit chains stand here too: those of another test would accuse this one of cutting its chain.
    settings.VAR_DIR = tmp_path / "var"
    settings.VAR_DIR.mkdir()
    settings.MEDIA_ROOT = shared_media() or tmp_path / "media"


@pytest.fixture
def tried(request):
    """Says what this test tried and how often: `tried("L-01", 10_000, "guesses", control="test_without_…")`."""
    told = []
    yield lambda entry, count, of, control="": told.append((entry, count, of, control))
    for entry, count, of, control in told:
        trust.write(request.node.nodeid, entry, count, of, control, request.node.stash.get(FAILED, False))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The live server's threads may still hold a connection when the test database is dropped: they are shown out."""
    yield
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
