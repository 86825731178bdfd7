"""B-H: steps that are not due, answers of another step, an application with holes in it, a token used twice.

Whoever posts has an account, a token and the row's version of that moment: what is wrong is the place in the table.
"""

import pytest
from django.test import Client

from accounts.actions import submissions
from accounts.actions.submissions import issue_token, once
from common.workflow import Workflow
from renovation.actions import moves
from renovation.actions.clock import responsible_office
from renovation.choices import CaseState
from renovation.models import Case, CaseEvent, CaseNode
from renovation.views.case import purpose_of
from renovation.views.step import StepView
from renovation.workflow import TOWNSHIP, WORKFLOW
from tests.applicants.conftest import browser_of
from tests.factories import steps
from tests.factories.moves import ANSWERS
from tests.factories.renovation import acceptance, appraisal, attach_photo, make_draft, make_villager
from tests.hostile.test_text import HAN
from tests.renovation.step_answers import at, with_project
from tests.scale import some

pytestmark = pytest.mark.django_db
STATES = [step.code for step in WORKFLOW.steps if step.is_open]
FORMS = {step.code: step for step in WORKFLOW.steps if step.form}
RIGHT = {CaseState.PENDING_ACCEPTANCE: acceptance, CaseState.PENDING_APPRAISAL: appraisal}
RIGHT |= {state: answers for state, (answers, _) in steps.ASKED.items()}
BUTTONS = sorted({move.name for step in WORKFLOW.steps for move in step.moves if move.form})
# Where the case stands, and whose step is posted although it is not due.
JUMPS = [(state, other) for state in STATES for other in FORMS if other != state]
PRESSED = [
    (state, name) for state in STATES for name in BUTTONS if name not in {m.name for m in WORKFLOW.offered(state)}
]


@pytest.fixture(scope="module")
def waiting(desk):
    """One case in each open state, with the office that handles it, and without files."""
    return {state: put_into(desk.world, state) for state in STATES}


def put_into(world, state: str) -> Case:
    case = at(world, state)
    if STATES.index(state) > STATES.index(CaseState.PENDING_COUNTY_APPROVAL):
        case = with_project(case)
    office = responsible_office(case)
    Case.objects.filter(pk=case.pk).update(office=office)
    CaseNode.objects.filter(case=case, handled_at=None).update(code=state, round=9, office=office)
    return Case.objects.get(pk=case.pk)


def officer_of(desk, step) -> object:
    return desk.world.township_officer if step.actor == TOWNSHIP else desk.world.officer


def stands(case: Case) -> tuple:
    """Where the case stands now, and how many moves it has made."""
    row = Case.objects.get(pk=case.pk)
    return row.state, row.version, CaseEvent.objects.filter(case=case).count()


def posted_at(desk, case: Case, other: str, by=None):
    """The answer to the right answers of another step, from whoever would take that one."""
    client, step = Client(), WORKFLOW.step(other)
    by = by or officer_of(desk, step)
    client.force_login(by)
    hidden = {
        "version": case.version,
        "state": other,
        "confirmed": "1",
        "submit_token": issue_token(by, purpose_of(case)),
    }
    return client.post(f"/staff/cases/{case.uid}/step/", {**RIGHT[other](), **hidden})


def pressed_at(desk, case: Case, name: str, by=None):
    """The answer to a button that the page of this case does not show."""
    client = Client()
    by = by or desk.world.officer
    client.force_login(by)
    token = issue_token(by, f"move:{name}:{case.uid}")
    hidden = {"version": case.version, "state": case.state, "confirmed": "1", "submit_token": token}
    return client.post(f"/staff/cases/{case.uid}/move/{name}/", {**ANSWERS[name](), **hidden})


def unguarded(case: Case, chosen) -> None:
    """A transition that asks nobody: neither where the case comes from nor any guard."""
    Case._meta.get_field("state").set_state(case, chosen.to)


def is_refused(answer) -> bool:
    return answer.status_code in (403, 404, 409, 422) and HAN.search(answer.content.decode()) is not None


def test_step_that_is_not_due_is_not_taken(desk, waiting, tried):
    wrong, jumps = {}, some(JUMPS[::3], JUMPS)
    for state, other in jumps:
        before = stands(waiting[state])
        answer = posted_at(desk, waiting[state], other)
        if not is_refused(answer) or stands(waiting[state]) != before:
            wrong[state, other] = (answer.status_code, stands(waiting[state]))
    assert wrong == {}
    tried(
        "B-H",
        len(jumps),
        "steps posted before or after their turn",
        "test_control_a_page_that_believes_the_state_skips",
    )


def test_control_a_page_that_believes_the_state_skips(desk, waiting, monkeypatch):
    """The hidden `state` of the form taken for the row's own."""
    honest = StepView.work

    def work(view):
        Case.objects.filter(pk=view.case.pk).update(state=view.request.POST["state"])
        del view.case
        return honest(view)

    monkeypatch.setattr(StepView, "work", work)
    case = waiting[CaseState.PENDING_ACCEPTANCE]
    assert posted_at(desk, case, CaseState.PENDING_COUNTY_APPROVAL).status_code == 302
    assert stands(case)[0] == CaseState.PENDING_IMPLEMENTATION


def test_button_that_is_not_shown_does_nothing(desk, waiting, tried):
    wrong, pressed = {}, some(PRESSED[::2], PRESSED)
    for state, name in pressed:
        before = stands(waiting[state])
        for by in (desk.world.officer, desk.world.township_officer):
            answer = pressed_at(desk, waiting[state], name, by)
            if not is_refused(answer) or stands(waiting[state]) != before:
                wrong[state, name] = (answer.status_code, stands(waiting[state]))
    assert wrong == {}
    tried(
        "B-H",
        2 * len(pressed),
        "buttons pressed that no page shows",
        "test_control_a_table_that_offers_everything_moves",
    )


def test_control_a_table_that_offers_everything_moves(desk, waiting, monkeypatch):
    everything = {move.name: move for step in WORKFLOW.steps for move in step.moves}
    monkeypatch.setattr(Workflow, "offered", lambda table, code: tuple(everything.values()))
    monkeypatch.setattr(moves, "_transit", unguarded)
    case = waiting[CaseState.PENDING_FINAL_INSPECTION]
    assert pressed_at(desk, case, "return_to_audit").status_code == 302
    assert stands(case)[0] == CaseState.PENDING_TOWNSHIP_AUDIT


# What a draft may lack: columns emptied, and the words that the page of 核对 says.
HOLES = {
    "notice": ({"notice_agreed_at": None}, "请先阅读并同意申请须知"),
    "name": ({"applicant_name": ""}, "请填写申请人姓名"),
    "village": ({"region": None}, "请选择到行政村"),
    "address": ({"house_address": ""}, "请填写房屋详细地址"),
    "residence": ({"residence_address": ""}, "请填写居住地址和户籍地址"),
    "parts": ({"risk_parts": []}, "请选择房屋问题部位"),
    "photos": ({}, "请至少上传1张"),
}


def handed_in(desk, hole: str):
    """(the answer, the state after it) when that draft is handed in straight at the last page."""
    villager = make_villager(desk.world.village)
    draft = make_draft(villager, desk.world.village, photos=0)
    if hole != "photos":
        attach_photo(draft, by=villager)
    Case.objects.filter(pk=draft.pk).update(**HOLES[hole][0])
    token = issue_token(villager, f"case.submit.{draft.uid}")
    answer = browser_of(villager).post(f"/apply/{draft.uid}/check/", {"submit_token": token})
    return answer, Case.objects.get(pk=draft.pk).state


@pytest.mark.parametrize("hole", HOLES)
def test_application_with_a_hole_in_it_is_not_handed_in(desk, hole, tried):
    answer, state = handed_in(desk, hole)
    assert (answer.status_code, state) == (200, CaseState.DRAFT)
    assert HOLES[hole][1] in answer.content.decode()
    tried("B-H", 1, "applications handed in past their pages", "test_control_without_guards_a_hole_is_handed_in")


@pytest.mark.parametrize("hole", ["notice", "address", "residence", "parts", "photos"])
def test_control_without_guards_a_hole_is_handed_in(desk, hole, monkeypatch):
    """Without the guards of the pages and of the move; village and name the database itself asks for."""
    monkeypatch.setattr("applicants.pages.missing", lambda case: [])
    monkeypatch.setattr(moves, "_transit", unguarded)
    answer, state = handed_in(desk, hole)
    assert (answer.status_code, state) == (302, CaseState.PENDING_ACCEPTANCE)


def used_twice(desk) -> int:
    """How often the work was done of a token posted twice."""
    by, done = desk.world.officer, []
    token = issue_token(by, "step:9")
    for _ in range(2):
        once(token=token, by=by, purpose="step:9", work=lambda: done.append(1) or {"n": len(done)})
    return len(done)


def test_token_used_again_does_nothing_again(desk, tried):
    assert used_twice(desk) == 1
    tried(
        "B-H", 1, "submit tokens used again (see F05)", "test_control_without_the_list_of_used_tokens_it_is_done_again"
    )


def test_control_without_the_list_of_used_tokens_it_is_done_again(desk, monkeypatch):
    monkeypatch.setattr(submissions, "_reserve", lambda number, by, purpose: True)
    assert used_twice(desk) == 2
