"""One row of a table without what the ORM adds for the general case: the paths that every request or step takes."""

from functools import cache

from django.db import connection
from django.db.models import Field, Model, QuerySet


def one(queryset: QuerySet):
    """The only row of a queryset that cannot have two, or None.

    `first()` would add an order: on a wide table its making costs more than the statement.
    """
    return next(iter(queryset), None)


def insert(row: Model, *, follower: type[Model] | None = None) -> None:
    """Write a new row by a statement that is put together once a model, and set its number.

    `follower` is a table of nothing but the numbers of such rows (a queue), filled by the same statement. For plain
    models only: no signals, no parents, no defaults made by the database.
    """
    sql, fields = _insertion(type(row), follower)
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, connection.alias


@cache
def _insertion(model: type[Model], follower: type[Model] | None) -> tuple[str, list[Field]]:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns, places = ", ".join(f'"{field.column}"' for field in fields), ", ".join(["%s"] * len(fields))
    sql = f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({places}) RETURNING "{model._meta.pk.column}"'
    if follower is None:
        return sql, fields
    queue, number = follower._meta.db_table, follower._meta.pk.column
    sql = f'WITH made (id) AS ({sql}), queued AS (INSERT INTO "{queue}" ("{number}") SELECT id FROM made)'
    return f"{sql} SELECT id FROM made", fields


def update(row: Model, names: list[str]) -> None:
    """Write these fields of a row that is there, by a statement put together once a model and list of names.

    For plain models only, as `insert`.
    """
    sql, fields = _updating(type(row), tuple(names))
    values = [field.get_db_prep_save(field.pre_save(row, add=False), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, row.pk])


@cache
def _updating(model: type[Model], names: tuple[str, ...]) -> tuple[str, list[Field]]:
    fields = [model._meta.get_field(name) for name in names]
    columns = ", ".join(f'"{field.column}" = %s' for field in fields)
    return f'UPDATE "{model._meta.db_table}" SET {columns} WHERE "{model._meta.pk.column}" = %s', fields  # noqa: S608


def held(row: Model) -> dict:
    """What the row holds now, by column; lists are copied, so that a later change inside one shows."""
    return {name: list(value) if isinstance(value, list) else value for name, value in row.__dict__.items()}


def changed(row: Model, before: dict) -> list[str]:
    """Names of the fields that are not what `held()` said `before`, for `save(update_fields=…)`."""
    return [
        field.name
        for field in row._meta.concrete_fields
        if field.attname in row.__dict__ and row.__dict__[field.attname] != before.get(field.attname, _ABSENT)
    ]


_ABSENT = object()
