"""The six later steps with answers that lead on, and the files each of them asks for."""

from datetime import timedelta
from itertools import count
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from common.clock import freeze, now, today
from common.limits import Days
from households.actions.attachments import add_paper, add_photo
from regions import deadlines
from regions.options import load_options
from renovation.actions.moves import perform_move
from renovation.choices import CaseState, Slot
from renovation.models import Case, Publicity
from tests.factories.people import photo_bytes
from tests.factories.renovation import World, take_step

_numbers = count(10_000)
PHOTOS = (
    Slot.SITE,
    Slot.REVIEW_RESULT,
    Slot.NOTICE,
    Slot.VISIT,
    Slot.BEFORE,
    Slot.DURING,
    Slot.AFTER,
    Slot.EXTRA,
)


def attach(case: Case, slot: Slot, *, by):
    """One more file of that purpose, different from all others."""
    add = add_photo if slot in PHOTOS else add_paper
    upload = SimpleUploadedFile("file.jpg", photo_bytes(next(_numbers)), "image/jpeg")
    return add(by=by, owner_kind="case", owner=case, slot=slot, client_id=uuid4(), upload=upload)


def review(**answers) -> dict:
    """Answers of 评议 that lead to the notice."""
    values = {"conclusion": "pass", "family_size": "3", "house_area": "80", "era": "2", "structure_archive": "4"}
    values |= {"review_date": today().isoformat(), "has_veteran": "false", "has_disabled": "false"}
    return {**values, "proposed_method": "rebuild", "publicity_place": "村务公开栏", "opinion": "符合条件", **answers}


def audit(**answers) -> dict:
    """Answers of 审核 that send the case to the county."""
    return {"conclusion": "pass", "opinion": "材料齐全，同意上报", **answers}


def approval(**answers) -> dict:
    """Answers of 审批 that open the project."""
    values = {"conclusion": "pass", "home_visit": "true", "visit_note": "情况属实", "plan_year": str(today().year)}
    values |= {"type": "renovation", "energy_saving": "false", "accessibility": "false", "proposed_method": "rebuild"}
    return {**values, "amended_township_opinion": "", "opinion": "同意", **answers}


def implementation(**answers) -> dict:
    """Answers of 组织实施."""
    values = {"method": "rebuild", "start_date": today().isoformat(), "build_mode": "self", "builder_kind": "self"}
    return {**values, "artisan": "", "builder_name": "", "builder_uscc": "", **answers}


def completion(**answers) -> dict:
    """Answers of 提交验收."""
    values = {"after_structure": "8", "after_area": "58", "after_floors": "1", "after_ownership": "family"}
    return {**values, "completion_date": today().isoformat(), "old_house_disposal": "demolished", **answers}


def inspection(**answers) -> dict:
    """Answers of 验收 that finish the case, with the option lists they are chosen from."""
    load_options()
    values = {"conclusion": "pass", "accepted_on": today().isoformat(), "inspector": "验收员甲", "opinion": "验收合格"}
    values |= {
        "subsidy_types": ["central_renovation"],
        "fund_central": "20000",
        "fund_province": "5000",
        "fund_city": "0",
    }
    return {**values, "fund_county": "1000", "self_raised": "12000", "loan": "", **answers}


def publicity_days(village) -> int:
    """How many days ago a notice must have begun so that its seven days, rest days and all, are over by now."""
    start = now()
    for days in range(8, 30):
        if deadlines.due(start - timedelta(days=days), Days(7), village.pk).due_at <= start:
            return days
    raise AssertionError("no notice ends within a month")


# The files and answers that lead on from each step.
ASKED = {
    CaseState.PENDING_REVIEW: (review, (Slot.SITE, Slot.REVIEW_RESULT)),
    CaseState.PENDING_TOWNSHIP_AUDIT: (audit, (Slot.NOTICE, Slot.SUPPORT)),
    CaseState.PENDING_COUNTY_APPROVAL: (approval, ()),
    CaseState.PENDING_IMPLEMENTATION: (implementation, (Slot.BEFORE, Slot.AGREEMENT)),
    CaseState.PENDING_COMPLETION: (completion, (Slot.DURING, Slot.AFTER)),
    CaseState.PENDING_FINAL_INSPECTION: (inspection, (Slot.INSPECTION, Slot.INSPECTION_SUPPORT)),
}


def step_on(world: World, case: Case, **answers) -> Case:
    """Give the step what it asks for and take it; 公示 is ended by the clock at its end."""
    if case.state == CaseState.IN_PUBLICITY:
        with freeze(max(now(), Publicity.objects.get(case=case, state="open").ends_at)):
            return perform_move(case, "end_publicity", by=None).case
    fill, slots = ASKED[case.state]
    by = world.township_officer if case.step.actor == "township" else world.officer
    for slot in slots:
        attach(case, slot, by=by)
    return take_step(case, by=by, answers=fill(**answers))


def on_from_review(world: World, case: Case, state: str, days: int) -> Case:
    """From 待乡镇组织评议 to that state; the notice began that many days ago."""
    if state == CaseState.REVIEW_FAILED:
        case = step_on(world, case, conclusion="fail", opinion="家中另有安全住房")
        return step_on(world, case)
    with freeze(now() - timedelta(days=days)):
        case = step_on(world, case)
    if state == CaseState.IN_PUBLICITY:
        return case
    with freeze(Publicity.objects.get(case=case, state="open").ends_at):
        case = step_on(world, case)
    end = CaseState.PENDING_COUNTY_APPROVAL if state == CaseState.APPROVAL_REJECTED else state
    while case.state != end:
        case = step_on(world, case)
    if state == CaseState.APPROVAL_REJECTED:
        case = take_step(case, by=world.officer, answers=approval(conclusion="fail", opinion="不符合政策规定"))
    return case
