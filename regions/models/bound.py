from django.db import models

from regions.choices import RegionLevel
from regions.keys import ancestor_keys
from regions.models.region import Region
from regions.scope import RegionScopedQuerySet

_COLUMNS = {
    RegionLevel.TOWNSHIP: "township_id",
    RegionLevel.COUNTY: "county_id",
    RegionLevel.PROVINCE: "province_id",
}


class RegionBoundModel(models.Model):
    """Abstract base of what belongs to a village (属地): carries the village's tree key and its ancestors."""

    region = models.ForeignKey("regions.Region", models.PROTECT, verbose_name="所属村", related_name="+")
    region_key = models.CharField("树键", max_length=12, db_collation="C", editable=False)
    township_id = models.IntegerField("乡镇", null=True, editable=False)
    county_id = models.IntegerField("区县", null=True, editable=False)
    province_id = models.IntegerField("省", null=True, editable=False)

    objects = RegionScopedQuerySet.as_manager()

    class Meta:
        abstract = True

    def bind_region(self, region: Region) -> None:
        """Set the region and the columns copied from it (decision 3); one query, does not save."""
        self.region, self.region_key = region, region.key
        above = Region.objects.filter(key__in=ancestor_keys(region.key)).values_list("level", "id")
        ids = dict(above)
        for level, column in _COLUMNS.items():
            setattr(self, column, ids.get(level))
