"""The engine of numbers under many hands: eight writers that change, move and delete while two processes fold."""

from functools import partial
from random import Random
from time import monotonic

from django.db.models import Q

from households.survey.workflow import SurveyState
from lookback.cube import CUBE
from lookback.models import LookbackRecord
from regions.cubes import Measure
from regions.cubes.folding import differences, fold
from regions.cubes.reading import tabulate
from regions.models import Region
from tests.factories.lookback import make_campaign, new_record
from tests.races.together import errors, together
from tests.regions.test_cubes import some_cell
from tests.scale import some

WRITERS, FOLDERS = 8, 2
ROWS, WRITES = some(400, 4000), some(40, 200)
CONTROL = "tests/regions/test_cubes.py::test_control_without_the_triggers_the_numbers_are_wrong"
WORDS = "statements of eight writers beside two folds, counted without a difference"
ALL = (Measure("all", "总数"), Measure("approved", "审核通过", Q(state=SurveyState.APPROVED)))


def test_eight_writers_and_two_folds_end_without_a_difference(world, tried):
    campaign, villages = make_campaign(), list(Region.objects.filter(level="village"))
    chance = Random(8)
    LookbackRecord.objects.bulk_create(new_record(campaign, chance.choice(villages)) for _ in range(ROWS))
    numbers = list(LookbackRecord.objects.values_list("pk", flat=True))
    until = monotonic() + some(20, 80)
    work = [partial(write, seed, campaign, villages, numbers) for seed in range(WRITERS)]
    outcomes = together(*work, *[partial(keep_folding, until, work)] * FOLDERS, partial(keep_reading, until))
    assert errors(outcomes) == []
    while not fold(CUBE):
        pass
    assert differences(CUBE) == 0
    tried(
        "T-C1", WRITERS * WRITES, "statements of eight writers beside two folds, counted without a difference", CONTROL
    )


def write(seed: int, campaign, villages, numbers) -> None:
    """Single changes, moves to another village, bulk changes, deletions and new rows, by chance."""
    chance = Random(seed)
    # A bulk change touches a writer's own rows only: two of them over the same rows may wait for each other anyway.
    own = LookbackRecord.objects.filter(pk__in=numbers[seed::WRITERS])
    for number in range(WRITES):
        one, village = LookbackRecord.objects.filter(pk=chance.choice(numbers)), chance.choice(villages)
        match number % 5:
            case 0:
                one.update(**some_cell(chance))
            case 1:
                one.update(region=village, region_key=village.key)
            case 2:
                own.filter(state=chance.choice(SurveyState.values)).update(state=chance.choice(SurveyState.values))
            case 3:
                LookbackRecord.objects.bulk_create([new_record(campaign, village) for _ in range(3)])
            case 4:
                one.delete()


def keep_folding(until: float, work) -> None:
    while monotonic() < until:
        fold(CUBE)


def keep_reading(until: float) -> None:
    """At no moment do the lines of a table fail to add up."""
    nation = Region.objects.get(level="nation")
    while monotonic() < until:
        table = tabulate(CUBE, nation, ALL)
        for key in ("all", "approved"):
            assert sum(line.sums[key] for line in table.lines) == table.total.sums[key]
            assert all(line.sums[key] >= 0 for line in table.lines)
