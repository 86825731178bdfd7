"""States, steps and answers of the nine-step case (domain §4)."""

from django.db import models


class CaseState(models.TextChoices):
    DRAFT = "draft", "草稿"
    PENDING_ACCEPTANCE = "pending_acceptance", "待区县受理"
    PENDING_APPRAISAL = "pending_appraisal", "待区县认定"
    PENDING_REVIEW = "pending_review", "待乡镇组织评议"
    IN_PUBLICITY = "in_publicity", "公示中"
    PENDING_TOWNSHIP_AUDIT = "pending_township_audit", "待乡镇街道审核"
    PENDING_COUNTY_APPROVAL = "pending_county_approval", "待区县审批"
    PENDING_IMPLEMENTATION = "pending_implementation", "待乡镇组织实施"
    PENDING_COMPLETION = "pending_completion", "待乡镇街道提交验收"
    PENDING_FINAL_INSPECTION = "pending_final_inspection", "待区县验收"
    COMPLETED = "completed", "已办结"
    NOT_ACCEPTED = "not_accepted", "不予受理"
    APPRAISAL_FAILED = "appraisal_failed", "鉴定不通过"
    REVIEW_FAILED = "review_failed", "评议不通过"
    APPROVAL_REJECTED = "approval_rejected", "审批不通过"
    WITHDRAWN = "withdrawn", "已撤回"
    TERMINATED = "terminated", "已终止"


class Conclusion(models.TextChoices):
    PASS = "pass", "通过"
    FAIL = "fail", "不通过"


class Slot(models.TextChoices):
    """Purposes of the files of a case."""

    RISK = "risk_photos", "房屋安全隐患点照片"
    EXTRA = "extra_photos", "补充照片"
    APPRAISAL = "appraisal_files", "鉴定表"
    SITE = "site_photos", "现场照片"
    REVIEW_RESULT = "result_photos", "结果图片"
    NOTICE = "publicity_photos", "公示照片"
    SUPPORT = "audit_files", "审核佐证材料"
    VISIT = "visit_photos", "入户抽查照片"
    BEFORE = "before_photos", "改造前照片"
    AGREEMENT = "agreement_files", "农村危房改造协议"
    QUALIFICATION = "qualification_files", "实施方案资质证书"
    MATERIAL = "material_cert_files", "建筑材料合格证明"
    DRAWING = "drawing_files", "施工图纸"
    DURING = "during_photos", "改造中的照片"
    AFTER = "after_photos", "改造后的照片"
    INSPECTION = "inspection_files", "验收表"
    INSPECTION_SUPPORT = "inspection_support_files", "验收佐证材料"
    CONSENT = "consent_photos", "本人签字的委托书"


class AgentRelation(models.TextChoices):
    """Who helps somebody without a phone to apply (代办)."""

    VILLAGE_CADRE = "village_cadre", "村干部"
    RELATIVE = "relative", "亲属"
    NEIGHBOUR = "neighbour", "邻居"
    OTHER = "other", "其他"


class RungTarget(models.TextChoices):
    UNIT = "unit", "办理单位"
    ABOVE = "above", "上一级单位"
    BOTH = "both", "办理单位和上一级单位"


# The nine steps as the villager knows them; what is not yet a state of the table is shown as "to come".
JOURNEY = (
    "群众申请",
    "区县受理",
    "区县认定",
    "乡镇组织评议",
    "乡镇街道审核",
    "区县审批",
    "乡镇组织实施",
    "乡镇街道提交验收",
    "区县验收",
)


class Method(models.TextChoices):
    """改造方式 (domain §10.11)."""

    REPAIR = "repair", "修缮加固"
    REBUILD = "rebuild", "原址翻建"
    RELOCATE = "relocate", "异地新建"
    EXCHANGE = "exchange", "房屋置换"
    NEW_HOME = "new_home", "无房新建"
    SEISMIC = "seismic", "抗震加固"
    OTHER = "other", "其他"


# C→修缮加固, D→原址翻建 unless the review says otherwise (domain §15.3).
USUAL_METHOD = {"C": Method.REPAIR, "D": Method.REBUILD}
# New houses, to which the area limits of 建村〔2018〕115号 apply (DQ54).
NEW_BUILDING = (Method.REBUILD, Method.RELOCATE, Method.NEW_HOME)


class BuildMode(models.TextChoices):
    """建设方式 (domain §10.12)."""

    SELF = "self", "自建"
    UNIFIED = "unified", "统建"
    OTHER = "other", "其他"


class BuilderKind(models.TextChoices):
    """施工方 (domain §7.4)."""

    SELF = "self", "农户自建"
    ARTISAN = "artisan", "工匠"
    FIRM = "firm", "施工企业"


class Ownership(models.TextChoices):
    """改造后房屋产权 (domain §10.13)."""

    FAMILY = "family", "归农户"
    COLLECTIVE = "collective", "归村集体"
    OTHER = "other", "其他"


class OldHouse(models.TextChoices):
    """旧房处置 (domain §7.4)."""

    DEMOLISHED = "demolished", "已拆除"
    EMPTY = "empty", "保留但无人居住"
    NOT_CONCERNED = "not_concerned", "不涉及"


class RenovationType(models.TextChoices):
    """申请改造类型 (domain §7.1)."""

    RENOVATION = "renovation", "危房改造"
    SEISMIC = "seismic", "抗震改造"


class ProjectSource(models.TextChoices):
    ONLINE_CASE = "online_case", "网上申请工单"
    LOOKBACK = "lookback", "回头看"
    MONITORING = "monitoring", "动态监测"


class ApplicationState(models.TextChoices):
    """申请进度 (domain §7.2)."""

    TO_FILL = "to_fill", "待录入"
    FILLED = "filled", "已录入"
    SUBMITTED = "submitted", "待审核"
    APPROVED = "approved", "已审核通过"
    RETURNED = "returned", "退回补正"
    CANCELLED = "cancelled", "已取消"


class ArchiveState(models.TextChoices):
    """审核进度 of the archive (domain §7.2); empty until the application is approved."""

    NONE = "", "未开始"
    TO_FILL = "to_fill", "待录入"
    FILLED = "filled", "已录入"
    SUBMITTED = "submitted", "待审核"
    APPROVED = "approved", "已审核通过"
    RETURNED = "returned", "退回补正"


class PaymentState(models.TextChoices):
    """拨付情况 (domain §7.4): what was paid against the government's lines."""

    UNPAID = "unpaid", "未拨付"
    PARTLY = "partly", "部分拨付"
    FULL = "full", "全额拨付"


class FundLevel(models.TextChoices):
    """Whose money a funding line is (domain §10.14)."""

    CENTRAL = "central", "中央"
    PROVINCE = "province", "省级"
    CITY = "city", "市（州）级"
    COUNTY = "county", "县（市、区）级"
    OTHER = "other", "其他政府"


class TerminationReason(models.TextChoices):
    """Why the county ends an open case (domain §4.2)."""

    DEATH = "death", "死亡销户"
    MOVED_OUT = "moved_out", "迁出"
    GIVEN_UP = "given_up", "放弃改造"
    DUPLICATE = "duplicate", "重复申请"
    OTHER = "other", "其他"


class Recovery(models.TextChoices):
    """What happens to money already paid when works are stopped (domain §4.2)."""

    RECOVER = "recover", "追回"
    KEEP = "keep", "不追回"


class PublicityState(models.TextChoices):
    OPEN = "open", "公示中"
    ENDED = "ended", "公示期满"
    TAKEN_DOWN = "taken_down", "已撤下"


class ObjectionResult(models.TextChoices):
    DISMISSED = "dismissed", "异议不成立"
    UPHELD = "upheld", "异议成立"


class Stars(models.IntegerChoices):
    """满意度 (domain §10.24, 政务服务好差评)."""

    VERY_BAD = 1, "非常不满意"
    BAD = 2, "不满意"
    FAIR = 3, "基本满意"
    GOOD = 4, "满意"
    VERY_GOOD = 5, "非常满意"
