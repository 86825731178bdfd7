from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import User
from households.choices import AppraisalKind, Era, Grade, RiskPart, Source, StructureArchive, StructureCensus
from regions.models import RegionBoundModel
from regions.scope import RegionScopedQuerySet


class House(RegionBoundModel):
    """A dwelling with its physical facts (房屋); lived in through Occupancy, judged by Appraisal."""

    address = models.CharField("详细地址", max_length=200)
    lon = models.DecimalField("经度", max_digits=9, decimal_places=6, null=True, blank=True)
    lat = models.DecimalField("纬度", max_digits=9, decimal_places=6, null=True, blank=True)
    # GCJ-02 taken as WGS-84 is wrong by 500 m, so the system travels with every point.
    crs = models.CharField("坐标系", max_length=10, blank=True)
    polygon_no = models.CharField("图斑编号", max_length=32, blank=True)
    floors = models.PositiveSmallIntegerField("建筑层数", null=True, blank=True)
    building_area = models.DecimalField("建筑面积(平方米)", max_digits=8, decimal_places=2, null=True, blank=True)
    era = models.CharField("建筑年代", max_length=1, choices=Era.choices, blank=True)
    structure_census = models.CharField("结构类型（普查）", max_length=2, choices=StructureCensus.choices, blank=True)
    structure_archive = models.CharField("结构类型（档案）", max_length=2, choices=StructureArchive.choices, blank=True)
    # Newest evidence wins: a fact is only overwritten by evidence of a later date (domain §2.3).
    evidence_on = models.DateField("信息依据日期", null=True, blank=True)
    demolished_on = models.DateField("拆除日期", null=True, blank=True)

    objects = RegionScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "房屋"
        verbose_name_plural = "房屋"
        indexes = [models.Index(fields=["region_key", "id"], name="house_key_id")]

    def __str__(self):
        return self.address


class Occupancy(models.Model):
    """Which household lives in which house, and since when (居住关系); one current own house per household."""

    household = models.ForeignKey("households.Household", models.PROTECT, related_name="occupancies")
    house = models.ForeignKey(House, models.PROTECT, related_name="occupancies")
    is_current = models.BooleanField("现居住", default=True)
    since = models.DateField("起", null=True, blank=True)
    until = models.DateField("止", null=True, blank=True)

    class Meta:
        verbose_name = "居住关系"
        verbose_name_plural = "居住关系"
        constraints = [
            models.UniqueConstraint(
                fields=["household"], condition=Q(is_current=True), name="one_current_house_per_household"
            ),
        ]

    def __str__(self):
        return f"{self.household}居住于{self.house}"


class Appraisal(models.Model):
    """A verdict on the safety of a house (鉴定或评估); the latest valid one counts."""

    house = models.ForeignKey(House, models.PROTECT, related_name="appraisals", verbose_name="房屋")
    household = models.ForeignKey("households.Household", models.PROTECT, related_name="appraisals")
    kind = models.CharField("鉴定或评估", max_length=12, choices=AppraisalKind.choices, default=AppraisalKind.APPRAISAL)
    appraised_on = models.DateField("鉴定时间")
    grade = models.CharField("鉴定等级", max_length=1, choices=Grade.choices)
    org = models.CharField("鉴定机构", max_length=100, blank=True)
    org_uscc = models.CharField("统一社会信用代码", max_length=18, blank=True)
    risk_parts = ArrayField(models.CharField(max_length=12, choices=RiskPart.choices), default=list, blank=True)
    source = models.CharField("来源", max_length=12, choices=Source.choices)
    source_uid = models.UUIDField("来源记录")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)

    class Meta:
        verbose_name = "房屋鉴定"
        verbose_name_plural = "房屋鉴定"
        ordering = ["-appraised_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "source_uid", "appraised_on"], name="one_appraisal_per_source"),
        ]

    def __str__(self):
        return f"{self.get_grade_display()} {self.appraised_on}"
