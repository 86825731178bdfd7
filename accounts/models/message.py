from django.db import models


class Message(models.Model):
    """One line in somebody's inbox (消息, domain §17); the receiver is a person's or an officer's uid."""

    recipient = models.UUIDField("接收人")
    kind = models.CharField("类型", max_length=8)
    text = models.CharField("内容", max_length=1500)
    link = models.CharField("链接", max_length=200, blank=True)
    created_at = models.DateTimeField("时间", auto_now_add=True)
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "消息"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="inbox"),
            # The red dot on every page counts only these few rows.
            models.Index(fields=["recipient"], condition=models.Q(read_at=None), name="inbox_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.text[:20]}"
