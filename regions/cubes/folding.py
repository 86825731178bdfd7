"""Bringing a cube up to date, counting it anew, and proving that it is right: three uses of one statement's parts."""

from zlib import crc32

from django.db import connection, transaction

from regions.cubes import Cube
from regions.keys import LENGTH, PREFIX

# What lies in a village lies in every place above it. A row that waits for its village has fewer of them: DISTINCT.
ABOVE = """
SELECT place.key AS region_key, {net_cells}{numbers}
FROM net, LATERAL (SELECT DISTINCT rpad(left(net.region_key, size), {length}, '0') FROM unnest(ARRAY{sizes}) size)
    AS place (key)
"""
# One statement: what is deleted is what is added, whatever is committed meanwhile.
FOLD = """
WITH taken AS (DELETE FROM "{deltas}" RETURNING {places}, {numbers}),
net AS (SELECT {places}, {summed} FROM taken GROUP BY {places} HAVING {some}),
above AS ({above})
INSERT INTO "{rows}" AS held ({places}, {numbers})
SELECT {places}, {added} FROM above GROUP BY {places} ORDER BY {places}
ON CONFLICT ({places}) DO UPDATE SET {onto}
"""
COUNTED = 'SELECT {places}, count(*) AS number{counted} FROM "{register}" GROUP BY {places}'
# What the register says, less what waits, less what the cube says: nothing may be left in any cell of any place.
DIFFERENT = """
WITH net AS ({fresh} UNION ALL SELECT {places}, {minus} FROM "{deltas}"),
above AS ({above}),
sides AS (SELECT {places}, {numbers} FROM above UNION ALL SELECT {places}, {minus} FROM "{rows}")
SELECT count(*) FROM (SELECT {places} FROM sides GROUP BY {places} HAVING {some}) wrong
"""


def fold(cube: Cube) -> bool:
    """Add everything that waits to the cube; False when another process is at it. Idempotent, and safe to kill."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_lock_number(cube)])
        if not cursor.fetchone()[0]:
            return False
        cursor.execute(_text(FOLD, cube))
    return True


def rebuild(cube: Cube) -> None:
    """Count the register anew; whoever writes to it waits until that is done (10 to 15 seconds for the nation)."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_lock_number(cube)])
        cursor.execute(_text('LOCK TABLE "{register}" IN SHARE MODE', cube))
        cursor.execute(_text('DELETE FROM "{rows}"', cube))
        cursor.execute(_text('DELETE FROM "{deltas}"', cube))
        cursor.execute(_text('INSERT INTO "{deltas}" ({places}, {numbers}) {fresh}', cube))
        cursor.execute(_text(FOLD, cube))


def differences(cube: Cube) -> int:
    """In how many cells of all places the cube, with what waits, differs from the register; it should be none.

    One statement, so one moment: nobody has to stop writing for it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_text(DIFFERENT, cube))
        return cursor.fetchone()[0]


def _lock_number(cube: Cube) -> int:
    return crc32(f"cube {cube.totals}".encode())


def _text(template: str, cube: Cube) -> str:
    """The statement for this cube; nothing in it comes from a person."""
    columns = cube.columns
    names = ("number", *columns.sums)
    parts = {
        "register": cube.counted._meta.db_table,
        "deltas": cube.deltas._meta.db_table,
        "rows": cube.rows._meta.db_table,
        "places": columns.places,
        "numbers": columns.numbers,
        "added": columns.added,
        "some": columns.some,
        "net_cells": "".join(f'net."{name}", ' for name in columns.cells),
        "summed": ", ".join(f'sum("{name}") AS "{name}"' for name in names),
        "counted": "".join(f', sum("{name}") AS "{name}"' for name in columns.sums),
        "minus": ", ".join(f'-"{name}" AS "{name}"' for name in names),
        "onto": ", ".join(f'"{name}" = held."{name}" + EXCLUDED."{name}"' for name in names),
        "sizes": sorted(PREFIX.values()),
        "length": LENGTH,
    }
    parts |= {"above": ABOVE.format(**parts), "fresh": COUNTED.format(**parts)}
    return template.format(**parts)
