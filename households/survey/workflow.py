"""The life of a survey record (domain §5.1, §6.2): one table for every register of surveys."""

from django.db import models

from common.workflow import Move, Step, Workflow


class SurveyState(models.TextChoices):
    """填报状态; every list, number and message says these words."""

    NOT_FILLED = "not_filled", "未录入"
    DRAFT = "draft", "已录入"
    SUBMITTED = "submitted", "待审核"
    APPROVED = "approved", "审核通过"
    RETURNED = "returned", "退回补正"


FILLS, AUDITS = "fills", "audits"

REGISTER = Workflow(
    Step(SurveyState.NOT_FILLED, actor=FILLS, title="未录入", moves=(Move("keep", "保存", to=SurveyState.DRAFT),)),
    Step(
        SurveyState.DRAFT,
        actor=FILLS,
        title="已录入",
        moves=(Move("submit", "上报", to=SurveyState.SUBMITTED),),
    ),
    Step(
        SurveyState.SUBMITTED,
        actor=AUDITS,
        title="待审核",
        moves=(
            Move("withdraw", "撤回上报", to=SurveyState.DRAFT, actor=FILLS),
            Move("approve", "审核通过", to=SurveyState.APPROVED),
            Move("return_", "退回补正", to=SurveyState.RETURNED),
        ),
    ),
    Step(
        SurveyState.RETURNED,
        actor=FILLS,
        title="退回补正",
        moves=(Move("submit", "上报", to=SurveyState.SUBMITTED),),
    ),
    Step(
        SurveyState.APPROVED,
        actor=AUDITS,
        title="审核通过",
        moves=(Move("return_", "退回补正", to=SurveyState.RETURNED),),
    ),
)
