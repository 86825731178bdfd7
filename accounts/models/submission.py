from django.db import models


class Submission(models.Model):
    """A used submit token and what it led to (提交凭证): the same token is answered with the same result."""

    token = models.UUIDField("凭证", primary_key=True)
    owner = models.CharField("提交人", max_length=64)
    purpose = models.CharField("用途", max_length=64)
    value = models.JSONField("结果", default=dict)
    created_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "提交凭证"

    def __str__(self) -> str:
        return f"{self.purpose} {self.token}"
