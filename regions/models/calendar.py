from django.db import models
from django.db.models import Q

from regions.choices import DayKind


class CalendarDay(models.Model):
    """One day that differs from the plain week (工作日历): a holiday (放假) or a day made up for (调休上班)."""

    date = models.DateField("日期")
    kind = models.CharField("类型", max_length=8, choices=DayKind)
    name = models.CharField("名称", max_length=30)
    # Empty = the whole nation; otherwise the day holds in this region and below, and wins over higher rows.
    region = models.ForeignKey(
        "regions.Region", models.PROTECT, verbose_name="适用地区", related_name="+", null=True, blank=True
    )
    source = models.CharField("依据（文号）", max_length=100)

    class Meta:
        verbose_name = verbose_name_plural = "工作日历"
        ordering = ["-date"]
        constraints = [
            models.UniqueConstraint(fields=["date"], condition=Q(region__isnull=True), name="calendar_national_day"),
            models.UniqueConstraint(
                fields=["date", "region"], condition=Q(region__isnull=False), name="calendar_regional_day"
            ),
        ]

    def __str__(self):
        return f"{self.date} {self.name}（{self.get_kind_display()}）"


class CalendarStamp(models.Model):
    """Says which state the work calendar is in (日历版本): processes rebuild their tables when the token differs."""

    token = models.UUIDField("版本标记")
    changed_at = models.DateTimeField("更新时间")

    class Meta:
        verbose_name = verbose_name_plural = "日历版本"

    def __str__(self):
        return str(self.token)
