from collections.abc import Iterator
from io import StringIO

from django.db import connection, transaction

from bench import data
from bench.result import Result, seconds


def measure(cases: int) -> Iterator[Result]:
    took = seconds(data.divisions)
    yield Result("load_divisions", took, "s", _bare_copy(), "bare COPY of the rows", "≤ 15 s, whole tree", took <= 15)


def _bare_copy() -> float:
    """Seconds for the same rows as text into a table without index or constraint: the least they could cost."""
    rows = StringIO()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.copy_expert("COPY regions_region TO STDOUT", rows)
        cursor.execute("CREATE TEMPORARY TABLE bare AS SELECT * FROM regions_region WITH NO DATA")
        rows.seek(0)
        took = seconds(lambda: cursor.copy_expert("COPY bare FROM STDIN", rows))
        transaction.set_rollback(True)
    return took
