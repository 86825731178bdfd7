"""T-05: the application's own database role can write the trail and read it, and nothing else."""

from io import StringIO

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from psycopg2.errors import InsufficientPrivilege

from accounts.actions.audit import chain_audit, record
from accounts.actions.verify import verify_audit
from accounts.database_role import APPEND_ONLY, excess, tables
from accounts.models import AuditEntry
from tests.factories.accounts import PASSWORD, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.proof]
ROLE = "anju_app_test"
# What somebody with the application's password would try, for each table of the trail.
ATTEMPTS = (
    "UPDATE {table} SET id = id",
    "DELETE FROM {table}",
    "TRUNCATE {table} CASCADE",
    "DROP TABLE {table} CASCADE",
    "DROP TRIGGER append_only_rows ON {table}",
    "DROP TRIGGER append_only_table ON {table}",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "ALTER TABLE {table} DISABLE TRIGGER append_only_rows",
    "ALTER TABLE {table} OWNER TO " + ROLE,
    "ALTER TABLE {table} ADD COLUMN note text",
    "ALTER TABLE {table} RENAME TO hidden",
    "CREATE TRIGGER silent BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION anju_refuse_change()",
    "CREATE RULE silent AS ON INSERT TO {table} DO INSTEAD NOTHING",
    "CREATE INDEX mine ON {table} (id)",
    "GRANT ALL ON {table} TO " + ROLE,
    "SELECT 1 FROM {table} FOR UPDATE",
)
ONCE = (
    "SET session_replication_role = replica",
    "CREATE OR REPLACE FUNCTION anju_refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "DROP FUNCTION anju_refuse_change() CASCADE",
    "CREATE TABLE mine (id int)",
    "DROP SCHEMA public CASCADE",
    "DELETE FROM django_migrations",
    "ALTER ROLE " + ROLE + " SUPERUSER",
    "COPY accounts_auditentry TO PROGRAM 'cat'",
    "SELECT pg_read_file('PG_VERSION')",
)


@pytest.fixture
def role(db):
    """The role as a deployment makes it, gone afterwards."""
    _as_owner(f"DROP OWNED BY {ROLE}", f"DROP ROLE {ROLE}") if _exists() else None
    _as_owner(f"CREATE ROLE {ROLE} LOGIN")
    call_command("grant_app_role", ROLE, stdout=StringIO())
    yield ROLE
    _as_owner(f"DROP OWNED BY {ROLE}", f"DROP ROLE {ROLE}")


def _exists():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
        return cursor.fetchone() is not None


def _as_owner(*said):
    with connection.cursor() as cursor:
        for statement in said:
            cursor.execute(statement)


def _attempts():
    return [one.format(table=table) for one in ATTEMPTS for table in APPEND_ONLY] + list(ONCE)


def _log_in_as(name):
    said = connection.settings_dict
    return psycopg2.connect(dbname=said["NAME"], user=name, host=said["HOST"], port=said["PORT"] or None)


def test_the_applications_role_changes_nothing_of_the_trail(role, county, tried):
    record(by=make_user(region=county), action="login")
    chain_audit()
    theirs, passed = _log_in_as(role), []
    for attempt in _attempts():
        try:
            with theirs, theirs.cursor() as cursor:
                cursor.execute(attempt)
                passed.append(attempt)
        except InsufficientPrivilege:
            continue
    theirs.close()
    # A grant by somebody without the right to give it is only a warning: what counts is that nothing was given.
    assert {one.split()[0] for one in passed} <= {"GRANT"}
    assert AuditEntry.objects.count() == 1
    assert list(verify_audit()) == []
    with _log_in_as(role) as theirs, theirs.cursor() as cursor:
        for table in APPEND_ONLY:
            cursor.execute("SELECT has_table_privilege(%s, 'UPDATE, DELETE, TRUNCATE, TRIGGER')", [table])
            assert not cursor.fetchone()[0]
    theirs.close()
    tried("T-05", len(_attempts()), "statements against the trail", "test_control_the_owner_gets_past_the_trigger")


def test_control_the_owner_gets_past_the_trigger(county):
    """With the one role of `make run` the trigger is the only lock, and its owner has the key."""
    record(by=make_user(region=county), action="login")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_auditentry DISABLE TRIGGER append_only_rows")
        cursor.execute("UPDATE accounts_auditentry SET reason = 'x'")
        assert cursor.rowcount == 1
        transaction.set_rollback(True)


def test_the_application_works_with_that_role(role, county, client):
    make_user(region=county, username="officer", password=PASSWORD)
    _as_owner(f"SET SESSION AUTHORIZATION {role}")
    try:
        assert excess() == []
        assert client.post("/staff/login/", {"username": "officer", "password": PASSWORD}).status_code == 302
        assert client.get("/staff/account/").status_code == 200
        assert client.post("/logout/").status_code == 302
        assert chain_audit() == 2
        assert list(verify_audit()) == []
        assert client.get("/readyz").status_code == 200
    finally:
        _as_owner("RESET SESSION AUTHORIZATION")


def test_every_table_is_granted_and_none_too_much(role):
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        assert {name for (name,) in cursor} == set(tables())
    call_command("grant_app_role", role, stdout=StringIO())


def test_the_command_says_what_is_missing_or_too_much(role, capsys):
    with pytest.raises(CommandError, match="请写明角色名"):
        call_command("grant_app_role")
    with pytest.raises(CommandError, match="没有名为nobody的角色"):
        call_command("grant_app_role", "nobody")
    call_command("grant_app_role", role, only_print=True)
    assert 'GRANT SELECT, INSERT ON "accounts_auditlink" TO "anju_app_test";' in capsys.readouterr().out
    with pytest.raises(SystemExit):
        call_command("grant_app_role", check=True)
    assert "superuser" in capsys.readouterr().out
