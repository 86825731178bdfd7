from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Right

from accounts.models import Office, User
from common.fields import BlindIndexField, SealedModel, SealedTextField
from common.names import grams
from households.choices import Era, Grade, RiskPart, StructureArchive
from households.models import Attachment, Claim, Household, Person
from regions.models import Region, RegionBoundModel
from renovation.choices import AgentRelation, CaseState, Conclusion, Method, Slot, TerminationReason
from renovation.models.moves import CaseMoves
from renovation.models.publicity import Objection
from renovation.models.service import SecondLook
from renovation.queries.cases import OPEN, TAIL, CaseQuerySet
from renovation.workflow import WORKFLOW


class Case(CaseMoves, SealedModel, RegionBoundModel):
    """One application for renovation on its way through the nine steps (工单); a draft is the same row before 提交.

    The applicant's answers are its own columns: a snapshot that the ledger is written from when a step completes.
    """

    number = models.CharField("工单号", max_length=18, unique=True, null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    claim = models.ForeignKey(
        Claim, models.PROTECT, null=True, blank=True, db_index=False, related_name="cases", verbose_name="实名身份"
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name="申请人"
    )
    household = models.ForeignKey(
        Household, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name="农户"
    )
    filed_by = models.ForeignKey(
        User, models.PROTECT, db_index=False, related_name="filed_cases", verbose_name="填报账号"
    )
    on_behalf = models.BooleanField("是否代办", default=False)
    # The relative or neighbour who files on the own phone: the application is theirs to write, not their own.
    agent_claim = models.ForeignKey(
        Claim,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="cases_for_others",
        verbose_name="代办人身份",
    )
    agent_name = models.CharField("代办人姓名", max_length=50, blank=True)
    agent_phone = SealedTextField("代办人电话", mask="phone", blank=True)
    agent_relation = models.CharField("与申请人关系", max_length=16, choices=AgentRelation.choices, blank=True)

    applicant_name = models.CharField("姓名", max_length=50, blank=True)
    applicant_grams = ArrayField(models.CharField(max_length=2), editable=False, default=list)
    applicant_id_number = SealedTextField("身份证号码", mask="id_number", blank=True)
    applicant_id_index = BlindIndexField(source="applicant_id_number", kind="id_number", db_index=False)
    applicant_phone = SealedTextField("联系电话", mask="phone", blank=True)

    # A draft has no village yet; every later state has (constraint below).
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name="房屋所在地"
    )
    house_address = models.CharField("详细地址", max_length=200, blank=True)
    lon = models.DecimalField("经度", max_digits=9, decimal_places=6, null=True, blank=True)
    lat = models.DecimalField("纬度", max_digits=9, decimal_places=6, null=True, blank=True)
    crs = models.CharField("坐标系", max_length=10, blank=True)
    residence_region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name="居住地"
    )
    residence_address = models.CharField("居住详细地址", max_length=200, blank=True)
    registered_region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name="户籍所在地"
    )
    registered_address = models.CharField("户籍详细地址", max_length=200, blank=True)
    risk_parts = ArrayField(
        models.CharField(max_length=12, choices=RiskPart.choices), default=list, blank=True, verbose_name="房屋问题部位"
    )
    risk_description = models.TextField("房屋风险描述", max_length=1000, blank=True)
    notice_version = models.CharField("须知版本", max_length=20, blank=True)
    notice_agreed_at = models.DateTimeField("同意须知时间", null=True, blank=True)

    had_policy = models.BooleanField("之前是否享受农村危房改造的政策", null=True, blank=True)
    policy_date = models.DateField("享受政策时间", null=True, blank=True)
    policy_amount = models.DecimalField(
        "享受政策金额",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    reentry_reason = models.CharField("再次成为危房的原因", max_length=500, blank=True)
    is_low_income = models.BooleanField("是否为县（市、区）级民政局及乡村振兴局认定的低收入群体", null=True, blank=True)
    era = models.CharField("现住房建造年代", max_length=1, choices=Era.choices, blank=True)
    structure_archive = models.CharField("结构类型", max_length=2, choices=StructureArchive.choices, blank=True)
    grade = models.CharField("鉴定等级", max_length=1, choices=Grade.choices, blank=True)
    appraised_on = models.DateField("鉴定时间", null=True, blank=True)
    appraisal_org = models.CharField("鉴定机构", max_length=100, blank=True)
    appraisal_org_uscc = models.CharField("统一社会信用代码", max_length=18, blank=True)

    family_size = models.PositiveSmallIntegerField(
        "家庭成员人数", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(30)]
    )
    house_area = models.DecimalField(
        "现住房面积(平方米)",
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(2000)],
    )
    review_date = models.DateField("评议日期", null=True, blank=True)
    # 评议·不通过 ends nothing by itself: the audit after it reads here what it has to confirm (decision 22).
    review_conclusion = models.CharField("评议结论", max_length=4, choices=Conclusion.choices, blank=True)
    has_veteran = models.BooleanField("家庭是否有退役军人", null=True, blank=True)
    has_disabled = models.BooleanField("家庭是否有残疾人", null=True, blank=True)
    proposed_method = models.CharField("拟改造方式", max_length=12, choices=Method.choices, blank=True)
    publicity_place = models.CharField("公示地点/方式", max_length=100, blank=True)
    termination_reason = models.CharField("终止原因", max_length=12, choices=TerminationReason.choices, blank=True)

    # Where the case stands now, copied from the open node so that the to-do list is one index range.
    office = models.ForeignKey(
        Office, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name="当前办理单位"
    )
    due_at = models.DateTimeField("办理期限", null=True, blank=True)
    is_due_provisional = models.BooleanField(default=False)
    is_overdue = models.BooleanField("当前环节超时", default=False)
    was_late = models.BooleanField("曾经超时", default=False)
    submitted_at = models.DateTimeField("申请时间", null=True, blank=True)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)
    last_page = models.CharField(max_length=20, blank=True, editable=False)
    # Grows with every 继续, so that an autosave that was overtaken on the line is known by the number it carries.
    answers_version = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = "工单"
        verbose_name_plural = "工单"
        constraints = [
            models.UniqueConstraint(
                fields=["applicant_id_index"],
                condition=OPEN & ~Q(applicant_id_index=""),
                name="one_open_case_per_id",
            ),
            models.UniqueConstraint(
                fields=["household"], condition=OPEN & Q(household__isnull=False), name="one_open_case_per_household"
            ),
            models.CheckConstraint(
                condition=Q(state=CaseState.DRAFT) | Q(region__isnull=False, number__isnull=False),
                name="filed_case_has_region_and_number",
            ),
            models.CheckConstraint(
                condition=~OPEN | Q(due_at__isnull=False, office__isnull=False), name="open_case_has_due_and_office"
            ),
        ]
        # A foreign key has an index of its own only where a list begins with it: each one is paid at every step.
        indexes = [
            models.Index(fields=["office", "due_at", "id"], condition=OPEN, name="case_todo"),
            models.Index(fields=["office", "state", "due_at", "id"], condition=OPEN, name="case_todo_state"),
            models.Index(fields=["region_key", "id"], name="case_key_id"),
            # 「最后六位」: one range for a village and the nation alike.
            models.Index(Right("number", TAIL), name="case_number_tail"),
            models.Index(fields=["claim", "-id"], name="case_claim"),
            models.Index(
                fields=["agent_claim", "-id"], condition=Q(agent_claim__isnull=False), name="case_agent_claim"
            ),
            models.Index(fields=["filed_by"], condition=Q(state=CaseState.DRAFT), name="case_draft_of"),
            models.Index(fields=["applicant_id_index"], name="case_id_index"),
            GinIndex(fields=["applicant_grams"], name="case_name_grams"),
        ]

    def __str__(self):
        return self.number or "草稿"

    def save(self, *args, update_fields=None, **kwargs):
        self.applicant_grams = grams(self.applicant_name)
        if update_fields is not None and "applicant_name" in update_fields:
            update_fields = {*update_fields, "applicant_grams"}
        super().save(*args, update_fields=update_fields, **kwargs)

    @property
    def step(self):
        """The step of the table that the case stands in."""
        return WORKFLOW.step(self.state)

    @property
    def is_open(self) -> bool:
        return self.step.is_open

    @property
    def county(self) -> Region:
        """The county of the house."""
        return Region.objects.get(pk=self.county_id)

    def county_is_open(self) -> bool:
        """Whether the county of the house takes on-line applications (decision 19)."""
        return Region.objects.filter(pk=self.county_id, case_enabled=True).exists()

    def files(self, slot: Slot):
        """The stored files of that purpose, oldest first."""
        return Attachment.objects.filter(owner_uid=self.uid, slot=slot)

    def photos(self):
        """What the draft's pages store: photos of the danger, and of the signed sheet of 代办."""
        return Attachment.objects.filter(owner_uid=self.uid, slot__in=(Slot.RISK, Slot.CONSENT))

    def open_duplicate(self):
        """Another open case of the same ID or household, or None."""
        return type(self).objects.duplicates_of(self).first()

    def last_publicity(self):
        """The latest notice of the case, running or not; None before the first review that passed."""
        return self.publicities.order_by("-round").first()

    def open_objections(self):
        """Objections to any notice of the case that wait for their answer."""
        return Objection.objects.filter(publicity__case=self, closed_at__isnull=True)

    def open_second_look(self):
        """The villager's request to look again that the county has not answered yet, or None (decision 22)."""
        return SecondLook.objects.filter(case=self, closed_at__isnull=True).first()

    def project_or_none(self):
        """The project of the register that this case opened or was linked to, or None before the approval."""
        return getattr(self, "project", None)
