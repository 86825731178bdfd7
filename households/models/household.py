from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from accounts.models import User
from common.fields import SealedModel, SealedTextField
from households.choices import Category, HouseholdStatus, Relation, Source
from regions.models import RegionBoundModel
from regions.scope import RegionScopedQuerySet


class Household(SealedModel, RegionBoundModel):
    """A family under one roof and one head (农户): the unit that every module works on."""

    village_group = models.CharField("村小组", max_length=50, blank=True)
    head = models.ForeignKey("households.Person", models.PROTECT, related_name="headed", verbose_name="户主")
    head_name_grams = ArrayField(models.CharField(max_length=2), editable=False, default=list)
    registered_population = models.PositiveSmallIntegerField("家庭户籍人数", null=True, blank=True)
    phone = SealedTextField("联系电话", mask="phone", blank=True)
    status = models.CharField("状态", max_length=16, choices=HouseholdStatus.choices, default=HouseholdStatus.ACTIVE)
    is_poverty_alleviated = models.BooleanField("脱贫户", default=False)
    source = models.CharField("来源", max_length=12, choices=Source.choices, default=Source.CASE)
    origin_household = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="split_off", verbose_name="分户来源"
    )
    created_at = models.DateTimeField("建档时间", auto_now_add=True)

    objects = RegionScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "农户"
        verbose_name_plural = "农户"
        constraints = [
            models.UniqueConstraint(
                fields=["head"], condition=Q(status="active"), name="one_active_household_per_head"
            ),
        ]
        indexes = [
            models.Index(fields=["region_key", "id"], name="household_key_id"),
            GinIndex(fields=["head_name_grams"], name="household_name_grams"),
        ]

    def __str__(self):
        return f"{self.head.name}户"


class HouseholdMember(models.Model):
    """A person's membership of a household over time (家庭成员); a person is in one active household at most."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="memberships", verbose_name="农户")
    person = models.ForeignKey("households.Person", models.PROTECT, related_name="memberships", verbose_name="人员")
    relation = models.CharField("与户主关系", max_length=2, choices=Relation.choices)
    joined_on = models.DateField("加入日期")
    left_on = models.DateField("离开日期", null=True, blank=True)
    reason = models.CharField("原因", max_length=100, blank=True)

    class Meta:
        verbose_name = "家庭成员"
        verbose_name_plural = "家庭成员"
        constraints = [
            # I7 of the catalogue: one active household per person.
            models.UniqueConstraint(
                fields=["person"], condition=Q(left_on__isnull=True), name="one_active_membership_per_person"
            ),
        ]

    def __str__(self):
        return f"{self.person.name}（{self.get_relation_display()}）"


class HouseholdCategory(models.Model):
    """A recognition of a household as one of the six categories (六类对象认定), with its validity."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="categories", verbose_name="农户")
    category = models.CharField("对象类别", max_length=16, choices=Category.choices)
    recognised_by = models.CharField("认定单位", max_length=100, blank=True)
    valid_from = models.DateField("认定日期")
    valid_to = models.DateField("终止日期", null=True, blank=True)
    source = models.CharField("来源", max_length=12, choices=Source.choices)
    source_uid = models.UUIDField("来源记录", null=True, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="登记人")

    class Meta:
        verbose_name = "对象类别认定"
        verbose_name_plural = "对象类别认定"
        constraints = [
            models.UniqueConstraint(
                fields=["household", "category"], condition=Q(valid_to__isnull=True), name="one_open_row_per_category"
            ),
        ]

    def __str__(self):
        return self.get_category_display()
