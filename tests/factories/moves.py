"""Every move of the table made ready: a case in its state with all that the move wants, who may take it, and how."""

from dataclasses import dataclass
from functools import partial

from common.clock import now
from renovation.actions.moves import perform_move
from renovation.actions.publicity import register_objection
from renovation.actions.service import ask_second_look
from renovation.choices import CaseState
from renovation.forms import STEP_FORMS
from renovation.models import Case, Publicity
from renovation.workflow import COUNTY, SYSTEM, TOWNSHIP, VILLAGER, WORKFLOW
from tests.factories import steps
from tests.factories.renovation import acceptance, appraisal, attach_appraisal, make_case, make_villager

# Answers of the form that leads to each move; the moves without a form have a button of their own.
ANSWERS = {
    "accept": acceptance,
    "refuse": partial(acceptance, conclusion="fail", opinion="不属于本项政策范围"),
    "find_dangerous": appraisal,
    "find_safe": partial(appraisal, grade="B"),
    "pass_review": steps.review,
    "fail_review": partial(steps.review, conclusion="fail", opinion="家中另有安全住房"),
    "uphold_objection": partial(dict, opinion="异议属实，重新评议"),
    "pass_audit": steps.audit,
    "confirm_failed_review": steps.audit,
    "fail_audit": partial(steps.audit, conclusion="fail", opinion="评议记录不全"),
    "return_to_review": partial(dict, opinion="评议人数不足"),
    "approve": steps.approval,
    "reject": partial(steps.approval, conclusion="fail", opinion="不符合政策规定"),
    "return_to_audit": partial(dict, opinion="公示照片看不清"),
    "start_works": steps.implementation,
    "report_completion": steps.completion,
    "pass_inspection": steps.inspection,
    "fail_inspection": partial(steps.inspection, conclusion="fail", opinion="屋面渗漏"),
    "terminate": partial(dict, reason="given_up", opinion="申请人书面放弃"),
    "reopen_review": partial(dict, opinion="情况有变化，重新评议"),
}


@dataclass
class Ready:
    """A case in a state, and who may act on it."""

    case: Case
    villager: object
    actor: object


def ready(world, state: str, move: str) -> Ready:
    """A case in that state, ready for that move, and who takes it (None for the clock)."""
    villager = make_villager(world.village)
    case = make_case(world, state, villager=villager)
    if move == "confirm_failed_review":
        Case.objects.filter(pk=case.pk).update(review_conclusion="fail")
        case = Case.objects.get(pk=case.pk)
    if move == "uphold_objection":
        register_objection(
            case=case, by=world.township_officer, is_anonymous=True, name="", phone="", content="家里有楼房"
        )
    if move == "reopen_review":
        ask_second_look(case=case, by=villager, reason="另一处房子不是我的")
    if move == "end_publicity":
        Publicity.objects.filter(case=case).update(ends_at=now())
    for slot in steps.ASKED.get(state, (None, ()))[1]:
        steps.attach(case, slot, by=world.officer)
    if state == CaseState.PENDING_APPRAISAL:
        attach_appraisal(case, by=world.officer)
    by = {VILLAGER: villager, COUNTY: world.officer, TOWNSHIP: world.township_officer, SYSTEM: None}
    return Ready(case, villager, by[WORKFLOW.actor_of(state, WORKFLOW.find(state, move))])


def take(case: Case, move: str, by):
    """Take the move as the page does, with answers that lead to it."""
    form, row = None, WORKFLOW.find(case.state, move)
    if move in ANSWERS:
        form = STEP_FORMS[row.form or case.step.form](ANSWERS[move](), instance=Case.objects.get(pk=case.pk))
        assert form.is_valid(), form.errors
        assert row.form or WORKFLOW.chosen(case.state, form.cleaned_data) == row
    return perform_move(case, move, by=by, form=form, version=case.version)
