"""The work calendar as sorted tables: exceptional days from the database over the plain week (domain §14.2)."""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from functools import lru_cache

from common.clock import today
from common.rows import one
from regions.choices import DayKind
from regions.keys import PREFIX, ancestor_keys
from regions.models import CalendarDay, CalendarStamp, Region

# A national calendar always holds both; half a year typed in by hand does not count as published.
_PROOF_OF_A_YEAR = ((1, 1), (10, 1))
_FIRST_YEAR = 2000
# Running totals of working days begin here.
FIRST_DAY = dt.date(_FIRST_YEAR, 1, 1)
_YEARS_AHEAD = 5
_LAST_YEAR = 2400
_REMEMBERED_REGIONS = 20_000


class Calendar:
    """The working days of one region: the national calendar with the rows of the region's ancestors laid over it."""

    def __init__(self, exceptions: dict[dt.date, tuple[str, str]], published_years: frozenset[int]):
        self.exceptions = exceptions
        self.published_years = published_years
        self._until = max([today().year, *published_years]) + _YEARS_AHEAD
        self._table = self._workdays(_FIRST_YEAR, self._until)

    def is_workday(self, day: dt.date) -> bool:
        """A working day is no holiday, and Monday to Friday or a day made up for (调休上班)."""
        exception = self.exceptions.get(day)
        return day.weekday() < 5 if exception is None else exception[0] == DayKind.WORKDAY

    def is_published(self, year: int) -> bool:
        """Is the State Council's notice for this year loaded? Otherwise results are provisional (decision 10)."""
        return year in self.published_years

    def offset(self, day: dt.date, amount: int) -> dt.date:
        """Return the `amount`-th working day after `day` (before it when negative); `day` itself never counts."""
        if amount == 0:
            raise ValueError("an offset of no working days has no answer")
        table = self._reaching(day, amount)
        ordinal = day.toordinal()
        index = bisect_right(table, ordinal) + amount - 1 if amount > 0 else bisect_left(table, ordinal) + amount
        if index < 0:
            raise ValueError(f"the calendar begins in {_FIRST_YEAR}")
        return dt.date.fromordinal(table[index])

    def count(self, after: dt.date, until: dt.date) -> int:
        """Return how many working days lie after the first and up to the second day; negative when turned round."""
        if until < after:
            return -self.count(until, after)
        table = self._reaching(until, 1)
        return bisect_right(table, until.toordinal()) - bisect_right(table, after.toordinal())

    def _reaching(self, day: dt.date, amount: int) -> list[int]:
        if day.year < _FIRST_YEAR:
            raise ValueError(f"the calendar begins in {_FIRST_YEAR}")
        # No year has fewer than 200 working days, so this many years hold them all.
        needed = day.year + max(amount, 0) // 200 + 2
        if needed > _LAST_YEAR:
            raise ValueError(f"the calendar ends in {_LAST_YEAR}")
        if needed > self._until:
            self._table = self._table + self._workdays(self._until + 1, needed)
            self._until = needed
        return self._table

    def _workdays(self, first: int, last: int) -> list[int]:
        start, end = dt.date(first, 1, 1).toordinal(), dt.date(last, 12, 31).toordinal()
        # Ordinal 1 was a Monday: arithmetic instead of 9,000 dates keeps a rebuild under 3 ms.
        days = {ordinal for ordinal in range(start, end + 1) if (ordinal - 1) % 7 < 5}
        for day, (kind, _) in self.exceptions.items():
            if first <= day.year <= last:
                (days.add if kind == DayKind.WORKDAY else days.discard)(day.toordinal())
        return sorted(days)


class Calendars:
    """All calendars as they were at one moment; give it to many calculations to spare the look at the stamp."""

    def __init__(self, token):
        self.token = token
        self._national: dict[dt.date, tuple[str, str]] = {}
        self._regional: dict[str, dict[dt.date, tuple[str, str]]] = {}
        for day, kind, name, key in CalendarDay.objects.values_list("date", "kind", "name", "region__key"):
            rows = self._national if key is None else self._regional.setdefault(key, {})
            rows[day] = (kind, name)
        self._published = frozenset(
            day.year for day in self._national if all(self._is_holiday(day.year, *proof) for proof in _PROOF_OF_A_YEAR)
        )
        self._keys: OrderedDict[int, str] = OrderedDict()
        self._for_keys = lru_cache(maxsize=256)(self._build)

    def of(self, region_id: int | None) -> Calendar:
        """Return the calendar of a region: national rows, then those of each ancestor, the nearest winning."""
        if region_id is None or not self._regional:
            return self._for_keys(())
        return self._for_keys(tuple(key for key in ancestor_keys(self._key(region_id)) if key in self._regional))

    def of_key(self, region_key: str) -> Calendar:
        """Return the calendar of a region known by its tree key, as list rows carry it: no query a row."""
        return self._for_keys(tuple(key for key in ancestor_keys(region_key) if key in self._regional))

    @property
    def digits(self) -> int:
        """How many digits of a tree key decide which calendar holds: two places that share them share it."""
        found = (len(key.rstrip("0")) for key in self._regional)
        return max((min(size for size in PREFIX.values() if size >= length) for length in found), default=0)

    def learn(self, region_id: int, region_key: str) -> None:
        """Take the key of a region from a row that carries both: `of()` then asks nothing for it."""
        self._keys[region_id] = region_key
        if len(self._keys) > _REMEMBERED_REGIONS:
            self._keys.popitem(last=False)

    def _build(self, keys: tuple[str, ...]) -> Calendar:
        exceptions = dict(self._national)
        for key in keys:
            exceptions.update(self._regional[key])
        return Calendar(exceptions, self._published)

    def _is_holiday(self, year: int, month: int, day: int) -> bool:
        return self._national.get(dt.date(year, month, day), ("",))[0] == DayKind.HOLIDAY

    def _key(self, region_id: int) -> str:
        if region_id not in self._keys:
            self.learn(region_id, Region.objects.values_list("key", flat=True).get(pk=region_id))
        return self._keys[region_id]


_current: Calendars | None = None


def current() -> Calendars:
    """Return the calendars of this moment: one query for the stamp, a rebuild only when it moved."""
    global _current
    token = one(CalendarStamp.objects.filter(pk=1).values_list("token", flat=True))
    if _current is None or _current.token != token:
        _current = Calendars(token)
    return _current
