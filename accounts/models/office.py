from django.core.exceptions import ValidationError
from django.db import models

from accounts.choices import OFFICE_LEVELS, REGION_LEVEL
from accounts.queries import OfficeQuerySet


class Office(models.Model):
    """A unit that acts (单位、处理部门): its telephones and seal name stand under what it decides (decision 20)."""

    region = models.ForeignKey("regions.Region", models.PROTECT, verbose_name="属地", related_name="+")
    level = models.CharField("级别", max_length=10, choices=OFFICE_LEVELS)
    name = models.CharField("单位名称", max_length=100)
    short_name = models.CharField("简称", max_length=30, blank=True)
    phone = models.CharField("联系电话", max_length=20, blank=True)
    supervising_phone = models.CharField("监督电话", max_length=20, blank=True)
    address = models.CharField("地址", max_length=200, blank=True)
    seal_name = models.CharField("落款名称", max_length=100, blank=True)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "单位"
        ordering = ["region__key", "id"]
        constraints = [
            models.UniqueConstraint(fields=["region", "name"], name="office_once_per_region"),
            # The target of the pair (office, level) that every staff account points at: see the next migration.
            models.UniqueConstraint(fields=["id", "level"], name="office_with_level"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.region_id and self.level and self.region.level != REGION_LEVEL[self.level]:
            raise ValidationError({"level": "级别与所选属地不一致"})
