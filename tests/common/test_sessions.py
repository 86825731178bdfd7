"""A session that cannot be written because the database is away is no session that somebody deleted."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.db import OperationalError, connection

from common.clock import now
from common.sessions import SessionStore


@pytest.fixture
def session(db):
    store = SessionStore()
    store["seen_at"] = "now"
    store.create()
    return store


def test_session_of_a_lost_database_says_so(session):
    def refuse(execute, sql, *args):
        raise OperationalError("server closed the connection")

    with connection.execute_wrapper(refuse), pytest.raises(OperationalError):
        session.save()


def test_session_that_somebody_deleted_stays_deleted(session):
    SessionStore().delete(session.session_key)
    with pytest.raises(UpdateError):
        session.save()


def test_worker_whose_clock_jumped_ahead_logs_nobody_out(session, monkeypatch):
    from django.utils import timezone

    far = timezone.now() + timedelta(days=400)
    monkeypatch.setattr(timezone, "now", lambda: far)
    SessionStore.clear_expired()
    assert SessionStore().exists(session.session_key)


def test_session_that_is_over_goes(session):
    session.get_model_class().objects.update(expire_date=now() - timedelta(seconds=1))
    SessionStore.clear_expired()
    assert not SessionStore().exists(session.session_key)


@pytest.mark.parametrize("key", ["", "short", "\x00" + "a" * 31, "A" * 32, "a" * 33, "é" * 32, "a" * 31 + "\n"])
def test_key_that_we_never_made_is_not_looked_up(db, django_assert_num_queries, key):
    with django_assert_num_queries(0):
        assert SessionStore(key).get("seen_at") is None
