"""How an application ends, in the applicant's words: what happened, why, and what can be done (domain §3.6)."""

from collections.abc import Callable
from dataclasses import dataclass

from renovation.choices import CaseState as S
from renovation.choices import TerminationReason
from renovation.models import Case
from renovation.queries.nodes import last_event


@dataclass(frozen=True)
class Ending:
    """One end: the sentence behind its date, its colour, the reason given, the advice, and whether to apply again."""

    sentence: str
    kind: str = "danger"
    reason: Callable[[Case], str] = lambda case: ""
    advice: str = ""
    may_apply_again: Callable[[Case], bool] = lambda case: True


def _opinion(case: Case) -> str:
    event = last_event(case)
    return event.opinion if event else ""


def _why_review_failed(case: Case) -> str:
    """The review's own words first: the audit after it only confirms them (decision 22)."""
    reviews = case.nodes.filter(move="fail_review").order_by("-seq")
    said = (reviews.values_list("opinion", flat=True).first(), _opinion(case))
    return "；".join(dict.fromkeys(words.rstrip("。") for words in said if words))


def _why_terminated(case: Case) -> str:
    return "。".join(words for words in (case.get_termination_reason_display(), _opinion(case)) if words)


def _is_not_over_for_good(case: Case) -> bool:
    """After 死亡销户 nobody is left to apply; a 重复申请 has the other one."""
    return case.termination_reason not in (TerminationReason.DEATH, TerminationReason.DUPLICATE)


_CALL = "对原因有疑问，可以打下面的电话询问。"
ENDINGS = {
    S.COMPLETED: Ending(
        "您家房屋改造通过验收，这份申请已办结",
        kind="ok",
        advice="补助资金将按规定拨付。有问题可以打下面的电话询问。",
        may_apply_again=lambda case: False,
    ),
    S.NOT_ACCEPTED: Ending(
        "您的申请没有被受理（不予受理）",
        reason=_opinion,
        advice="对原因有疑问，可以打电话询问。情况有变化或补齐材料后，可以再次申请。",
    ),
    S.APPRAISAL_FAILED: Ending(
        "鉴定不通过：您的房屋不属于危房改造范围",
        reason=_opinion,
        advice="对鉴定结果有疑问，可以打电话询问。房屋以后出现新的危险，可以再次申请。",
    ),
    S.REVIEW_FAILED: Ending(
        "您的申请评议没有通过，乡镇（街道）已审核确认",
        reason=_why_review_failed,
        advice=f"{_CALL}情况有变化时，可以再次申请。",
    ),
    S.APPROVAL_REJECTED: Ending(
        "区县没有批准您的申请（审批不通过）",
        reason=_opinion,
        advice=f"{_CALL}情况有变化时，可以再次申请。",
    ),
    S.WITHDRAWN: Ending("您已撤回这份申请", kind="plain", advice="需要时可以再次申请，以前填过的信息不会带过来。"),
    S.TERMINATED: Ending(
        "您的申请已终止，不再办理",
        kind="warn",
        reason=_why_terminated,
        advice=_CALL,
        may_apply_again=_is_not_over_for_good,
    ),
}
