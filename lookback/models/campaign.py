import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models

from regions.models import Region


class LookbackCampaign(models.Model):
    """One round of looking back at formerly poor households (回头看批次): its places, its dates, its floor."""

    name = models.CharField("批次名称", max_length=50, unique=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="开展地区")
    opens_on = models.DateField("开始日期")
    fill_deadline = models.DateField("完成排查期限")
    report_deadline = models.DateField("县级上报期限")
    province_deadline = models.DateField("省级上报期限")
    # An appraisal older than this proves nothing (V05).
    appraisal_min_date = models.DateField("鉴定或评估最早日期", default=dt.date(2021, 1, 1))
    is_open = models.BooleanField("进行中", default=True)

    class Meta:
        verbose_name = "回头看批次"
        verbose_name_plural = "回头看批次"
        ordering = ["-opens_on", "-id"]

    def __str__(self):
        return self.name

    def clean(self):
        """The dates of a round follow one another."""
        order = ("opens_on", "fill_deadline", "report_deadline", "province_deadline")
        days = [getattr(self, name) for name in order]
        if None not in days and days != sorted(days):
            raise ValidationError("日期先后顺序不合理：开始、完成排查、县级上报、省级上报应依次在后")
