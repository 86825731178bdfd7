"""Where an application stands, said in one sentence and in what can be done now (reliability §5.2)."""

from dataclasses import dataclass

from common.clock import now
from common.templatetags.anju import cn_date
from renovation.choices import CaseState as S
from renovation.models import Case
from renovation.workflow import WORKFLOW

# What the office is doing, in words a villager uses; a step without an entry is called by its title.
_DOING = {S.PENDING_ACCEPTANCE: "受理", S.PENDING_APPRAISAL: "认定（鉴定房屋）", S.PENDING_REVIEW: "组织评议"}
_ENDED = {
    S.NOT_ACCEPTED: "您的申请没有被受理（不予受理）",
    S.APPRAISAL_FAILED: "鉴定不通过：您的房屋不属于危房改造范围",
    S.WITHDRAWN: "您已撤回这份申请",
}
_ADVICE = {
    S.NOT_ACCEPTED: "对原因有疑问，可以打电话询问。情况有变化或补齐材料后，可以再次申请。",
    S.APPRAISAL_FAILED: "对鉴定结果有疑问，可以打电话询问。房屋以后出现新的危险，可以再次申请。",
    S.WITHDRAWN: "需要时可以再次申请，以前填过的信息不会带过来。",
}
_REFUSED = (S.NOT_ACCEPTED, S.APPRAISAL_FAILED)


@dataclass(frozen=True)
class Status:
    """The big sentence of a progress page, its reason and advice; `kind` is ok, warn, danger or plain."""

    sentence: str
    kind: str = "plain"
    reason: str = ""
    advice: str = ""
    is_provisional: bool = False
    may_apply_again: bool = False


def status_of(case: Case) -> Status:
    """The application's status as its applicant reads it."""
    if case.is_open:
        return _going_on(case)
    last = case.nodes.order_by("-seq").first()
    return Status(
        sentence=_ENDED.get(case.state, f"您的申请已办结：{case.get_state_display()}"),
        kind="danger" if case.state in _REFUSED else "plain",
        reason=last.opinion if last and case.state in _REFUSED else "",
        advice=_ADVICE.get(case.state, ""),
        may_apply_again=case.state in _ENDED,
    )


def _going_on(case: Case) -> Status:
    node = case.nodes.filter(handled_at__isnull=True).select_related("office").get()
    doing = f"{office_word(node)}正在{_DOING.get(case.state) or WORKFLOW.step(case.state).title}"
    # The clock itself: the column that lists and statistics read is set minutes later.
    if node.due_at <= now():
        return Status(
            sentence=f"{doing}，原定{cn_date(node.due_on)}前答复，现在已超过",
            kind="warn",
            advice="您可以打下面的电话询问，系统也已催办。",
        )
    return Status(sentence=f"{doing}，最迟 {cn_date(node.due_on)}答复", is_provisional=node.is_provisional)


def office_word(node) -> str:
    """The office by its short name where it has one."""
    return (node.office.short_name if node.office else "") or node.office_name
