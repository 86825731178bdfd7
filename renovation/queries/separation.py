"""Separation of duties in one case (DQ52, decision 24): it holds for the person, whatever duties the account has."""

from common.prepared import Prepared
from renovation.choices import CaseState
from renovation.models import CaseNode
from renovation.workflow import COUNTY, TOWNSHIP, WORKFLOW

HANDLED = Prepared(
    lambda case_id, by_id: CaseNode.objects.filter(case=case_id, handler=by_id).order_by().values_list("code", "move")
)
WORDS = {TOWNSHIP: "乡镇街道", COUNTY: "区县"}


def separation_refusal(by, case, move) -> str | None:
    """Why this officer may not take the move on this case, or None.

    Nobody acts at both levels of one case, and whoever filed it for the villager neither audits nor decides it.
    """
    level = WORKFLOW.actor_of(case.state, move)
    if by is None or level not in WORDS:
        return None
    if case.on_behalf and case.filed_by_id == by.pk and _judges(case, level):
        return "您代办了此申请，不能再审核或审批，请由其他工作人员办理"
    other = TOWNSHIP if level == COUNTY else COUNTY
    if other in _levels_handled(by, case):
        return f"您在{WORDS[other]}环节办理过此工单，不能再办理{WORDS[level]}环节，请由其他工作人员办理"
    return None


def _judges(case, level: str) -> bool:
    return level == COUNTY or case.state == CaseState.PENDING_TOWNSHIP_AUDIT


def _levels_handled(by, case) -> set[str]:
    """The levels at which this person has taken a move on the case."""
    return {WORKFLOW.actor_of(code, WORKFLOW.find(code, name)) for code, name in HANDLED.rows(case.pk, by.pk)}
