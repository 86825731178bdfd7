from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from regions.choices import RegionLevel
from regions.keys import key_range
from regions.scope import Scope

digits_only = RegexValidator(r"^\d{12}$", "编码必须是12位数字")
_UPPER = ~Q(level=RegionLevel.VILLAGE)


class RegionQuerySet(models.QuerySet):
    def effective(self) -> "RegionQuerySet":
        """Leave out what was closed or merged away (撤销)."""
        return self.filter(is_effective=True)

    def within(self, region: "Region") -> "RegionQuerySet":
        """The region itself and everything below it, by key range."""
        return self.filter(key__range=region.key_range)


class Region(models.Model):
    """One administrative division of the tree, nation to village (行政区划). Public place names: no scope applies."""

    code = models.CharField("部门编码", max_length=12, db_collation="C", validators=[digits_only])
    key = models.CharField("树键", max_length=12, db_collation="C", editable=False)
    level = models.CharField("管理部门级别", max_length=8, choices=RegionLevel)
    name = models.CharField("部门名称", max_length=50, db_collation="C")
    full_name = models.CharField("全称", max_length=200, editable=False)
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name="上级部门", related_name="children", null=True, blank=True, db_index=False
    )
    order = models.PositiveIntegerField("排序", default=0)
    national_code = models.CharField("国家编码", max_length=12, blank=True, validators=[digits_only])
    pinyin = models.CharField("拼音", max_length=160, blank=True, db_collation="C")
    initials = models.CharField("拼音首字母", max_length=40, blank=True, db_collation="C")
    # Pairs of neighbouring characters of the name without 村民委员会, 居委会 …: what the infix search reads.
    grams = ArrayField(models.CharField(max_length=2), verbose_name="检索字对", default=list, editable=False)
    is_effective = models.BooleanField("有效", default=True)
    # 市辖区, 县, 省直辖县级行政区划 and rows that repeat their parent's name: stepped over, left out of full names.
    is_placeholder = models.BooleanField("统计占位行", default=False)
    previous_codes = ArrayField(
        models.CharField(max_length=12, db_collation="C"), verbose_name="曾用编码", default=list, blank=True
    )
    case_enabled = models.BooleanField("已开通网上申请", default=False)
    successor = models.ForeignKey(
        "self", models.PROTECT, verbose_name="并入", related_name="+", null=True, blank=True, db_index=False
    )
    edited_at = models.DateTimeField("管理员修改时间", null=True, editable=False)

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "行政区划"
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="region_key"),
            # Code first: the same index serves the search by the beginning of a code.
            models.UniqueConstraint(fields=["code", "level"], name="region_code_level"),
            models.CheckConstraint(condition=Q(level="nation") | Q(parent__isnull=False), name="region_has_parent"),
        ]
        indexes = [
            models.Index(fields=["parent", "order"], name="region_parent_order"),
            models.Index(fields=["name"], name="region_name"),
            models.Index(fields=["pinyin"], name="region_pinyin"),
            models.Index(fields=["initials"], name="region_initials"),
            # Seven rows of a hundred are above the village: they are asked for first and must not drown.
            models.Index(fields=["name"], name="region_upper_name", condition=_UPPER),
            models.Index(fields=["pinyin"], name="region_upper_pinyin", condition=_UPPER),
            models.Index(fields=["initials"], name="region_upper_initials", condition=_UPPER),
            GinIndex(fields=["grams"], name="region_grams"),
            GinIndex(fields=["previous_codes"], name="region_previous_codes", condition=~Q(previous_codes=[])),
            models.Index(fields=["key"], name="region_enabled", condition=Q(case_enabled=True)),
            models.Index(fields=["successor"], name="region_successor", condition=Q(successor__isnull=False)),
        ]

    def __str__(self):
        return self.full_name or self.name

    @property
    def key_range(self) -> tuple[str, str]:
        return key_range(self.key, self.level)

    @property
    def scope(self) -> Scope:
        """The scope of a staff user whose office stands here (domain §1.2)."""
        low, high = self.key_range
        return Scope(kind="region", low=low, high=high)


class TreeStamp(models.Model):
    """Says which state the tree is in (区划版本): processes compare the token before they trust their memory."""

    # A random token, not a counter: a counter that was rolled back gives the same number to two different trees.
    token = models.UUIDField("版本标记")
    source_sha256 = models.CharField("数据文件指纹", max_length=64, blank=True)
    changed_at = models.DateTimeField("更新时间")

    class Meta:
        verbose_name = verbose_name_plural = "区划版本"

    def __str__(self):
        return str(self.token)
