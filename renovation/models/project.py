from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from artisans.models import Artisan
from common.fields import SealedModel, SealedTextField
from households.choices import Category, Grade, StructureArchive
from households.models import Household
from regions.models import RegionBoundModel
from regions.scope import RegionScopedQuerySet
from renovation.choices import (
    ApplicationState,
    ArchiveState,
    BuilderKind,
    BuildMode,
    Conclusion,
    FundLevel,
    Method,
    OldHouse,
    Ownership,
    PaymentState,
    ProjectSource,
    Recovery,
    RenovationType,
)
from renovation.models.case import Case

# A project that still goes somewhere: neither cancelled, nor stopped, nor accepted into the archive.
LIVE = (
    ~Q(application_state=ApplicationState.CANCELLED) & ~Q(archive_state=ArchiveState.APPROVED) & Q(terminated_on=None)
)


def _money(label: str, **options):
    return models.DecimalField(label, max_digits=12, decimal_places=2, validators=[MinValueValidator(0)], **options)


class RenovationProject(SealedModel, RegionBoundModel):
    """The renovation of one household's home in the national register (危改项目): application, then archive (§7.2)."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="projects", verbose_name="农户")
    case = models.OneToOneField(
        Case, models.PROTECT, null=True, blank=True, related_name="project", verbose_name="工单"
    )
    source = models.CharField("来源", max_length=12, choices=ProjectSource.choices)
    plan_year = models.PositiveSmallIntegerField("列入计划年度")
    type = models.CharField("申请改造类型", max_length=12, choices=RenovationType.choices)
    application_state = models.CharField(
        "申请进度", max_length=10, choices=ApplicationState.choices, default=ApplicationState.TO_FILL
    )
    archive_state = models.CharField(
        "审核进度", max_length=10, choices=ArchiveState.choices, default=ArchiveState.NONE, blank=True
    )

    is_homeless = models.BooleanField("是否无房户", default=False)
    is_key_group = models.BooleanField("是否低收入群体六类重点对象", default=False)
    categories = ArrayField(
        models.CharField(max_length=16, choices=Category.choices), default=list, blank=True, verbose_name="保障对象类型"
    )
    registered_population = models.PositiveSmallIntegerField("家庭户籍人口", null=True, blank=True)
    has_veteran = models.BooleanField("家庭是否有退役军人", null=True)
    has_disabled = models.BooleanField("家庭是否有残疾人", null=True)
    has_elderly = models.BooleanField("是否有老年人", default=False)
    has_child = models.BooleanField("是否有儿童", default=False)
    has_minority = models.BooleanField("家庭成员是否有少数民族", default=False)
    applied_on = models.DateField("申请时间", null=True, blank=True)
    is_publicised = models.BooleanField("是否公示", default=False)
    grade = models.CharField("房屋安全鉴定评估结果", max_length=1, choices=Grade.choices, blank=True)
    appraised_on = models.DateField("鉴定时间", null=True, blank=True)
    appraisal_org = models.CharField("鉴定机构", max_length=100, blank=True)
    appraisal_org_uscc = models.CharField("统一社会信用代码", max_length=18, blank=True)
    before_area = models.DecimalField("改造前面积(平方米)", max_digits=8, decimal_places=2, null=True, blank=True)
    energy_saving = models.BooleanField("是否同步实施节能改造", null=True)
    accessibility = models.BooleanField("是否同步实施无障碍改造", null=True)
    proposed_method = models.CharField("拟改造方式", max_length=12, choices=Method.choices, blank=True)
    reentry_reason = models.CharField("重复享受说明", max_length=500, blank=True)
    approved_on = models.DateField("审批时间", null=True, blank=True)
    township_reviewer = models.CharField("乡镇复核审核人", max_length=100, blank=True)
    township_reviewer_phone = SealedTextField("乡镇复核联系电话", mask="phone", blank=True)
    township_reviewed_at = models.DateTimeField("乡镇复核审核时间", null=True, blank=True)

    method = models.CharField("改造方式", max_length=12, choices=Method.choices, blank=True)
    build_mode = models.CharField("建设方式", max_length=8, choices=BuildMode.choices, blank=True)
    builder_kind = models.CharField("施工方", max_length=8, choices=BuilderKind.choices, blank=True)
    artisan = models.ForeignKey(
        Artisan, models.PROTECT, null=True, blank=True, related_name="projects", verbose_name="工匠"
    )
    builder_name = models.CharField("施工企业", max_length=100, blank=True)
    builder_uscc = models.CharField("施工企业信用代码", max_length=18, blank=True)
    start_date = models.DateField("开工日期", null=True, blank=True)

    after_structure = models.CharField("改造后房屋结构类型", max_length=2, choices=StructureArchive.choices, blank=True)
    after_area = models.DecimalField("改造后房屋面积(平方米)", max_digits=8, decimal_places=2, null=True, blank=True)
    after_floors = models.PositiveSmallIntegerField("改造后层数", null=True, blank=True)
    after_ownership = models.CharField("改造后房屋产权", max_length=12, choices=Ownership.choices, blank=True)
    completion_date = models.DateField("竣工日期", null=True, blank=True)
    old_house_disposal = models.CharField("旧房处置", max_length=16, choices=OldHouse.choices, blank=True)

    accepted_on = models.DateField("验收时间", null=True, blank=True)
    inspection_result = models.CharField("验收结论", max_length=4, choices=Conclusion.choices, blank=True)
    inspector = models.CharField("验收人", max_length=100, blank=True)
    # Codes of the option list §10.14, which only describes: labels stand in regions.OptionItem.
    subsidy_types = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, verbose_name="享受补助资金类型"
    )
    # Σ of the funding lines, kept equal to them by the database (migration 0008).
    government_total = _money("各级政府补助合计", default=Decimal(0))
    self_raised = _money("农户其他自筹金", default=Decimal(0))
    loan = _money("农户贷款", default=Decimal(0))
    total = _money("总投资", default=Decimal(0))
    paid_total = _money("已拨付", default=Decimal(0))
    payment_state = models.CharField(
        "拨付情况", max_length=8, choices=PaymentState.choices, default=PaymentState.UNPAID
    )

    terminated_on = models.DateField("终止日期", null=True, blank=True)
    recovery = models.CharField("已拨资金处理", max_length=8, choices=Recovery.choices, blank=True)
    recovery_reason = models.CharField("资金处理说明", max_length=500, blank=True)
    cancel_reason = models.CharField("取消原因", max_length=500, blank=True)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = RegionScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "危改项目"
        verbose_name_plural = "危改项目"
        constraints = [
            models.UniqueConstraint(fields=["household"], condition=LIVE, name="one_live_project_per_household"),
            models.CheckConstraint(
                condition=Q(total=F("government_total") + F("self_raised") + F("loan")), name="project_total_adds_up"
            ),
            models.CheckConstraint(
                condition=Q(completion_date=None) | Q(completion_date__gte=F("start_date")),
                name="completion_not_before_start",
            ),
        ]
        indexes = [models.Index(fields=["region_key", "id"], name="project_key_id")]

    def __str__(self):
        return f"{self.household} {self.plan_year}年"

    @property
    def is_live(self) -> bool:
        """Whether it still goes somewhere (the condition of the constraint above)."""
        return (
            self.application_state != ApplicationState.CANCELLED
            and self.archive_state != ArchiveState.APPROVED
            and self.terminated_on is None
        )


class FundingLine(models.Model):
    """What one level of government gives to a project (补助资金); one line a level."""

    project = models.ForeignKey(RenovationProject, models.PROTECT, related_name="lines", verbose_name="项目")
    level = models.CharField("资金级次", max_length=8, choices=FundLevel.choices)
    amount = _money("金额")

    class Meta:
        verbose_name = "补助资金"
        verbose_name_plural = "补助资金"
        constraints = [
            models.UniqueConstraint(fields=["project", "level"], name="one_line_per_level"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="funding_not_negative"),
        ]

    def __str__(self):
        return f"{self.get_level_display()} {self.amount}"


class Payment(SealedModel):
    """Money that reached the family (拨付); of the account only the last four digits are kept (decision 15)."""

    project = models.ForeignKey(RenovationProject, models.PROTECT, related_name="payments", verbose_name="项目")
    paid_on = models.DateField("拨付日期")
    amount = models.DecimalField(
        "拨付金额", max_digits=12, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    payee = models.CharField("收款人", max_length=50)
    bank_last4 = models.CharField("账号后四位", max_length=4, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)

    class Meta:
        verbose_name = "拨付记录"
        verbose_name_plural = "拨付记录"
        ordering = ["paid_on", "id"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="payment_positive")]

    def __str__(self):
        return f"{self.paid_on} {self.amount}"
