from django.db import models

from accounts.choices import OutboxState


class OutboxEntry(models.Model):
    """Work for the background, promised in the transaction that caused it (待发任务, decision 13)."""

    topic = models.CharField("主题", max_length=64)
    key = models.CharField("唯一键", max_length=200, unique=True)
    payload = models.JSONField("内容", default=dict)
    state = models.CharField("状态", max_length=8, choices=OutboxState, default=OutboxState.WAITING)
    attempts = models.PositiveSmallIntegerField("处理次数", default=0)
    next_at = models.DateTimeField("下次发送")
    created_at = models.DateTimeField("创建时间", auto_now_add=True)
    done_at = models.DateTimeField("完成时间", null=True, blank=True)
    reason = models.CharField("失败原因", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "待发任务"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(state__in=["waiting", "sent"]), name="outbox_open"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.key}"
