"""Pages of long lists without counting them: at a million rows a full count costs more than the page itself."""

import base64
import json
from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import EmptyResultSet, ValidationError
from django.core.paginator import Paginator
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connections
from django.db.models import Q, QuerySet

from common import crypto
from common.errors import SealBroken

COUNT_CAP = 10_000


class CappedCount(int):
    """A count that stopped at the cap: a number to calculate with, 「10000+」 to read."""

    def __str__(self) -> str:
        return f"{int(self)}+" if self >= COUNT_CAP else int.__repr__(self)

    __repr__ = __str__

    def __format__(self, spec: str) -> str:
        return str(self) if not spec else format(int(self), spec)


def capped_count(queryset) -> int:
    """The number of rows, counted no further than 10,001; more than 10,000 reads 「10000+」."""
    return capped(_counted(first_of(queryset.values_list("pk"))) if isinstance(queryset, QuerySet) else len(queryset))


def capped(seen: int) -> int:
    """A number of rows of which at most 10,001 were counted, as people read it."""
    return CappedCount(COUNT_CAP) if seen > COUNT_CAP else seen


def first_of(queryset: QuerySet) -> QuerySet:
    """As many rows as are ever counted, in no order."""
    return queryset.order_by()[: COUNT_CAP + 1]


def _counted(queryset: QuerySet) -> int:
    # Put together by hand: `count()` of a slice builds its statement twice, and every page of the staff counts.
    try:
        sql, values = queryset.query.sql_with_params()
    except EmptyResultSet:
        return 0
    with connections[queryset.db].cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({sql}) counted", values)  # noqa: S608  Django's own statement
        return cursor.fetchone()[0]


class EstimatingPaginator(Paginator):
    """Django's paginator (the admin's too) with the capped count; who needs row 10,001 narrows the search."""

    @cached_property
    def count(self) -> int:
        return capped_count(self.object_list)


@dataclass(frozen=True)
class KeysetPage:
    """One page of rows and the opaque cursors of its neighbours ('' where there is none)."""

    items: list
    following: str = ""
    preceding: str = ""

    def __iter__(self):
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


def keyset_page(queryset: QuerySet, *, order: tuple[str, ...], cursor: str = "", size: int = 20) -> KeysetPage:
    """A page by position, not by number: page 5,000 costs what page 1 does, and new rows shift nothing.

    order: names of never-null fields, the last one unique, "-" for descending. The cursor is sealed, because
    sort values may be names and addresses end up in logs (P-05); one that does not open gives the first page.
    """
    place = _open(queryset, order, cursor)
    backwards = bool(place and place["back"])
    walk = tuple(_turned(name) for name in order) if backwards else order
    rows = queryset.order_by(*walk)
    if place:
        rows = rows.filter(_beyond(walk, place["at"]))
    found = list(rows[: size + 1])
    more, items = len(found) > size, found[:size]
    if backwards:
        items.reverse()
    if not items:
        return KeysetPage([])
    has_next, has_before = (True, more) if backwards else (more, bool(place))
    return KeysetPage(
        items,
        following=_cursor(queryset, order, items[-1], back=False) if has_next else "",
        preceding=_cursor(queryset, order, items[0], back=True) if has_before else "",
    )


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(order: tuple[str, ...], values: list) -> Q:
    after, equal = Q(), {}
    for name, value in zip(order, values, strict=True):
        field, step = name.lstrip("-"), "lt" if name.startswith("-") else "gt"
        after |= Q(**equal, **{f"{field}__{step}": value})
        equal[field] = value
    # The first condition says nothing new, but it is what lets the database start in the middle of the index.
    first = order[0]
    return Q(**{f"{first.lstrip('-')}__{'lte' if first.startswith('-') else 'gte'}": values[0]}) & after


def _binding(queryset: QuerySet, order: tuple[str, ...]) -> dict:
    return {"table": "cursor", "field": ",".join(order), "uid": queryset.model._meta.label_lower}


def _cursor(queryset: QuerySet, order: tuple[str, ...], row, *, back: bool) -> str:
    values = [_value(row, name.lstrip("-")) for name in order]
    text = json.dumps({"at": values, "back": back}, cls=_Exact)
    return base64.urlsafe_b64encode(crypto.seal_bytes(text.encode(), **_binding(queryset, order))).decode().rstrip("=")


class _Exact(DjangoJSONEncoder):
    """Django's encoder cuts times to milliseconds, which would show or skip rows of the same millisecond."""

    def default(self, value):
        return value.isoformat() if hasattr(value, "isoformat") else super().default(value)


def _value(row, path: str):
    for part in path.split("__"):
        row = getattr(row, part)
    return row


def _open(queryset: QuerySet, order: tuple[str, ...], cursor: str) -> dict | None:
    try:
        sealed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        return json.loads(crypto.unseal_bytes(sealed, **_binding(queryset, order))) if cursor else None
    except (ValueError, SealBroken, ValidationError):
        return None
