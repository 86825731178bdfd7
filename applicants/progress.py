"""The timeline of an application in the shape the component reads."""

from common.components.state import tag
from common.templatetags.anju import cn_date, cn_datetime
from renovation.choices import CaseState
from renovation.models import Case
from renovation.queries.nodes import TimelineStep, timeline
from renovation.queries.service import objectors_of

_STATE = {"done": "done", "now": "now", "next": "next", "ended": "stopped"}
# What a step came to, where its own word (「通过」, 「不通过」, 「回退」) would not say what follows for the applicant.
_CAME_TO = {
    "confirm_failed_review": ("danger", "确认评议不通过"),
    "uphold_objection": ("warn", "退回重新评议"),
    "fail_audit": ("warn", "退回重新评议"),
    "return_to_review": ("warn", "退回重新评议"),
    "return_to_audit": ("warn", "退回重新审核"),
    "fail_inspection": ("warn", "不通过，退回整改"),
    "terminate": ("plain", "终止"),
}
# Whom an officer names in a reason is nobody's business on the applicant's page.
SOMEBODY = "某村民"


def steps_of(case: Case) -> list[dict]:
    """All steps: done, going on, to come, with department, time, conclusion and opinion (domain §3.6)."""
    names = objectors_of(case)
    return [_shown(step, case, names) for step in timeline(case)]


def _shown(step: TimelineStep, case: Case, names: list[str]) -> dict:
    when = cn_datetime(step.at) if step.at else ""
    title = f"{step.title}（第{step.round}轮）" if step.round > 1 else step.title
    told = not _waits_for_audit(step, case)
    return {
        "title": title,
        "state": _STATE[step.status],
        "meta": " · ".join(part for part in (when, step.office, step.handler) if part),
        "result": _result(step) if told else tag("plain", "已评议"),
        "due": _due(step, case),
        "note": discreet(step.amended or step.opinion, names) if told else "",
    }


def _waits_for_audit(step: TimelineStep, case: Case) -> bool:
    """A failed review is told once the audit has decided on it, not before (decision 22)."""
    if step.move != "fail_review" or case.state != CaseState.PENDING_TOWNSHIP_AUDIT:
        return False
    return case.nodes.filter(code=step.code).count() == step.round


def discreet(words: str, names: list[str]) -> str:
    """An office's words without the names of those who objected."""
    for name in names:
        words = words.replace(name, SOMEBODY)
    return words


def _result(step: TimelineStep) -> str:
    if not step.conclusion:
        return ""
    return tag(*_CAME_TO.get(step.move, (_kind(step), step.conclusion)))


def _kind(step: TimelineStep) -> str:
    if "不通过" in step.conclusion:
        return "danger"
    return "ok" if "通过" in step.conclusion or "期满" in step.conclusion else "plain"


def _due(step: TimelineStep, case: Case) -> str:
    if step.status != "now" or step.due_on is None:
        return ""
    provisional = "（暂定，以公布的放假安排为准）" if step.is_provisional else ""
    if step.code == CaseState.IN_PUBLICITY:
        # With an objection the date is that of the answer to it; the big sentence says so.
        return "" if case.open_objections().exists() else f"公示到{cn_date(step.due_on)}{provisional}"
    return f"最迟 {cn_date(step.due_on)}答复{provisional}"
