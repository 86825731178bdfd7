from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from artisans.choices import PersonType, Trade
from common.fields import BlindIndexField, SealedModel, SealedTextField
from regions.scope import RegionScopedQuerySet


class Artisan(SealedModel):
    """A rural building craftsman (乡村建设工匠); only the account that wrote the row edits it (谁录入谁管理)."""

    # A county at least: ledgers have craftsmen without a township (domain §9.3).
    region = models.ForeignKey("regions.Region", models.PROTECT, related_name="+", verbose_name="地区")
    region_key = models.CharField(max_length=12, db_collation="C", editable=False)
    village_group = models.CharField("村小组", max_length=50, blank=True)
    name = models.CharField("工匠姓名", max_length=50)
    id_number = SealedTextField("身份证号", mask="id_number")
    id_index = BlindIndexField(source="id_number", kind="id_number", unique=True, db_index=False)
    phone = SealedTextField("联系电话", mask="phone")
    is_lead = models.BooleanField("是否带头工匠")
    is_certified = models.BooleanField("是否获得职业资格认定或其他职业认定")
    trades = ArrayField(models.CharField(max_length=12, choices=Trade.choices), verbose_name="工种")
    person_types = ArrayField(models.CharField(max_length=20, choices=PersonType.choices), verbose_name="人员类别")
    note = models.CharField("情况说明", max_length=1000, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="录入人", editable=False)
    created_at = models.DateTimeField("录入时间", auto_now_add=True)

    objects = RegionScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "工匠"
        verbose_name_plural = "工匠"
        indexes = [models.Index(fields=["region_key", "id"], name="artisan_key_id")]

    def __str__(self):
        return self.name


class ArtisanTraining(models.Model):
    """A course a craftsman attended (培训经历)."""

    artisan = models.ForeignKey(Artisan, models.CASCADE, related_name="trainings", verbose_name="工匠")
    started_on = models.DateField("培训开始时间")
    ended_on = models.DateField("培训结束时间")
    topics = ArrayField(models.CharField(max_length=40), verbose_name="参加培训内容")
    content = models.CharField("培训内容说明", max_length=500)
    has_certificate = models.BooleanField("是否取得证书")

    class Meta:
        verbose_name = "培训经历"
        verbose_name_plural = "培训经历"
        constraints = [
            models.CheckConstraint(condition=Q(ended_on__gte=F("started_on")), name="training_ends_after_start"),
        ]

    def __str__(self):
        return f"{self.started_on} {self.content[:20]}"


class ArtisanWork(models.Model):
    """A time a craftsman worked somewhere (从业经历)."""

    artisan = models.ForeignKey(Artisan, models.CASCADE, related_name="works", verbose_name="工匠")
    started_on = models.DateField("从业开始时间")
    ended_on = models.DateField("从业结束时间", null=True, blank=True)
    description = models.CharField("从业情况", max_length=500)

    class Meta:
        verbose_name = "从业经历"
        verbose_name_plural = "从业经历"

    def __str__(self):
        return f"{self.started_on} {self.description[:20]}"


class ArtisanCertificate(models.Model):
    """A certificate a craftsman holds (认定证书)."""

    artisan = models.ForeignKey(Artisan, models.CASCADE, related_name="certificates", verbose_name="工匠")
    name = models.CharField("证书名称", max_length=100)
    number = models.CharField("证书编号", max_length=50, blank=True)
    issuer = models.CharField("发证单位", max_length=100, blank=True)
    valid_until = models.DateField("有效期至", null=True, blank=True)

    class Meta:
        verbose_name = "认定证书"
        verbose_name_plural = "认定证书"

    def __str__(self):
        return self.name
