"""Statements that every request or step asks, put together once a process.

Django builds the text of a statement anew for every queryset; for one row that takes several times as long as asking
the database. A `Prepared` lets Django build it once, with placeholders, and afterwards only exchanges the values.
"""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import QuerySet
from django.db.models.query import ModelIterable
from django.db.transaction import TransactionManagementError

# Stand-ins for an argument of each type while the statement is built: no column of ours holds them.
PLACEHOLDERS = {
    int: lambda number: 2_000_000_000 + number,
    str: lambda number: f"\ue000{number}",
    uuid.UUID: lambda number: uuid.UUID(int=number + 1),
    dt.datetime: lambda number: dt.datetime(1, 1, 2 + number, tzinfo=dt.UTC),
}


class Prepared:
    """`Prepared(lambda pk: Case.objects.filter(pk=pk))`: a queryset whose values alone change from call to call.

    The function must give the same statement whatever the values are, so it may not branch on them; each is a number,
    text, UUID or moment of its column's own type, and one that does not arrive as it is in the statement is an error.
    Rows come as the queryset gives them, instances or (after `values_list`) tuples. The default database only.
    """

    def __init__(self, make: Callable[..., QuerySet]):
        self._make, self._built = make, None

    def rows(self, *values: Any) -> list:
        """All rows."""
        built = self._statement(values)
        return built.instances(values) if built.gives_instances else built.tuples(values)

    def one(self, *values: Any):
        """The only row, or None; for statements that cannot find two."""
        return next(iter(self.rows(*values)), None)

    def count(self, *values: Any) -> int:
        """How many rows there are."""
        built = self._statement(values)
        return built.run(f"SELECT count(*) FROM ({built.sql}) counted", values)[0][0]  # noqa: S608  Django's own text

    def _statement(self, values: tuple) -> "_Statement":
        # Two threads may build it twice; both get the same.
        if self._built is None:
            self._built = _Statement(self._make, values)
        return self._built


class _Statement:
    """The text, where among its parameters each argument stands, and how Django reads a row of it."""

    def __init__(self, make: Callable[..., QuerySet], like: tuple):
        places = [_placeholder(number, value) for number, value in enumerate(like)]
        queryset = make(*places)
        self.gives_instances = queryset._iterable_class is ModelIterable
        self._locks = queryset.query.select_for_update
        self.compiler = queryset.query.get_compiler(connection=connection)
        self.sql, self._parameters = self.compiler.as_sql()
        self._places = [(at, places.index(value)) for at, value in enumerate(self._parameters) if value in places]
        if len({number for _, number in self._places}) != len(like):
            raise ValueError(f"a value does not arrive in the statement: {self.sql} {self._parameters}")
        columns = [column for column, *_ in self.compiler.select[: self.compiler.col_count]]
        self._converters = self.compiler.get_converters(columns)

    def run(self, sql: str, values: tuple) -> list[tuple]:
        if self._locks and connection.get_autocommit():
            raise TransactionManagementError("a lock without a transaction holds nothing")
        parameters = list(self._parameters)
        for at, number in self._places:
            parameters[at] = values[number]
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall()

    def tuples(self, values: tuple) -> list[tuple]:
        """What the database says, as Python sees it."""
        found = self.run(self.sql, values)
        return list(map(tuple, self.compiler.apply_converters(found, self._converters))) if self._converters else found

    def instances(self, values: tuple) -> list:
        return list(ModelIterable(_Asked(self.compiler, self.tuples(values))))


def _placeholder(number: int, like: Any) -> Any:
    return next(make(number) for kind, make in PLACEHOLDERS.items() if isinstance(like, kind))


class _Asked:
    """What Django's reader of instances wants to know of a queryset and its compiler, with the rows at hand."""

    db = DEFAULT_DB_ALIAS
    _known_related_objects: dict = {}

    def __init__(self, compiler, found: list[tuple]):
        self.query, self._found = self, found
        self.select, self.klass_info = compiler.select, compiler.klass_info
        self.annotation_col_map = compiler.annotation_col_map

    def get_compiler(self, **_) -> "_Asked":
        return self

    def execute_sql(self, **_) -> None:
        """Nothing is left to ask."""

    def results_iter(self, _) -> list[tuple]:
        return self._found
