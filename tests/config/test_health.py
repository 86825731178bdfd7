import time

import pytest
from django.db import OperationalError, connection

from config import health


@pytest.mark.django_db
def test_ready_when_everything_answers(client):
    answer = client.get("/readyz")
    assert answer.json() == {
        name: "ready" if name == "status" else "ok"
        for name in ("status", "database", "migrations", "keys", "storage", "redis", "audit")
    }
    assert answer.status_code == 200


@pytest.mark.django_db
def test_lost_redis_is_reported_quickly_but_pages_work_without_it(client, settings, tmp_path):
    settings.REDIS_URL = f"unix://{tmp_path}/gone.sock"
    began = time.monotonic()
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["redis"] == "ConnectionError"
    assert time.monotonic() - began < 1


@pytest.mark.django_db
def test_unapplied_migration_is_not_ready(client, monkeypatch):
    monkeypatch.setattr(health, "_migrated", False)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["migrations"] == "DatabaseError"


@pytest.mark.django_db
def test_storage_that_takes_no_files_is_not_ready(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "file"
    settings.MEDIA_ROOT.write_text("not a folder")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["storage"] == "FileExistsError"


def test_alive_asks_nothing_of_the_database(client):
    def refuse(*_):
        raise OperationalError("asked")

    # No django_db mark: a query would fail this test by itself.
    with connection.execute_wrapper(refuse):
        assert client.get("/healthz").json() == {"status": "up"}
