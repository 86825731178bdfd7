"""COPY and what makes it fast on an empty table; plain PostgreSQL, no extension (decision 14)."""

import io
import time
from collections.abc import Callable, Iterable
from contextlib import contextmanager

from django.db import connection

_INDEXES = """
    SELECT quote_ident(c.relname), pg_get_indexdef(i.indexrelid)
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE i.indrelid = %s::regclass AND NOT i.indisunique
    ORDER BY c.relname
"""
# Only keys that point from the table to itself: their checks row by row cost more than the COPY.
_SELF_REFERENCES = """
    SELECT quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid = %s::regclass AND confrelid = conrelid AND contype = 'f' ORDER BY conname
"""


def copy_rows(cursor, table: str, columns: Iterable[str], rows: Iterable[tuple[str, ...]]) -> None:
    """COPY rows whose values are already text as PostgreSQL reads it, without tab, line break or backslash."""
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    data = io.StringIO("".join(["\t".join(row) + "\n" for row in rows]))
    cursor.copy_expert(f"COPY {connection.ops.quote_name(table)} ({names}) FROM STDIN", data, 1 << 18)


def as_array(values: list[str]) -> str:
    """Write a list of plain words as the text of a PostgreSQL array."""
    return '{"' + '","'.join(values) + '"}' if values else "{}"


@contextmanager
def rebuilding_indexes(table: str, report: Callable[[str], None]):
    """Take the table's plain indexes and self-references off, and put them back as they were, in this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_INDEXES, [table])
        indexes = cursor.fetchall()
        cursor.execute(_SELF_REFERENCES, [table])
        references = cursor.fetchall()
        # Pending checks of earlier rows would forbid ALTER TABLE.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL maintenance_work_mem = '256MB'")
        for name, _ in references:
            cursor.execute(f"ALTER TABLE {connection.ops.quote_name(table)} DROP CONSTRAINT {name}")
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
    yield
    started = time.monotonic()
    with connection.cursor() as cursor:
        for _, definition in indexes:
            cursor.execute(definition)
        for name, definition in references:
            cursor.execute(f"ALTER TABLE {connection.ops.quote_name(table)} ADD CONSTRAINT {name} {definition}")
    report(f"  索引 {len(indexes)} 个，{time.monotonic() - started:.1f} 秒")
