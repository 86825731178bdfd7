from django.db import models

from accounts.choices import LoginOutcome


class LoginAttempt(models.Model):
    """One evaluated try to log in (登录记录, L-01). Tries that were refused unread leave no row: a flood must be cheap.

    What was typed is kept as a keyed hash only: people type passwords and ID numbers into the wrong box.
    """

    subject = models.CharField(max_length=64)
    account = models.ForeignKey(
        "accounts.User", models.CASCADE, verbose_name="账号", null=True, related_name="login_attempts"
    )
    ip = models.GenericIPAddressField("IP")
    ip_block = models.CharField(max_length=43)
    outcome = models.CharField("结果", max_length=8, choices=LoginOutcome, default=LoginOutcome.STARTED)
    is_known_device = models.BooleanField("常用设备", default=False)
    user_agent = models.CharField("浏览器", max_length=300, blank=True)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "登录记录"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject", "-at"], name="login_by_subject"),
            models.Index(fields=["ip_block", "-at"], name="login_by_block"),
            models.Index(fields=["account", "-at"], name="login_by_account"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_outcome_display()}"


class KnownDevice(models.Model):
    """A browser that has logged in before (常用设备): it still may while strangers are locked out (L-02)."""

    account = models.ForeignKey("accounts.User", models.CASCADE, related_name="devices")
    token_hash = models.CharField(max_length=64)
    user_agent = models.CharField("浏览器", max_length=300, blank=True)
    ip = models.GenericIPAddressField("IP", null=True)
    first_seen_at = models.DateTimeField("首次登录", auto_now_add=True)
    last_seen_at = models.DateTimeField("最近登录", auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "常用设备"
        constraints = [models.UniqueConstraint(fields=["account", "token_hash"], name="one_row_per_device")]

    def __str__(self) -> str:
        return self.user_agent[:40]


class PasswordHistory(models.Model):
    """A password an account once had, as a hash (历史密码): the last five are refused (decision 26)."""

    account = models.ForeignKey("accounts.User", models.CASCADE, related_name="old_passwords")
    password = models.CharField(max_length=128)
    set_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "历史密码"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.account_id} {self.set_at:%Y-%m-%d}"
