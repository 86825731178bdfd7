from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from accounts.models import User
from common.fields import BlindIndexField, SealedModel, SealedTextField
from common.names import grams
from households.choices import Ethnicity, Gender
from households.models import Household
from households.survey.cells import SurveyCells
from lookback.models.campaign import LookbackCampaign
from lookback.models.counters import LookbackCells
from regions.cubes.triggers import counted_in
from regions.models import RegionBoundModel
from regions.scope import RegionScopedQuerySet


class LookbackQuerySet(RegionScopedQuerySet):
    """Records within a region; whose place has no village yet lie at their county's key."""

    def without_village(self):
        """行政区划缺失: waits for somebody above to say which village it is."""
        return self.filter(township_id=None)

    def named(self, text: str):
        """Records whose head's name contains the text; by the array of grams, never a LIKE scan alone."""
        text = text.strip()
        return self.filter(head_grams__contains=grams(text), head_name__contains=text) if text else self


class LookbackRecord(SurveyCells, SealedModel, RegionBoundModel):
    """One household of a round of looking back (回头看记录): a line of the list, then its survey."""

    campaign = models.ForeignKey(LookbackCampaign, models.PROTECT, related_name="records", verbose_name="批次")
    household = models.ForeignKey(
        Household, models.PROTECT, null=True, blank=True, related_name="lookbacks", verbose_name="农户"
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    # The list has them from the ministry's data of 2020; nobody edits them here (domain §5.2).
    head_name = models.CharField("户主姓名", max_length=50)
    head_grams = ArrayField(models.CharField(max_length=2), editable=False, default=list)
    head_id_number = SealedTextField("身份证号", mask="id_number")
    head_id_index = BlindIndexField(source="head_id_number", kind="id_number", db_index=False)
    head_id_tail_index = BlindIndexField(source="head_id_number", kind="id_number_tail", db_index=False)
    gender = models.CharField("性别", max_length=6, choices=Gender.choices)
    ethnicity = models.CharField("民族", max_length=2, choices=Ethnicity.choices, blank=True)
    registered_population = models.PositiveSmallIntegerField("家庭户籍人数", null=True, blank=True)
    phone = SealedTextField("当前联系电话", mask="phone", blank=True)
    village_group = models.CharField("村民小组", max_length=50, blank=True)
    listed_place = models.CharField("名单所列地区", max_length=200, blank=True)
    saved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="填报人")
    saved_at = models.DateTimeField("填报时间", null=True, blank=True)
    imported_at = models.DateTimeField("导入时间", null=True, blank=True)

    objects = LookbackQuerySet.as_manager()

    class Meta:
        verbose_name = "回头看记录"
        verbose_name_plural = "回头看记录"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "head_id_index"], name="one_lookback_per_id_and_round"),
        ]
        indexes = [
            models.Index(fields=["campaign", "region_key", "id"], name="lookback_key_id"),
            models.Index(fields=["campaign", "region_key", "state", "id"], name="lookback_key_state"),
            models.Index(fields=["head_id_tail_index"], name="lookback_id_tail"),
            models.Index(fields=["campaign", "county_id"], condition=Q(township_id=None), name="lookback_no_village"),
            GinIndex(fields=["head_grams"], name="lookback_name_grams"),
        ]
        triggers = counted_in("lookback_lookbackchange", LookbackCells)

    def __str__(self):
        return f"{self.head_name}户"

    def save(self, *args, update_fields=None, **kwargs):
        self.head_grams = grams(self.head_name)
        super().save(*args, update_fields=update_fields, **kwargs)
