from django.db import models


class CountedRow(models.Model):
    """Abstract base of what a register's counters stand in: a place, and how many rows lie there in one cell."""

    region_key = models.CharField("树键", max_length=12, db_collation="C")
    number = models.BigIntegerField("数量")

    class Meta:
        abstract = True


class CubeRow(CountedRow):
    """Abstract base of a cube: the totals of each place of every level, one row a cell (统计立方)."""

    class Meta:
        abstract = True


class CubeDelta(CountedRow):
    """Abstract base of what changed in a village since its cube was last brought up to date (待汇总的变化)."""

    class Meta:
        abstract = True
