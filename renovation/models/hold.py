from django.db import models


class CaseHold(models.Model):
    """Who has a case open to handle it (正在办理提示): a courtesy, never a lock; gone after 15 minutes."""

    case = models.OneToOneField("renovation.Case", models.CASCADE, primary_key=True, related_name="hold")
    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "正在办理提示"
        verbose_name_plural = "正在办理提示"

    def __str__(self):
        return f"{self.user} {self.case_id}"
