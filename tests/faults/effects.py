"""What a request did: which tables gained or lost rows, and whether everything still fits together."""

from django.apps import apps
from django.db import connection

from accounts.actions.audit import chain_audit
from renovation.actions.invariants import check_all

# What changes nothing of the work: a session, a try to log in, the soft lock of a page, the chain's own book-keeping.
TRACES = {
    "django_session", "accounts_loginattempt", "accounts_loginthrottle", "accounts_knowndevice", "renovation_casehold",
    "accounts_auditpending", "accounts_auditlink", "accounts_audithead",
    # One row a county and day, whatever happens on it; and one for the whole tree.
    "renovation_casenumber", "regions_treestamp",
}  # fmt: skip
# An act done again without a token is told again; that it was done twice changes nothing.
TRAIL = {"accounts_auditentry", "django_admin_log", "accounts_outboxentry"}


def tables() -> list[str]:
    """Every table of ours."""
    names = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    return sorted(names - TRACES)


def rows() -> dict[str, int]:
    """How many rows each table holds."""
    union = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in tables())
    with connection.cursor() as cursor:
        cursor.execute(union)
        return dict(cursor.fetchall())


def gained(before: dict[str, int]) -> dict[str, int]:
    """Rows each table has more (or fewer) than before; tables as they were are left out."""
    return {name: count - before[name] for name, count in rows().items() if count != before[name]}


def findings() -> list[str]:
    """What the checker of the invariants has to say against the database and the files."""
    # In a running house the sequencer does this every few seconds, a thousand at a time.
    while chain_audit():
        pass
    return [f"{one.code} {one.title}: {one.first}" for one in check_all() if one.count]
