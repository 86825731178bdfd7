"""The second role of a deployment: the owner migrates, the application's own role cannot touch what is written.

The rights are a table: what a role may do with each kind of table. A trigger stands behind them (migration 0002).
"""

from django.apps import apps
from django.db import connection

# Written once: what is there stays as it was written.
APPEND_ONLY = ("accounts_auditentry", "accounts_auditlink", "accounts_unmasklog")
# Only migrations write here, and they are the owner's.
READ_ONLY = ("django_migrations",)
ALL = "SELECT, INSERT, UPDATE, DELETE"


def statements(role: str) -> list[str]:
    """The SQL that gives an existing role exactly its rights in this database; to be run by the owner, again and again.

    No TRUNCATE, REFERENCES or TRIGGER on any table, nothing to create, and nothing of its own.
    """
    name = connection.ops.quote_name(role)
    database = connection.ops.quote_name(connection.settings_dict["NAME"])
    said = [
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {name}",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {name}",
        f"REVOKE ALL ON SCHEMA public FROM {name}",
        f"GRANT CONNECT ON DATABASE {database} TO {name}",
        f"GRANT USAGE ON SCHEMA public TO {name}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}",
    ]
    return said + [f"GRANT {_rights(table)} ON {connection.ops.quote_name(table)} TO {name}" for table in tables()]


def tables() -> list[str]:
    """Every table of the installed apps, and Django's own list of migrations."""
    models = apps.get_models(include_auto_created=True)
    return sorted({model._meta.db_table for model in models if model._meta.managed} | set(READ_ONLY))


def _rights(table: str) -> str:
    if table in READ_ONLY:
        return "SELECT"
    return "SELECT, INSERT" if table in APPEND_ONLY else ALL


def excess() -> list[str]:
    """What the role of this very connection may do with the trail although it should not; empty when all is well."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone()[0]:
            found.append("superuser")
        for table in APPEND_ONLY:
            cursor.execute("SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = %s::regclass", [table])
            if cursor.fetchone()[0]:
                found.append(f"owner of {table}")
            for right in ("UPDATE", "DELETE", "TRUNCATE", "TRIGGER"):
                cursor.execute("SELECT has_table_privilege(%s, %s)", [table, right])
                if cursor.fetchone()[0]:
                    found.append(f"{right} on {table}")
    return found
