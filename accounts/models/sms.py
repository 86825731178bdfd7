from django.db import models

from accounts.choices import SmsState
from common.fields import BlindIndexField, SealedModel, SealedTextField


class SmsMessage(SealedModel):
    """A text message on its way to a phone (短信): number and text are sealed, a code is nobody else's business."""

    phone = SealedTextField("手机号", mask="phone")
    text = SealedTextField("内容")
    state = models.CharField("状态", max_length=8, choices=SmsState, default=SmsState.WAITING)
    created_at = models.DateTimeField("时间", auto_now_add=True)
    sent_at = models.DateTimeField("发送时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "短信"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.created_at:%H:%M} {self.get_state_display()}"


class SmsCode(SealedModel):
    """A six-digit login code (短信验证码, L-08): ten minutes, five tries, only in the browser that asked for it."""

    phone = SealedTextField("手机号", mask="phone")
    phone_index = BlindIndexField(source="phone", kind="phone", db_index=False)
    code = SealedTextField("验证码")
    ip = models.GenericIPAddressField("IP", null=True)
    ip_block = models.CharField(max_length=43, blank=True)
    tries = models.PositiveSmallIntegerField("已试次数", default=0)
    created_at = models.DateTimeField("发送时间")
    used_at = models.DateTimeField("使用时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "短信验证码"
        indexes = [
            models.Index(fields=["phone_index", "-created_at"], name="sms_by_phone"),
            models.Index(fields=["ip_block", "-created_at"], name="sms_by_block"),
        ]
