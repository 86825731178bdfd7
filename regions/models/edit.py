from django.db import models

from regions.choices import EditKind, EditState, RegionLevel
from regions.models.region import digits_only


class RegionEdit(models.Model):
    """A change of the division tree that waits for 【立即生效】 and stays as its history (区划变更, domain §9.2)."""

    kind = models.CharField("变更类型", max_length=8, choices=EditKind)
    parent = models.ForeignKey("regions.Region", models.PROTECT, verbose_name="上级部门", related_name="child_edits")
    region = models.ForeignKey(
        "regions.Region", models.PROTECT, verbose_name="变更对象", related_name="edits", null=True, blank=True
    )
    level = models.CharField("管理部门级别", max_length=8, choices=RegionLevel, blank=True)
    name = models.CharField("部门名称", max_length=50, blank=True)
    code = models.CharField("部门编码", max_length=12, blank=True, validators=[digits_only])
    national_code = models.CharField("国家编码", max_length=12, blank=True, validators=[digits_only])
    order = models.PositiveIntegerField("排序", null=True, blank=True)
    # The new parent of a move, the successor of a merge.
    target = models.ForeignKey(
        "regions.Region", models.PROTECT, verbose_name="新上级／并入单位", related_name="+", null=True, blank=True
    )
    reason = models.CharField("变更依据", max_length=200, blank=True)
    state = models.CharField("状态", max_length=9, choices=EditState, default=EditState.PENDING)
    # What the region looked like before, so that the history needs no other table.
    before = models.JSONField("变更前", default=dict, blank=True)
    # Accounts live on a higher floor: the account's uid is kept, not a foreign key.
    created_by = models.UUIDField("提出人", null=True, blank=True, editable=False)
    created_at = models.DateTimeField("提出时间", editable=False)
    published_by = models.UUIDField("生效人", null=True, blank=True, editable=False)
    published_at = models.DateTimeField("生效时间", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "区划变更"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["parent"], name="region_edit_pending", condition=models.Q(state="pending")),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.name or self.region}"
