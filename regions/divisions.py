"""Load the national division tree with COPY, province by province; a second run touches only official changes."""

import csv
import lzma
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from django.db import connection, transaction

from regions.actions.subtree import refresh_full_names
from regions.actions.tree import change_stamp, lock_tree
from regions.bulk import as_array, copy_rows, rebuilding_indexes
from regions.choices import RegionLevel
from regions.keys import LENGTH, NATION_KEY, PREFIX, choose_key
from regions.models import Region, TreeStamp
from regions.models.region import RegionQuerySet
from regions.placenames import NATION_NAME, core, full_name, is_placeholder, search_columns

DATA = Path(__file__).parent / "data"
SOURCE = DATA / "divisions.csv.xz"
READINGS = DATA / "readings.csv"
LEVEL_OF = {2: "province", 4: "city", 6: "county", 9: "township", 12: "village"}
_PARENT_LENGTH = {2: 0, 4: 2, 6: 4, 9: 6, 12: 9}
# Below this many rows (a nation, test rows) the table counts as new: its indexes are built after the COPY.
_NEARLY_EMPTY = 1000
_COLUMNS = ["id", "code", "key", "level", "name", "full_name", "parent_id", "order", "national_code"]
_COLUMNS += ["pinyin", "initials", "grams", "is_effective", "is_placeholder", "previous_codes", "case_enabled"]


@dataclass(slots=True)
class Place:
    """What a child needs to know of its parent while the file is read."""

    id: int
    code: str
    key: str
    level: str
    name: str
    full_name: str
    parent_id: int | None = None
    is_edited: bool = False


@dataclass(slots=True)
class Tally:
    """What a run did, in rows."""

    added: int = 0
    renamed: int = 0
    unchanged: int = 0


@transaction.atomic
def load_divisions(*, report: Callable[[str], None], rows: Iterable[list[str]] | None = None) -> Tally | None:
    """Bring the tree to the state of the shipped file and return the tally; None when that state was loaded before.

    Rows an administrator changed keep the change (edited_at), closed and re-coded ones do not come back.
    `rows` replaces the shipped file: (code without padding, name, pinyin or ''), in tree order.
    """
    lock_tree()
    fingerprint = "" if rows is not None else sha256(SOURCE.read_bytes()).hexdigest()
    if fingerprint and TreeStamp.objects.filter(pk=1, source_sha256=fingerprint).exists():
        return None
    loader = _Loader(report)
    if loader.is_new:
        with rebuilding_indexes(Region._meta.db_table, report):
            tally = loader.run(read_source() if rows is None else rows)
    else:
        tally = loader.run(read_source() if rows is None else rows)
    change_stamp(source_sha256=fingerprint or None)
    return tally


def read_source() -> Iterator[list[str]]:
    """The shipped rows: code (its length is its level), name, pinyin where the characters' usual readings mislead."""
    with lzma.open(SOURCE, "rt", encoding="utf-8", newline="") as file:
        yield from csv.reader(file)


class _Loader:
    def __init__(self, report: Callable[[str], None]):
        self.report, self.tally = report, Tally()
        with READINGS.open(encoding="utf-8", newline="") as file:
            self.readings = dict(csv.reader(file))
        self.is_new = Region.objects.all()[:_NEARLY_EMPTY].count() < _NEARLY_EMPTY
        nation, _ = Region.objects.get_or_create(
            code=NATION_KEY,
            level=RegionLevel.NATION,
            defaults={"key": NATION_KEY, "name": NATION_NAME, "full_name": NATION_NAME},
        )
        self.nation = _place(nation)
        self.next_id = Region.objects.order_by("-id").values_list("id", flat=True)[0] + 1
        recoded = Region.objects.exclude(previous_codes=[])
        self._remember(Region.objects.all()[:_NEARLY_EMPTY])
        self.recoded = {(region.level, code): _place(region) for region in recoded for code in region.previous_codes}

    def run(self, rows: Iterable[list[str]]) -> Tally:
        # The server stores one province while the next is prepared here: psycopg lets go of the interpreter meanwhile.
        with connection.cursor() as cursor, ThreadPoolExecutor(max_workers=1) as copying:
            stored = None
            for province, group in groupby(rows, key=lambda row: row[0][:2]):
                group = list(group)
                self._prepare(province, group)
                if stored:
                    stored.result()
                stored = copying.submit(copy_rows, cursor, Region._meta.db_table, _COLUMNS, self.new_rows)
                if not self.is_new:
                    stored.result()
                self.report(f"  {province} {group[0][1]} {len(group):,}")
            stored.result()
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [Region._meta.db_table, self.next_id])
        return self.tally

    def _prepare(self, province: str, group: list[list[str]]) -> None:
        if not self.is_new:
            self._remember(Region.objects.filter(code__startswith=province))
        self.taken, self.new_rows = set(), []
        above = {"": self.nation}
        for code, name, reading in group:
            parent = above[code[: _PARENT_LENGTH[len(code)]]]
            above[code] = self._find(code, name, reading, parent) or self._add(code, name, reading, parent)
        self.tally.added += len(self.new_rows)

    def _remember(self, regions: RegionQuerySet) -> None:
        self.known = {(region.level, region.code): _place(region) for region in regions.iterator(5_000)}

    def _find(self, code: str, name: str, reading: str, parent: Place) -> Place | None:
        identity = LEVEL_OF[len(code)], code.ljust(LENGTH, "0")
        place = self.known.get(identity) or self.recoded.get(identity)
        if place is None:
            return None
        if place.name == name or place.is_edited:
            self.tally.unchanged += 1
        else:
            self._rename(place, name, reading)
        if place.parent_id == parent.id:
            # The parent may have been renamed a moment ago: rows added below must carry its new name.
            place.full_name = full_name(parent, place.name, is_placeholder(place.name, parent.name))
        return place

    def _rename(self, place: Place, name: str, reading: str) -> None:
        region = Region.objects.select_related("parent").get(pk=place.id)
        placeholder = is_placeholder(name, region.parent.name)
        columns = {"name": name, "is_placeholder": placeholder, **self._search_columns(name, reading)}
        Region.objects.filter(pk=place.id).update(**columns)
        refresh_full_names(region)
        place.name = name
        self.tally.renamed += 1

    def _add(self, code: str, name: str, reading: str, parent: Place) -> Place:
        level, padded = LEVEL_OF[len(code)], code.ljust(LENGTH, "0")
        spot = {"parent_key": parent.key, "parent_code": parent.code, "parent_level": parent.level}
        key = choose_key(**spot, level=level, code=padded, in_use=self._in_use)
        self.taken.add(key[: PREFIX[level]])
        placeholder = is_placeholder(name, parent.name)
        place = Place(self.next_id, padded, key, level, name, full_name(parent, name, placeholder))
        self.next_id += 1
        order = code[_PARENT_LENGTH[len(code)] :]
        row = (str(place.id), padded, key, level, name, place.full_name, str(parent.id), order, padded)
        search = self._search_columns(name, reading)
        search["grams"] = as_array(search["grams"])
        self.new_rows.append((*row, *search.values(), "t", "t" if placeholder else "f", "{}", "f"))
        return place

    def _in_use(self, prefix: str) -> bool:
        # On a new table the rows of this province are all there is; later a moved township may hold the digits.
        if prefix in self.taken or self.is_new:
            return prefix in self.taken
        return Region.objects.filter(key__range=(prefix.ljust(LENGTH, "0"), prefix.ljust(LENGTH, "9"))).exists()

    def _search_columns(self, name: str, reading: str) -> dict:
        short = core(name)
        usual = reading.split() or [part for character in short if (part := self.readings.get(character))]
        return search_columns(short, usual)


def _place(region: Region) -> Place:
    values = (region.id, region.code, region.key, region.level, region.name, region.full_name, region.parent_id)
    return Place(*values, is_edited=region.edited_at is not None)
