"""The engine of numbers: tables of statistics against counting the rows, and what the triggers cost whoever writes."""

import multiprocessing
from collections.abc import Iterator
from random import Random
from time import monotonic, sleep

from django.db import connection
from django.db.models import Q

from bench import data
from bench.result import Result, milliseconds
from households.choices import Grade
from households.survey.choices import Shape
from households.survey.workflow import SurveyState
from lookback.cube import CUBE
from lookback.models import LookbackCampaign, LookbackRecord
from regions.cubes import Measure
from regions.cubes.folding import differences, fold, rebuild
from regions.cubes.reading import tabulate
from regions.keys import PREFIX
from regions.models import Region
from tests.factories.lookback import make_campaign

OWN = Q(state=SurveyState.APPROVED, shape=Shape.OWN)
# Ten counters, as many as the widest table of the survey registers has (T3).
MEASURES = (
    Measure("all", "总数", Q(is_split=False)),
    *(Measure(state.value, state.label, Q(state=state)) for state in SurveyState if state != SurveyState.NOT_FILLED),
    Measure("own", "总数", OWN),
    Measure("safe", "未发现安全隐患", OWN & Q(grade__in=(Grade.A, Grade.B))),
    Measure("c", "存在一定安全隐患", OWN & Q(grade=Grade.C)),
    Measure("d", "存在严重安全隐患", OWN & Q(grade=Grade.D)),
    Measure("death", "死亡销户", Q(state=SurveyState.APPROVED, shape=Shape.DEATH)),
)
# The look-back of one real county, and ten times the benchmark's cases all over the country.
COUNTY_ROWS, TIMES = 118_097, 10
WRITERS, SECONDS = 8, 6
# level → how many times faster than counting, at the size that performance.md measured (23.4 million rows).
TARGETS = {"nation": 1000, "province": 100, "county": 10, "township": 1}

# Nobody's data: an index and a seal that no key made.
FILL = """
INSERT INTO lookback_lookbackrecord (uid, campaign_id, region_id, region_key, township_id, county_id, province_id,
    state, shape, grade, is_split, head_name, head_grams, head_id_number, head_id_index, head_id_tail_index, gender,
    ethnicity, registered_population, phone, village_group, listed_place, version)
SELECT gen_random_uuid(), %(campaign)s, v.id, v.key, v.parent_id, t.parent_id, p.id,
    (ARRAY['not_filled', 'draft', 'submitted', 'approved', 'approved', 'returned'])[1 + g %% 6],
    (ARRAY['', 'own', 'own', 'own', 'other_safe', 'death'])[1 + g %% 6],
    (ARRAY['', 'A', 'B', CASE WHEN g %% 7 = 0 THEN 'D' ELSE 'C' END, '', ''])[1 + g %% 6], g %% 50 = 0,
    '测试户', '{}', '\\x00', 'none' || %(first)s + g, '', 'male', '', 3, '\\x00', '', '', 1
FROM generate_series(1, %(rows)s) g
JOIN (SELECT id, key, parent_id, row_number() OVER (ORDER BY key) AS place FROM regions_region
      WHERE level = 'village' AND is_effective AND key BETWEEN %(low)s AND %(high)s) v
    ON v.place = 1 + g %% (SELECT count(*) FROM regions_region
                           WHERE level = 'village' AND is_effective AND key BETWEEN %(low)s AND %(high)s)
JOIN regions_region t ON t.id = v.parent_id
JOIN regions_region p ON p.level = 'province' AND p.key = rpad(left(v.key, 2), 12, '0')
"""


def measure(cases: int) -> Iterator[Result]:
    data.divisions()
    county = Region.objects.filter(level="county", is_placeholder=False, case_enabled=False).order_by("key")[200]
    campaign = make_campaign()
    total = cases * TIMES
    _fill(campaign, Region.objects.get(level="nation"), total, 0)
    _fill(campaign, county, min(COUNTY_ROWS, total), total)
    fold(CUBE)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE lookback_lookbackrecord, lookback_lookbacktotal, lookback_lookbackchange")
    yield from _tables(campaign, county)
    yield from _writes(county)


def _fill(campaign: LookbackCampaign, region: Region, rows: int, first: int) -> None:
    low, high = region.key_range
    with connection.cursor() as cursor:
        values = {"campaign": campaign.pk, "rows": rows, "low": low, "high": high, "first": first}
        cursor.execute(FILL, values)


def _tables(campaign: LookbackCampaign, county: Region) -> Iterator[Result]:
    township = county.children.filter(is_effective=True).order_by("key").first()
    above = {"nation": Region.objects.get(level="nation"), "county": county, "township": township}
    above["province"] = Region.objects.get(level="province", key=county.key[:2].ljust(12, "0"))
    for level, times in TARGETS.items():
        region = above[level]
        ours = milliseconds(lambda region=region: tabulate(CUBE, region, MEASURES, campaign_id=campaign.pk), 5)
        counting = milliseconds(lambda region=region: _count_rows(region, campaign), 3)
        words = f"≤ 10 ms; ≥ {times} × (23.4 M rows)"
        yield Result(f"drilldown_sql_{level}", ours, "ms", counting, "GROUP BY over the rows", words, ours <= 10)


def _count_rows(region: Region, campaign: LookbackCampaign) -> list[tuple]:
    """The same table the ordinary way."""
    counts = ", ".join(["count(*) FILTER (WHERE state = 'approved' AND shape = 'own' AND grade <> '')"] * len(MEASURES))
    below = min(size for size in PREFIX.values() if size > PREFIX[region.level])
    sql = f"SELECT left(region_key, {below}), {counts} FROM lookback_lookbackrecord"
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} WHERE campaign_id = %s AND region_key BETWEEN %s AND %s GROUP BY 1",
                       [campaign.pk, *region.key_range])  # fmt: skip
        return cursor.fetchall()


def _writes(county: Region) -> Iterator[Result]:
    village = county.children.order_by("key").first().children.order_by("key").first()
    for name, place in (("county", county), ("village", village)):
        numbers = list(LookbackRecord.objects.filter(region_key__range=place.key_range).values_list("pk", flat=True))
        _set_triggers("DISABLE")
        try:
            without = _rate(numbers)
        finally:
            _set_triggers("ENABLE")
            # What was written meanwhile was not counted.
            LookbackRecord.objects.filter(pk__in=numbers).update(state=SurveyState.DRAFT)
        rebuild(CUBE)
        ours = _rate(numbers)
        words = "≥ 0.80 of the updates without"
        yield Result(
            f"counter_writes_{name}", ours, "updates/s", without, "without statistics", words, ours >= 0.8 * without
        )
    while not fold(CUBE):
        pass
    wrong = differences(CUBE)
    yield Result("counter_mismatches", wrong, "cells", 0, "none", "0", wrong == 0)


def _set_triggers(how: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE lookback_lookbackrecord {how} TRIGGER USER")


def _rate(numbers: list[int]) -> float:
    """Updates a second of eight clients, while the cube is folded once a second as in service."""
    connection.close()
    context = multiprocessing.get_context("fork")
    done = context.Queue()
    until = monotonic() + SECONDS
    clients = [context.Process(target=_client, args=(seed, numbers, until, done)) for seed in range(WRITERS)]
    folding = context.Process(target=_keep_folding, args=(until,))
    for process in (*clients, folding):
        process.start()
    counted = sum(done.get(timeout=SECONDS + 30) for _ in clients)
    for process in (*clients, folding):
        process.join()
    return counted / SECONDS


def _client(seed: int, numbers: list[int], until: float, done) -> None:
    chance, states, written = Random(seed), SurveyState.values, 0
    with connection.cursor() as cursor:
        while monotonic() < until:
            cursor.execute(
                "UPDATE lookback_lookbackrecord SET state = %s WHERE id = %s",
                [chance.choice(states), chance.choice(numbers)],
            )
            written += 1
    done.put(written)


def _keep_folding(until: float) -> None:
    while monotonic() < until:
        fold(CUBE)
        sleep(1)
