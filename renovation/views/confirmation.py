"""The page that asks once more before an act that cannot be taken back (reliability §5.5)."""

from common.components import groups_of_four
from regions import names
from renovation.choices import CaseState
from renovation.views import blocks, results
from renovation.workflow import WORKFLOW


def outcome_of(case, move) -> str:
    """What the move leads to: the next state, what becomes of the project, the limit of a new round (domain §4.2)."""
    target = CaseState(move.to)
    if WORKFLOW.step(target).is_open:
        again = "，重新计算办理期限" if case.nodes.filter(code=target).exists() else ""
        return f"{target.label}{again}"
    if target == CaseState.COMPLETED:
        return "工单办结"
    project = case.project_or_none() if target == CaseState.TERMINATED else None
    if project is None:
        return f"{target.label}，工单办结"
    stopped = "改造项目终止，已有的拨付记录保留" if project.start_date else "改造项目取消"
    return f"{target.label}，工单办结；{stopped}"


def page_of(case, move, form) -> dict:
    """What the page says: the act, whom it concerns, everything it decides, and what follows."""
    target, is_open = CaseState(move.to).label, WORKFLOW.step(move.to).is_open
    is_refusal = move.tone == "danger" and not is_open
    return {
        "act": target if is_refusal else move.label,
        "holder": case.applicant_name,
        "tone": "danger" if move.tone == "danger" else "warn",
        "facts": facts_of(case, form),
        "outcome": f"确认后：{outcome_of(case, move)}。不能撤回，",
    }


def facts_of(case, form) -> list[tuple]:
    """Whose case, the result, the answers, the sums in 元 and 大写, and the words the applicant will read."""
    answers = form.cleaned_data
    return [
        ("工单号", groups_of_four(case.number)),
        ("申请人", case.applicant_name),
        ("房屋所在地", f"{names.full_name(case.region_id)}{case.house_address}"),
        ("结论/等级", form.conclusion_label()),
        *blocks.in_order(form, answers),
        *sums_of(form),
        ("申请人将看到的意见", blocks.paragraphs(answers.get("opinion", ""))),
    ]


def sums_of(form) -> list[tuple]:
    """The totals of the amounts that were filled in, with 大写."""
    filled = [name for _, names_ in form.SUMS for name in names_ if form.cleaned_data.get(name) is not None]
    if not filled:
        return []
    return [(label, results.in_yuan(form.sum_of(names_), in_words=True)) for label, names_ in form.SUMS]


def hidden_of(post) -> list[tuple[str, str]]:
    """What was posted, to be posted again: the page itself asks nothing."""
    return [(name, value) for name in post for value in post.getlist(name) if name != "csrfmiddlewaretoken"]
