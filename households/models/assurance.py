from django.db import models
from django.db.models import Q

from households.choices import Measure, PolicyType, Source


class PolicyBenefit(models.Model):
    """A housing policy a household has already enjoyed (已享受政策), whoever found it out."""

    household = models.ForeignKey("households.Household", models.PROTECT, related_name="benefits", verbose_name="农户")
    policy_type = models.CharField("政策类型", max_length=12, choices=PolicyType.choices)
    # Month precision: the first of the month is stored (domain §4.4).
    benefit_on = models.DateField("享受政策时间", null=True, blank=True)
    amount = models.DecimalField("享受政策金额(元)", max_digits=12, decimal_places=2, null=True, blank=True)
    source = models.CharField("来源", max_length=12, choices=Source.choices)
    source_uid = models.UUIDField("来源记录")

    class Meta:
        verbose_name = "已享受政策"
        verbose_name_plural = "已享受政策"
        constraints = [
            models.UniqueConstraint(fields=["source", "source_uid", "policy_type"], name="one_benefit_per_source"),
            models.CheckConstraint(condition=Q(amount__isnull=True) | Q(amount__gt=0), name="benefit_amount_positive"),
        ]

    def __str__(self):
        return self.get_policy_type_display()


class AssurancePlan(models.Model):
    """How and in which year a household's unsafe home is dealt with (保障措施)."""

    household = models.ForeignKey("households.Household", models.PROTECT, related_name="assurance_plans")
    is_assured = models.BooleanField("是否已保障住房安全", default=False)
    measure = models.CharField("保障措施", max_length=16, choices=Measure.choices)
    year = models.PositiveSmallIntegerField("保障年度")
    source = models.CharField("来源", max_length=12, choices=Source.choices)
    source_uid = models.UUIDField("来源记录")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "保障措施"
        verbose_name_plural = "保障措施"

    def __str__(self):
        return f"{self.year}年 {self.get_measure_display()}"
