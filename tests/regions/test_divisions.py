"""The real tree, loaded once for this class; every test takes its own changes back."""

import csv
import time
from bisect import bisect_left, bisect_right
from itertools import islice

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from regions import divisions
from regions.actions.edits import propose, publish_children
from regions.keys import PREFIX
from regions.models import Region, TreeStamp
from regions.search import search


def rows(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


@pytest.mark.slow
class TestRealTree(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.lines = []
        divisions.load_divisions(report=cls.lines.append)
        rows("ANALYZE regions_region; SELECT 1")

    def test_every_row_of_the_file_is_loaded(self):
        counts = dict(rows("SELECT level, count(*) FROM regions_region GROUP BY level"))
        assert counts == {
            "nation": 1,
            "province": 31,
            "city": 342,
            "county": 2_978,
            "township": 41_352,
            "village": 620_573,
        }
        assert any("云南省" in line for line in self.lines)

    def test_every_region_lies_in_the_key_range_of_each_of_its_ancestors(self):
        """In Python, straight over the parents: whoever walks up must meet exactly the prefixes of the key."""
        above = {}
        for pk, parent, key, level in rows("SELECT id, parent_id, key, level FROM regions_region"):
            above[pk] = (parent, key, level)
        assert len({key for _, key, _ in above.values()}) == len(above)
        wrong = []
        for pk, (parent, key, _) in above.items():
            while parent is not None:
                parent, parent_key, level = above[parent]
                size = PREFIX[level]
                if key[:size] != parent_key[:size] or set(parent_key[size:]) - {"0"}:
                    wrong.append(pk)
        assert wrong == []

    def test_every_subtree_by_range_is_the_subtree_by_parent(self):
        """Range and walk agree in number at every region above the village, so no stranger lies in a range either."""
        by_parent = dict(
            rows(
                """
                WITH RECURSIVE walk AS (
                    SELECT id AS top, id FROM regions_region WHERE level IN ('province', 'city', 'county')
                    UNION ALL SELECT walk.top, r.id FROM walk JOIN regions_region r ON r.parent_id = walk.id
                ) SELECT top, count(*) FROM walk GROUP BY top
                """
            )
        )
        keys = [key for (key,) in rows("SELECT key FROM regions_region ORDER BY key")]
        by_range = {
            region.pk: bisect_right(keys, region.key_range[1]) - bisect_left(keys, region.key_range[0])
            for region in Region.objects.filter(level__in=["province", "city", "county"]).only("key", "level")
        }
        assert by_range == by_parent

    def test_keys_differ_from_codes_only_below_repeated_codes(self):
        differing = rows("SELECT DISTINCT left(code, 6) FROM regions_region WHERE key <> code ORDER BY 1")
        assert [code for (code,) in differing] == ["350527", "441900", "442000", "460400"]
        repeated = rows("SELECT code FROM regions_region GROUP BY code HAVING count(*) > 1 ORDER BY 1")
        assert [code[:6] for (code,) in repeated] == ["350527", "441900", "442000", "460400"]

    def test_full_names_of_irregular_places(self):
        for code, level, full in [
            ("110101001001", "village", "北京市东城区东华门街道多福巷社区居委会"),
            ("441900003001", "village", "广东省东莞市东城街道岗贝社区居民委员会"),
            ("350527000000", "village", "福建省泉州市金门县"),
            ("429004000000", "county", "湖北省仙桃市"),
            ("500229000000", "county", "重庆市城口县"),
        ]:
            with self.subTest(code=code):
                assert Region.objects.get(code=code, level=level).full_name == full

    def test_no_full_name_holds_a_row_that_names_no_place(self):
        pattern = "市辖区|省直辖县级行政区划|自治区直辖县级行政区划"
        assert rows("SELECT count(*) FROM regions_region WHERE full_name ~ %s", pattern) == [(0,)]

    def test_every_name_has_pinyin_initials_and_pairs(self):
        empty = rows("SELECT name FROM regions_region WHERE level <> 'nation' AND (pinyin = '' OR initials = '')")
        assert empty == []
        without = "SELECT count(*) FROM regions_region WHERE level <> 'nation' AND grams = '{}' AND length(name) > 1"
        assert rows(without) == [(0,)]

    def test_known_heteronyms_are_read_as_they_ship(self):
        for code, pinyin in [
            ("341500000000", "luanshi"),
            ("340300000000", "bengbushi"),
            ("140428000000", "zhangzixian"),
        ]:
            with self.subTest(code=code):
                assert Region.objects.get(code=code).pinyin == pinyin

    def test_second_run_is_quick_and_changes_nothing(self):
        token = TreeStamp.objects.get().token
        started = time.monotonic()
        call_command("load_divisions")
        assert time.monotonic() - started < 5
        assert TreeStamp.objects.get().token == token

    def test_run_over_a_loaded_province_adds_and_changes_nothing(self):
        ningxia = [row for row in divisions.read_source() if row[0].startswith("64")]
        tally = divisions.load_divisions(report=lambda line: None, rows=ningxia)
        assert (tally.added, tally.renamed, tally.unchanged) == (0, 0, len(ningxia))

    def test_newer_edition_updates_official_rows_and_spares_what_administrators_changed(self):
        source = list(islice((row for row in divisions.read_source() if row[0].startswith("640104")), 40))
        county, township, first, second = source[0], source[1], source[2], source[3]
        edited = Region.objects.get(code=second[0])
        propose(kind="rename", parent=edited.parent, by=None, region=edited, name="管理员改名社区")
        publish_children(parent=edited.parent, by=None)
        head = [["64", "宁夏回族自治区", ""], ["6401", "银川市", ""], [county[0], "兴庆新区", ""], township]
        new = [
            [first[0], first[1], ""],
            [second[0], "官方新名社区居委会", ""],
            [township[0] + "999", "新建社区居委会", ""],
        ]
        tally = divisions.load_divisions(report=lambda line: None, rows=head + new)
        assert (tally.added, tally.renamed) == (1, 1)
        assert Region.objects.get(code=second[0]).name == "管理员改名社区"
        added = Region.objects.get(code=township[0] + "999")
        assert added.full_name == f"宁夏回族自治区银川市兴庆新区{township[1]}新建社区居委会"
        assert Region.objects.get(code=first[0]).full_name.startswith("宁夏回族自治区银川市兴庆新区")
        # The next id comes from the table's own sequence.
        assert Region.objects.create(code="999999999999", key="999999999999", level="village", name="x", parent=added)

    def test_recoded_and_closed_places_do_not_come_back(self):
        source = [row for row in divisions.read_source() if row[0].startswith("640104001")]
        first, second = (Region.objects.get(code=row[0]) for row in source[1:3])
        propose(kind="recode", parent=first.parent, by=None, region=first, code=first.code[:9] + "901")
        propose(kind="merge", parent=first.parent, by=None, region=second, target=first)
        publish_children(parent=first.parent, by=None)
        head = [["64", "宁夏回族自治区", ""], ["6401", "银川市", ""], ["640104", "兴庆区", ""]]
        tally = divisions.load_divisions(report=lambda line: None, rows=head + source)
        assert tally.added == 0
        assert not Region.objects.get(pk=second.pk).is_effective

    def test_search_is_answered_from_indexes(self):
        for text in [
            "禄劝",
            "上坝",
            "坝村",
            "新村",
            "城关",
            "社区",
            "新",
            "lq",
            "x",
            "5301",
            "昆明 新村",
            "民村",
            "不存在的地方",
        ]:
            with self.subTest(text=text):
                with CaptureQueriesContext(connection) as captured:
                    hits = search(text)
                assert len(hits.regions) <= 20
                for query in captured.captured_queries:
                    plan = "\n".join(line for (line,) in rows("EXPLAIN " + query["sql"].replace("%", "%%")))
                    assert "Seq Scan" not in plan, plan

    def test_search_finds_a_county_before_the_villages_of_its_name(self):
        assert search("昆明").regions[0].level == "city"
        assert search("luquan").regions[0].level == "county"
        assert [place.full_name for place in search("禄劝 新村").regions][0].endswith("新村村民委员会")

    def test_shipped_file_reads_as_the_package_counts(self):
        with divisions.READINGS.open(encoding="utf-8", newline="") as file:
            readings = dict(csv.reader(file))
        assert readings["村"] == "cun"
        assert readings["绿"] == "lv"
