import uuid

from django.db import models


class AuditEntry(models.Model):
    """What somebody did (审计日志): written inside the business transaction, never changed (decision 29).

    The rows are immutable in the database itself; the position in the chain stands in `AuditLink`.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    at = models.DateTimeField("时间")
    actor = models.ForeignKey("accounts.User", models.PROTECT, verbose_name="操作人", null=True, related_name="+")
    actor_name = models.CharField("账号", max_length=32, blank=True)
    office_name = models.CharField("单位", max_length=100, blank=True)
    action = models.CharField("操作", max_length=64)
    target_kind = models.CharField("对象类型", max_length=64, blank=True)
    target_id = models.CharField("对象", max_length=64, blank=True)
    region_key = models.CharField("属地", max_length=12, blank=True, db_collation="C")
    changes = models.JSONField("变更", default=dict)
    reason = models.CharField("原因", max_length=1000, blank=True)
    ip = models.GenericIPAddressField("IP", null=True)
    user_agent = models.CharField("浏览器", max_length=300, blank=True)
    content_hash = models.CharField("内容摘要", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "审计日志"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["region_key", "-id"], name="audit_by_region"),
            models.Index(fields=["actor", "-id"], name="audit_by_actor"),
            models.Index(fields=["target_kind", "target_id"], name="audit_by_target"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.action}"


class AuditPending(models.Model):
    """An audit row that the sequencer has yet to chain (待入链): written with the row, deleted when it is linked."""

    entry = models.OneToOneField(AuditEntry, models.DO_NOTHING, primary_key=True, related_name="pending")

    class Meta:
        verbose_name = verbose_name_plural = "待入链审计"

    def __str__(self) -> str:
        return str(self.entry_id)


class AuditLink(models.Model):
    """The place of an audit row in its county's chain (审计链): each hash covers the one before."""

    # The first six digits of the tree key: the county, or whatever lies above it.
    chain = models.CharField("链", max_length=6, db_collation="C")
    seq = models.BigIntegerField("序号")
    entry = models.OneToOneField(AuditEntry, models.DO_NOTHING, related_name="link")
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "审计链"
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="one_link_per_place")]

    def __str__(self) -> str:
        return f"{self.chain} {self.seq}"
