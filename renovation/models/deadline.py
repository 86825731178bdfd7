from django.core.validators import MinValueValidator
from django.db import models

from renovation.choices import CaseState, RungTarget


class DeadlineRule(models.Model):
    """A county's own, shorter limit for a step (办理时限); the table in workflow.py holds the legal one."""

    step = models.CharField("环节", max_length=32, choices=CaseState.choices)
    region = models.ForeignKey(
        "regions.Region", models.PROTECT, related_name="+", verbose_name="区县", limit_choices_to={"level": "county"}
    )
    amount = models.PositiveSmallIntegerField("时限", validators=[MinValueValidator(1)])
    warn_before = models.PositiveSmallIntegerField("提前几个工作日提醒", default=1)

    class Meta:
        verbose_name = "办理时限"
        verbose_name_plural = "办理时限"
        constraints = [
            models.UniqueConstraint(fields=["step", "region"], name="one_rule_per_step_and_county"),
            # A limit of no day would make every submission of the county fail.
            models.CheckConstraint(condition=models.Q(amount__gte=1), name="rule_is_at_least_one"),
        ]

    def __str__(self):
        return f"{self.get_step_display()} {self.amount}"

    def clean(self):
        from django.core.exceptions import ValidationError

        from renovation.workflow import WORKFLOW

        step = WORKFLOW.step(self.step) if self.step else None
        limit = step.limit if step else None
        if limit is None:
            raise ValidationError({"step": "该环节没有办理时限"})
        # The villagers' time to object is theirs: it may get longer, never shorter (domain §14.2).
        if step.is_timed and self.amount and self.amount < limit.amount:
            raise ValidationError({"amount": f"{step.title}时间不能少于{limit}"})
        if self.amount and self.amount > limit.amount:
            raise ValidationError({"amount": f"区县只能缩短时限，不能超过{limit}"})


class LadderRung(models.Model):
    """One reminder of the ladder (催办阶梯): how many working days from the due date, and who is told."""

    code = models.SlugField("编号", max_length=20, unique=True)
    # Empty means the step's own warning (one or five working days before, domain §14.2).
    offset = models.SmallIntegerField("距期限的工作日（负数为提前）", null=True, blank=True)
    target = models.CharField("通知对象", max_length=8, choices=RungTarget.choices)
    order = models.PositiveSmallIntegerField("顺序", unique=True)
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = "催办阶梯"
        verbose_name_plural = "催办阶梯"
        ordering = ["order"]

    def __str__(self):
        return self.code


class LadderNotice(models.Model):
    """Proof that a rung was climbed (催办记录): exactly one row per node, due date and rung (invariant I5)."""

    node = models.ForeignKey("renovation.CaseNode", models.CASCADE, db_index=False, related_name="notices")
    due_at = models.DateTimeField()
    rung = models.ForeignKey(LadderRung, models.PROTECT, db_index=False, related_name="+")
    sent_at = models.DateTimeField()

    class Meta:
        verbose_name = "催办记录"
        verbose_name_plural = "催办记录"
        constraints = [models.UniqueConstraint(fields=["node", "due_at", "rung"], name="one_notice_per_rung")]

    def __str__(self):
        return f"{self.node_id} {self.rung_id}"
