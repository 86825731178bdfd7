"""The timeline of an application in the shape the component reads."""

from common.components.state import tag
from common.templatetags.anju import cn_date, cn_datetime
from renovation.models import Case
from renovation.queries.nodes import TimelineStep, timeline

_STATE = {"done": "done", "now": "now", "next": "next", "ended": "stopped"}


def steps_of(case: Case) -> list[dict]:
    """All steps: done, going on, to come, with department, time, conclusion and opinion (domain §3.6)."""
    return [_shown(step) for step in timeline(case)]


def _shown(step: TimelineStep) -> dict:
    when = cn_datetime(step.at) if step.at else ""
    title = f"{step.title}（第{step.round}轮）" if step.round > 1 else step.title
    return {
        "title": title,
        "state": _STATE[step.status],
        "meta": " · ".join(part for part in (when, step.office, step.handler) if part),
        "result": tag(_kind(step), step.conclusion) if step.conclusion else "",
        "due": _due(step),
        "note": step.opinion,
    }


def _kind(step: TimelineStep) -> str:
    if "不通过" in step.conclusion:
        return "danger"
    return "ok" if "通过" in step.conclusion else "plain"


def _due(step: TimelineStep) -> str:
    if step.status != "now" or step.due_on is None:
        return ""
    provisional = "（暂定，以公布的放假安排为准）" if step.is_provisional else ""
    return f"最迟 {cn_date(step.due_on)}答复{provisional}"
