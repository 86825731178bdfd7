from threading import Barrier

import pytest
from django.db import connection

from regions.actions.calendar import load_days
from regions.management.commands.load_calendar import SOURCE, official_days
from renovation.actions import moves
from renovation.models import Case, CaseNode
from tests.factories.renovation import make_world


@pytest.fixture
def world(transactional_db):
    """A county whose rows are committed, so that every thread sees them."""
    load_days(rows=official_days(), source=SOURCE, by=None)
    return make_world()


@pytest.fixture
def without_constraint(transactional_db):
    """Take a unique constraint away for one control twin: a second fence would hide that the first is down."""
    dropped = []

    def drop(table: str, name: str):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s AND conrelid = %s::regclass",
                [name, table],
            )
            dropped.append((table, name, cursor.fetchone()[0]))
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")

    yield drop
    with connection.cursor() as cursor:
        for table, name, definition in dropped:
            cursor.execute(f"TRUNCATE {table} CASCADE")
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


@pytest.fixture
def unlocked(monkeypatch):
    """The door without its lock: both read the case before either writes."""
    both_have_read = Barrier(2)

    def look(case, *, by):
        Case.objects.visible_to(by).get(pk=case.pk)
        found = moves.LOCKED.one(case.pk)
        both_have_read.wait(30)
        return found

    monkeypatch.setattr(moves, "_lock", look)
    monkeypatch.setattr(moves, "open_node", lambda case: CaseNode.objects.filter(case=case, handled_at=None).first())
