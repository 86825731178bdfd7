from django.db import models


class UnmaskLog(models.Model):
    """One look at a full ID or phone number (查看完整记录, domain §15.1): who, what, why."""

    user = models.ForeignKey("accounts.User", models.PROTECT, verbose_name="查看人", related_name="+")
    kind = models.CharField("对象类型", max_length=64)
    target = models.CharField("对象", max_length=64)
    field = models.CharField("字段", max_length=40)
    reason = models.CharField("原因", max_length=200)
    region_key = models.CharField("属地", max_length=12, blank=True, db_collation="C")
    ip = models.GenericIPAddressField("IP", null=True)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "查看完整记录"
        ordering = ["-id"]
        indexes = [models.Index(fields=["user", "-at"], name="unmask_by_user")]

    def __str__(self) -> str:
        return f"{self.user} {self.kind} {self.field}"


class Consent(models.Model):
    """That somebody was shown a notice and agreed (知情同意, domain §15.2): which text, by its hash."""

    who = models.UUIDField("同意人")
    notice = models.CharField("告知书", max_length=40)
    version = models.CharField("版本", max_length=20)
    text_hash = models.CharField("正文摘要", max_length=64)
    ip = models.GenericIPAddressField("IP", null=True)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "知情同意"
        indexes = [models.Index(fields=["who", "notice"], name="consent_by_person")]

    def __str__(self) -> str:
        return f"{self.notice} {self.version}"
