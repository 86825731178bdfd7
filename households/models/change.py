from django.db import models

from accounts.models import User
from common.fields import SealedModel, SealedTextField
from households.choices import ChangeKind, ChangeState
from regions.models import RegionBoundModel
from regions.scope import RegionScopedQuerySet


class ChangeRequest(SealedModel, RegionBoundModel):
    """A wish to change the ledger that somebody else must decide (变更申请): correction, new head, move."""

    kind = models.CharField("变更类型", max_length=12, choices=ChangeKind.choices)
    subject_kind = models.CharField("对象类型", max_length=20)
    subject_uid = models.UUIDField("对象")
    # The new values may hold ID numbers, so the whole payload is sealed JSON.
    payload = SealedTextField("变更内容")
    state = models.CharField("状态", max_length=10, choices=ChangeState.choices, default=ChangeState.REQUESTED)
    reason = models.CharField("申请原因", max_length=500)
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="申请人")
    requested_at = models.DateTimeField("申请时间", auto_now_add=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审批人")
    decided_at = models.DateTimeField("审批时间", null=True, blank=True)
    decision_note = models.CharField("审批意见", max_length=1000, blank=True)

    objects = RegionScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "变更申请"
        verbose_name_plural = "变更申请"

    def __str__(self):
        return f"{self.get_kind_display()} {self.get_state_display()}"
