"""States, steps and answers of the nine-step case (domain §4)."""

from django.db import models


class CaseState(models.TextChoices):
    DRAFT = "draft", "草稿"
    PENDING_ACCEPTANCE = "pending_acceptance", "待区县受理"
    PENDING_APPRAISAL = "pending_appraisal", "待区县认定"
    PENDING_REVIEW = "pending_review", "待乡镇组织评议"
    NOT_ACCEPTED = "not_accepted", "不予受理"
    APPRAISAL_FAILED = "appraisal_failed", "鉴定不通过"
    WITHDRAWN = "withdrawn", "已撤回"


class Conclusion(models.TextChoices):
    PASS = "pass", "通过"
    FAIL = "fail", "不通过"


class Slot(models.TextChoices):
    """Purposes of the files of a case."""

    RISK = "risk_photos", "房屋安全隐患点照片"
    APPRAISAL = "appraisal_files", "鉴定表"


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
