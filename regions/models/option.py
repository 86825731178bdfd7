from django.db import models
from django.db.models import F, Q

LISTS = {
    "subsidy_fund": "享受补助资金类型",
    "subsidy_level": "各级政府补助金",
    "geological_hazard": "地质灾害隐患类型",
    "seismic_measure": "抗震构造措施",
    "deformation": "当时变形损伤主要情形",
    "extension_work": "改扩建内容",
    "business_kind": "经营类型",
    "monitoring_source": "监测来源",
    "trade": "工种",
    "person_type": "人员类别",
    "training_topic": "培训内容",
}


class OptionItem(models.Model):
    """One entry of a descriptive option list (选项, decision 21); records store its code, so it is never deleted."""

    list_code = models.SlugField("选项表", max_length=40, choices=LISTS.items(), db_index=False)
    code = models.SlugField("代码", max_length=40, db_index=False)
    label = models.CharField("名称", max_length=60)
    order = models.PositiveSmallIntegerField("排序", default=0)
    active = models.BooleanField("启用", default=True)
    valid_from = models.DateField("启用日期", null=True, blank=True)
    valid_to = models.DateField("停用日期", null=True, blank=True)
    source_mark = models.CharField("来源标记", max_length=10, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "选项"
        ordering = ["list_code", "order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["list_code", "code"], name="option_list_code"),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="option_valid_period",
            ),
        ]

    def __str__(self):
        return self.label
