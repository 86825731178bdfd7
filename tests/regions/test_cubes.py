"""The engine of numbers (ADR 0130) on its first register: exact at every moment, whatever is written and however."""

from collections import Counter
from random import Random

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Q

from households.choices import Grade
from households.survey.choices import Shape
from households.survey.workflow import SurveyState
from lookback.cube import CUBE
from lookback.models import LookbackChange, LookbackRecord, LookbackTotal
from regions.cubes import Measure, registered
from regions.cubes.folding import differences, fold, rebuild
from regions.cubes.reading import count, tabulate
from regions.models import Region
from regions.queries import children
from tests.factories.lookback import make_campaign, make_record, new_record
from tests.factories.regions import make_tree

pytestmark = pytest.mark.django_db
OWN = Q(state=SurveyState.APPROVED, shape=Shape.OWN)
MEASURES = (
    Measure("all", "脱贫户总数", Q(is_split=False)),
    Measure("approved", "审核通过", Q(state=SurveyState.APPROVED)),
    Measure("safe", "未发现安全隐患", OWN & Q(grade__in=(Grade.A, Grade.B)), "自有农村住房"),
    Measure("unsafe", "存在严重安全隐患", OWN & Q(grade=Grade.D), "自有农村住房"),
)


@pytest.fixture
def tree(db):
    return make_tree()


@pytest.fixture
def campaign(tree):
    return make_campaign()


def villages() -> list[Region]:
    return list(Region.objects.filter(level="village").order_by("key"))


def fill(campaign, number: int, seed: int = 1) -> None:
    chance = Random(seed)
    rows = [new_record(campaign, chance.choice(villages()), **some_cell(chance)) for _ in range(number)]
    LookbackRecord.objects.bulk_create(rows)


def some_cell(chance: Random) -> dict:
    shape = chance.choice(Shape.values)
    return {
        "state": chance.choice(SurveyState.values),
        "shape": shape,
        "grade": chance.choice(Grade.values) if shape == Shape.OWN else "",
        "is_split": chance.random() < 0.1,
    }


def counted(region: Region, campaign) -> Counter:
    """The same numbers, by counting rows."""
    rows = LookbackRecord.objects.filter(campaign=campaign, region_key__range=region.key_range)
    return Counter({one.key: rows.filter(one.where).count() for one in MEASURES})


def read(region: Region, campaign):
    return tabulate(CUBE, region, MEASURES, campaign_id=campaign.pk)


def assert_exact(campaign) -> None:
    for region in Region.objects.exclude(is_placeholder=True):
        table = read(region, campaign)
        assert table.total.sums == counted(region, campaign), region
        assert [line.region for line in table.lines if line.region] == children(region)
        for line in table.lines:
            if line.region:
                assert line.sums == counted(line.region, campaign), line.region
        for key in ("all", "approved"):
            assert not table.lines or sum(line.sums[key] for line in table.lines) == table.total.sums[key]
    assert differences(CUBE) == 0


def test_numbers_are_exact_before_and_after_the_fold(campaign):
    fill(campaign, 60)
    assert LookbackChange.objects.exists() and not LookbackTotal.objects.exists()
    assert_exact(campaign)
    assert fold(CUBE)
    assert LookbackTotal.objects.exists() and not LookbackChange.objects.exists()
    assert_exact(campaign)


def test_changes_moves_and_deletions_are_counted(campaign):
    fill(campaign, 40)
    fold(CUBE)
    one, other = LookbackRecord.objects.order_by("pk")[:2]
    one.state, one.shape = SurveyState.APPROVED, Shape.DEATH
    one.save()
    other.bind_region(next(place for place in villages() if place.pk != other.region_id))
    other.save()
    LookbackRecord.objects.filter(pk__gt=other.pk + 30).delete()
    LookbackRecord.objects.filter(shape=Shape.OWN).update(state=SurveyState.APPROVED)
    assert_exact(campaign)
    fold(CUBE)
    assert_exact(campaign)


def test_a_statement_that_changes_no_cell_appends_nothing(campaign):
    fill(campaign, 10)
    fold(CUBE)
    LookbackRecord.objects.update(village_group="3组")
    record = LookbackRecord.objects.first()
    record.head_name = "李石山"
    record.save()
    assert not LookbackChange.objects.exists()


def test_a_bulk_statement_appends_one_row_a_cell(campaign):
    village = villages()[0]
    LookbackRecord.objects.bulk_create([new_record(campaign, village) for _ in range(50)])
    assert list(LookbackChange.objects.values_list("number", flat=True)) == [50]


def test_a_row_without_a_village_counts_for_its_county_and_above_once(campaign, tree):
    county = tree["990101000000"]
    make_record(campaign, county)
    for _ in range(2):
        table = read(county, campaign)
        assert table.total.sums["all"] == 1
        assert [(line.region, line.sums["all"]) for line in table.lines if line.sums["all"]] == [(None, 1)]
        assert read(tree["990000000000"], campaign).total.sums["all"] == 1
        fold(CUBE)
    assert differences(CUBE) == 0


def test_each_round_is_counted_by_itself(campaign):
    fill(campaign, 20)
    later = make_campaign()
    make_record(later, villages()[0])
    nation = Region.objects.get(level="nation")
    assert read(nation, later).total.sums["all"] == 1
    assert count(CUBE, nation, Q(), campaign_id=campaign.pk) == 20


def test_a_table_costs_three_queries_at_every_level(campaign, django_assert_max_num_queries):
    fill(campaign, 20)
    fold(CUBE)
    for region in Region.objects.filter(is_placeholder=False):
        with django_assert_max_num_queries(3):
            read(region, campaign)


def test_rebuild_mends_and_verify_tells(campaign, capsys):
    fill(campaign, 30)
    fold(CUBE)
    LookbackTotal.objects.filter(number__gt=0).order_by("pk").first().delete()
    with pytest.raises(CommandError, match="统计数字与台账不一致"):
        call_command("rebuild_counters", verify=True)
    assert differences(CUBE) > 0
    call_command("rebuild_counters")
    assert "回头看记录  重新统计  一致" in capsys.readouterr().out
    assert_exact(campaign)


def test_control_without_the_triggers_the_numbers_are_wrong(campaign):
    with pgtrigger.ignore("lookback.LookbackRecord:count_insert"):
        fill(campaign, 5)
    assert read(Region.objects.get(level="nation"), campaign).total.sums["all"] == 0
    assert differences(CUBE) > 0
    rebuild(CUBE)
    assert_exact(campaign)


def test_what_is_rolled_back_was_never_counted(campaign):
    with transaction.atomic():
        fill(campaign, 5)
        transaction.set_rollback(True)
    assert not LookbackChange.objects.exists()


def test_every_register_with_counters_is_known():
    assert [cube.register for cube in registered()] == ["lookback.LookbackRecord"]
