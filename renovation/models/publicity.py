from secrets import token_urlsafe

from django.db import models
from django.db.models import Q

from accounts.models import User
from common import clock
from common.fields import SealedModel, SealedTextField
from renovation.choices import ObjectionResult, PublicityState


def new_token() -> str:
    """A random address of a notice: nobody can count through them."""
    return token_urlsafe(12)


class Publicity(models.Model):
    """One notice to the village (公示): what it said, from when to when, and how it ended; never changed afterwards."""

    case = models.ForeignKey("renovation.Case", models.PROTECT, related_name="publicities", verbose_name="工单")
    round = models.PositiveSmallIntegerField("轮次", default=1)
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    state = models.CharField("状态", max_length=12, choices=PublicityState.choices, default=PublicityState.OPEN)
    place = models.CharField("公示地点/方式", max_length=100)
    starts_on = models.DateField("公示起")
    ends_on = models.DateField("公示止")
    ends_at = models.DateTimeField()
    is_provisional = models.BooleanField("期限暂定", default=False)
    # The sealed copy: exactly the fields and words that were shown (domain §15.3), with their digest.
    content = models.JSONField("公示内容")
    content_sha256 = models.CharField(max_length=64, editable=False)
    closed_at = models.DateTimeField("撤下时间", null=True, blank=True)

    class Meta:
        verbose_name = "公示"
        verbose_name_plural = "公示"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "round"], name="one_publicity_per_round"),
            models.UniqueConstraint(fields=["case"], condition=Q(state="open"), name="one_open_publicity_per_case"),
        ]
        indexes = [models.Index(fields=["ends_at"], condition=Q(state="open"), name="publicity_open_until")]

    def __str__(self):
        return f"{self.case_id} 第{self.round}次公示"

    @property
    def has_ended(self) -> bool:
        """It ran its time to the end."""
        return self.state == PublicityState.ENDED

    def is_over(self) -> bool:
        """Its last day has passed."""
        return self.ends_at <= clock.database_now()


class Objection(SealedModel):
    """What somebody holds against a notice (异议), anonymous or not, with the office's answer."""

    publicity = models.ForeignKey(Publicity, models.PROTECT, related_name="objections", verbose_name="公示")
    is_anonymous = models.BooleanField("是否匿名")
    name = models.CharField("异议人", max_length=50, blank=True)
    phone = SealedTextField("联系电话", mask="phone", blank=True)
    content = models.TextField("异议内容", max_length=1000)
    registered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    registered_by_name = models.CharField("登记人", max_length=100)
    registered_at = models.DateTimeField("登记时间")
    due_on = models.DateField("处理期限")
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField("处理时间", null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="处理人")
    closed_by_name = models.CharField("处理人", max_length=100, blank=True)
    result = models.CharField("处理结果", max_length=10, choices=ObjectionResult.choices, blank=True)
    answer = models.TextField("处理说明", max_length=1000, blank=True)

    class Meta:
        verbose_name = "公示异议"
        verbose_name_plural = "公示异议"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, result="") | Q(closed_at__isnull=False) & ~Q(result=""),
                name="closed_objection_has_result",
            ),
        ]

    def __str__(self):
        return f"{self.publicity_id} {self.registered_at:%Y-%m-%d}"
