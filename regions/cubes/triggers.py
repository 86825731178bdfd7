"""What appends a register's changes: one trigger a kind of statement, on the statement and never on the row.

With a trigger on each row and five levels a bulk update of 118,097 rows was not done after six minutes; with these it
takes a seventh longer than without any (performance.md).
"""

import pgtrigger
from django.db import models

from regions.cubes.columns import Columns, columns_of

# What each kind of statement put in and took out: the table it reads, and with which sign it counts.
_SIDES = {
    pgtrigger.Insert: (("new_rows", 1),),
    pgtrigger.Update: (("new_rows", 1), ("old_rows", -1)),
    pgtrigger.Delete: (("old_rows", -1),),
}


def counted_in(changes: str, cells: type[models.Model]) -> list[pgtrigger.Trigger]:
    """The triggers of a register whose changes go to the table `changes`, for its `Meta.triggers`."""
    return [_trigger(operation, sides, changes, columns_of(cells)) for operation, sides in _SIDES.items()]


def _trigger(operation, sides, changes: str, columns: Columns) -> pgtrigger.Trigger:
    read = " UNION ALL ".join(_side(table, sign, columns) for table, sign in sides)
    return pgtrigger.Trigger(
        name=f"count_{str(operation).lower()}",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(
            old="old_rows" if ("old_rows", -1) in sides else None, new="new_rows" if ("new_rows", 1) in sides else None
        ),
        # Nothing is appended by a statement that left every cell as it was.
        func=f'INSERT INTO "{changes}" ({columns.places}, {columns.numbers})'
        f" SELECT {columns.places}, {columns.added} FROM ({read}) sides GROUP BY {columns.places}"
        f" HAVING {columns.some}; RETURN NULL;",
    )


def _side(table: str, sign: int, columns: Columns) -> str:
    numbers = ", ".join((f"{sign}::bigint AS number", *(f'{sign} * "{name}" AS "{name}"' for name in columns.sums)))
    return f"SELECT {columns.places}, {numbers} FROM {table}"
