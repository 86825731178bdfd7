from django.db import models
from django.db.models import Q

from accounts.models import Office, User
from renovation.choices import CaseState
from renovation.models.case import Case


class CaseNode(models.Model):
    """One stay of a case in a step (环节): received, due, handled, by whom, with which words; rounds after a return."""

    case = models.ForeignKey(Case, models.CASCADE, db_index=False, related_name="nodes")
    seq = models.PositiveSmallIntegerField()
    code = models.CharField("环节", max_length=32, choices=CaseState.choices)
    round = models.PositiveSmallIntegerField("轮次", default=1)
    office = models.ForeignKey(
        Office, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="处理部门"
    )
    # The office's name at that time: a later renaming must not rewrite history (decision 20).
    office_name = models.CharField("处理部门", max_length=100)
    received_at = models.DateTimeField("收到时间")
    due_on = models.DateField("办理期限")
    due_at = models.DateTimeField()
    is_provisional = models.BooleanField("期限暂定", default=False)
    is_overdue = models.BooleanField("超时", default=False)
    # When the ladder looks at this step next; empty at its top and once the step is handled.
    next_rung_at = models.DateTimeField(null=True)
    handled_at = models.DateTimeField("处理时间", null=True)
    handler = models.ForeignKey(
        User, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="处理人"
    )
    handler_name = models.CharField("处理人", max_length=100, blank=True)
    move = models.CharField(max_length=32, blank=True)
    conclusion = models.CharField("结论", max_length=32, blank=True)
    opinion = models.TextField("意见", max_length=1000, blank=True)
    # The answers of the step's form in this round; the case's columns hold the latest ones.
    payload = models.JSONField(default=dict)
    # What the office asked the applicant to photograph during this stay; the applicant may add photos until it ends.
    photo_request = models.CharField("请申请人补充照片", max_length=500, blank=True)
    photos_requested_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "环节"
        verbose_name_plural = "环节"
        ordering = ["seq"]
        constraints = [
            models.UniqueConstraint(fields=["case", "seq"], name="node_seq"),
            models.UniqueConstraint(fields=["case", "code", "round"], name="node_round"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(handled_at__isnull=True), name="one_open_node_per_case"
            ),
        ]
        indexes = [
            models.Index(fields=["next_rung_at"], condition=Q(handled_at__isnull=True), name="node_ladder"),
            models.Index(fields=["office", "case"], name="node_office_case"),
        ]

    def __str__(self):
        return f"{self.get_code_display()} 第{self.round}轮"


class CaseEvent(models.Model):
    """One move of a case, never changed (办理记录); the state is the fold of these rows (invariant I2)."""

    case = models.ForeignKey(Case, models.CASCADE, db_index=False, related_name="events")
    seq = models.PositiveSmallIntegerField()
    at = models.DateTimeField("时间")
    # Empty for what the clock did by itself (公示期满).
    by = models.ForeignKey(User, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="办理人")
    by_name = models.CharField("办理人", max_length=100)
    office_name = models.CharField("部门", max_length=100, blank=True)
    move = models.CharField("动作", max_length=32)
    from_state = models.CharField("原环节", max_length=32, choices=CaseState.choices)
    to_state = models.CharField("新环节", max_length=32, choices=CaseState.choices)
    opinion = models.TextField("意见", max_length=1000, blank=True)

    class Meta:
        verbose_name = "办理记录"
        verbose_name_plural = "办理记录"
        ordering = ["seq"]
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="event_seq")]

    def __str__(self):
        return f"{self.get_from_state_display()} → {self.get_to_state_display()}"


class CaseNumber(models.Model):
    """The last number given in a county on a day (工单号流水); locked for the length of one submission."""

    county = models.ForeignKey("regions.Region", models.PROTECT, related_name="+")
    day = models.DateField()
    last = models.PositiveIntegerField()

    class Meta:
        verbose_name = "工单号流水"
        verbose_name_plural = "工单号流水"
        constraints = [models.UniqueConstraint(fields=["county", "day"], name="number_per_county_and_day")]

    def __str__(self):
        return f"{self.county_id} {self.day} {self.last}"
