from secrets import token_urlsafe

from django.db import models
from django.db.models import Q

from accounts.models import User


def new_token() -> str:
    """The unguessable part of the link in the text message: 128 bits."""
    return token_urlsafe(16)


class BehalfNotice(models.Model):
    """What somebody was told of an application filed in their name, and whether they disown it (代办告知, ADR 0110)."""

    case = models.OneToOneField("renovation.Case", models.PROTECT, related_name="behalf_notice", verbose_name="工单")
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    # The number in the message is the one who filed: then nobody has been told but that person.
    is_told = models.BooleanField("短信发给本人")
    # Beside the token, not in a session: a second browser must not give new guesses at the four digits.
    failures = models.PositiveSmallIntegerField("后四位输错次数", default=0, editable=False)
    locked_until = models.DateTimeField("暂停至", null=True, blank=True, editable=False)
    disowned_at = models.DateTimeField("本人不同意的时间", null=True, blank=True)
    # Nobody: by the link. Somebody: the officer who took the call.
    disowned_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记人"
    )
    words = models.CharField("本人的话", max_length=500, blank=True)
    settled_at = models.DateTimeField("核实时间", null=True, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核实人")
    settlement = models.CharField("核实情况", max_length=500, blank=True)

    class Meta:
        verbose_name = "代办告知"
        verbose_name_plural = "代办告知"
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | Q(disowned_at__isnull=False), name="only_disowned_is_settled"
            ),
        ]

    def __str__(self):
        return f"{self.case_id} 代办告知"

    @property
    def is_disowned(self) -> bool:
        """The person said no, and the county has not yet asked."""
        return self.disowned_at is not None and self.settled_at is None
