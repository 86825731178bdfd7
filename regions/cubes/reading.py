"""Numbers of a place and of everything directly below it: a point read of the cube, plus what waits for it."""

from collections import Counter
from functools import lru_cache

from django.db.models import F, Q, QuerySet, Sum, Value
from django.db.models.functions import Left

from common.prepared import Prepared
from regions.cubes import Cube, Measure
from regions.keys import LENGTH, PREFIX
from regions.models import Region
from regions.queries import children
from regions.tables import Line, Table


def tabulate(cube: Cube, region: Region, measures: tuple[Measure, ...], **within) -> Table:
    """The measures of the region and of each place below it, in one statement and so of one moment.

    `within` narrows all of them by values of cell columns: `campaign_id=…`.
    """
    lines = [Line(place, Counter()) for place in children(region)]
    total, at = Line(region, Counter()), {line.region.key: line for line in lines}
    for key, is_waiting, sums in _found(cube, region, lines, measures, within):
        if is_waiting or key == region.key:
            total.sums.update(sums)
        line = _line_over(key, at) if is_waiting else at.get(key)
        if line is not None:
            line.sums.update(sums)
    rest = Counter(total.sums)
    for line in lines:
        rest.subtract(line.sums)
    # Places that were merged away, and rows that wait for their village: shown, so that the lines add up.
    return Table(total, [*lines, Line(None, rest)] if lines and any(rest.values()) else lines)


def count(cube: Cube, region: Region, where: Q, **within) -> int:
    """How many rows of the region the Q over cell columns selects: the total of a list, without counting it."""
    found = _found(cube, region, [], (Measure("all", "", where),), within)
    return sum(sums["all"] for key, is_waiting, sums in found if is_waiting or key == region.key)


def _found(cube: Cube, region: Region, lines: list[Line], measures, within: dict) -> list[tuple[str, bool, Counter]]:
    """(key, does it wait still, sums): the cube's rows of these places, and what waits anywhere in the region."""
    keys = [region.key, *(line.region.key for line in lines)]
    digits = max([PREFIX[region.level], *(PREFIX[line.region.level] for line in lines), 1])
    asked = _statement(cube, measures, tuple(within), len(keys), digits)
    names = [measure.key for measure in measures]
    return [
        (key.ljust(LENGTH, "0"), waits, Counter(dict(zip(names, sums, strict=True))))
        for key, waits, *sums in asked.rows(*within.values(), *region.key_range, *keys)
    ]


@lru_cache(maxsize=512)
def _statement(cube: Cube, measures: tuple[Measure, ...], cells: tuple[str, ...], places: int, digits: int) -> Prepared:
    """For a table of so many measures its text takes ten times as long to put together as the database to answer."""

    def ask(*values) -> QuerySet:
        within, (low, high, *keys) = dict(zip(cells, values, strict=False)), values[len(cells) :]
        assert len(keys) == places
        kept = cube.rows.objects.filter(**within, region_key__in=keys)
        waiting = cube.deltas.objects.filter(**within, region_key__range=(low, high))
        both = _summed(kept, F("region_key"), False, measures)
        return both.union(_summed(waiting, Left("region_key", digits), True, measures), all=True)

    return Prepared(ask)


def _summed(rows: QuerySet, place, waits: bool, measures: tuple[Measure, ...]) -> QuerySet:
    # No name of ours may be a column's.
    sums = {f"n_{one.key}": Sum(one.sums, filter=one.where, default=0) for one in measures}
    return rows.order_by().values_list(place, Value(waits)).annotate(**sums)


def _line_over(key: str, at: dict[str, Line]) -> Line | None:
    """The line whose region the key lies in; None where it lies in none of them."""
    for line in at.values():
        low, high = line.region.key_range
        if low <= key <= high:
            return line
    return None
