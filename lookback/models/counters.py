from django.db import models

from households.survey.cells import SurveyCells
from regions.cubes.columns import columns_of
from regions.models.cube import CubeDelta, CubeRow


class LookbackCells(SurveyCells):
    """Abstract: look-back counts each round by itself."""

    campaign_id = models.IntegerField("批次")

    class Meta:
        abstract = True


PLACES = ("region_key", *columns_of(LookbackCells).cells)


class LookbackTotal(CubeRow, LookbackCells):
    """How many look-back records of each kind lie in each place of the tree (回头看统计)."""

    class Meta:
        verbose_name = "回头看统计"
        verbose_name_plural = "回头看统计"
        constraints = [models.UniqueConstraint(fields=PLACES, name="one_lookback_total_per_cell")]


class LookbackChange(CubeDelta, LookbackCells):
    """What changed since the totals were last brought up to date (回头看统计待汇总)."""

    class Meta:
        verbose_name = "回头看统计待汇总"
        verbose_name_plural = "回头看统计待汇总"
        indexes = [models.Index(fields=["region_key"], name="lookback_change_key")]
