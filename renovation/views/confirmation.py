"""The page that asks once more before an act that cannot be taken back (reliability §5.5)."""

from common.components import groups_of_four
from regions import names
from renovation.choices import CaseState
from renovation.views import blocks, results
from renovation.workflow import WORKFLOW


def page_of(case, move, form) -> dict:
    """What the page says: the act, whom it concerns, everything it decides, and what follows."""
    target, is_open = CaseState(move.to).label, WORKFLOW.step(move.to).is_open
    is_refusal = move.tone == "danger" and not is_open
    return {
        "act": target if is_refusal else move.label,
        "holder": case.applicant_name,
        "tone": "danger" if move.tone == "danger" else "warn",
        "facts": facts_of(case, form),
        "outcome": f"确认后进入“{target}”，不能撤回；" if is_open else f"确认后工单办结（{target}），不能撤回；",
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
