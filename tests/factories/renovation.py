"""Cases in any state, brought there by the same actions that people use."""

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from common.clock import freeze, now, today
from households.actions.attachments import add_paper, add_photo
from households.actions.claims import claim_identity
from households.middleware import scope_of
from regions.models import Region
from regions.options import load_options
from renovation.actions.moves import perform_move
from renovation.choices import CaseState, Slot
from renovation.forms import STEP_FORMS
from renovation.models import Case
from renovation.workflow import WORKFLOW
from tests.factories.accounts import make_office, make_phone_account, make_user
from tests.factories.people import make_id_number, photo_bytes
from tests.factories.regions import enable, make_tree

_numbers = count(1)


@dataclass
class World:
    """A county that takes cases, its people at every level, and the neighbour county."""

    regions: dict[str, Region]
    county: Region
    village: Region
    officer: object
    township_officer: object
    cadre: object
    stranger: object


def make_world() -> World:
    """The fictional tree with offices and one account a level; the neighbour county has an officer too."""
    regions = make_tree()
    county, village = regions["990101000000"], regions["990101100201"]
    for code in ("990101000000", "990102000000"):
        enable(regions[code])
    make_office(regions["990100000000"])
    load_options()
    return World(
        regions=regions,
        county=Region.objects.get(pk=county.pk),
        village=village,
        officer=make_user("county", region=county),
        township_officer=make_user("township", region=regions["990101100000"]),
        cadre=make_user("village", region=village),
        stranger=make_user("county", region=regions["990102000000"]),
    )


def make_villager(village: Region, name: str = "张石山", **fields):
    """A phone account that speaks for one claimed person of that village."""
    account = make_phone_account()
    claim = claim_identity(
        by=account,
        name=name,
        id_number=fields.get("id_number") or make_id_number(),
        home_region=village,
        home_address=fields.get("home_address", "3组"),
    )
    account.act_as(scope_of(claim))
    account.claim = claim
    return account


def make_draft(villager, village: Region, *, photos: int = 1, **fields) -> Case:
    """A draft with every answer given, ready to be submitted."""
    claim = villager.claim
    case = Case(
        claim=claim,
        filed_by=villager,
        applicant_name=claim.name,
        applicant_id_number=claim.id_number,
        applicant_phone=villager.phone,
        house_address="3组12号",
        residence_address="3组12号",
        registered_address="3组12号",
        residence_region=village,
        registered_region=village,
        risk_parts=["wall", "roof"],
        risk_description="墙体开裂，屋面漏雨",
        notice_version="2026-1",
        notice_agreed_at=now(),
        **fields,
    )
    case.bind_region(village)
    case.save()
    for _ in range(photos):
        attach_photo(case, by=villager)
    return case


def attach_photo(case: Case, *, by):
    """One more risk photo, different from all others."""
    upload = SimpleUploadedFile("photo.jpg", photo_bytes(next(_numbers)), "image/jpeg")
    return add_photo(by=by, owner_kind="case", owner=case, slot=Slot.RISK, client_id=uuid4(), upload=upload)


def attach_appraisal(case: Case, *, by):
    """The appraisal sheet, as a photographed paper."""
    upload = SimpleUploadedFile("sheet.jpg", photo_bytes(next(_numbers)), "image/jpeg")
    return add_paper(by=by, owner_kind="case", owner=case, slot=Slot.APPRAISAL, client_id=uuid4(), upload=upload)


def acceptance(**answers) -> dict:
    """Answers of the acceptance form that lead to 受理·通过."""
    return {"conclusion": "pass", "had_policy": "false", "is_low_income": "true", "opinion": "同意受理", **answers}


def appraisal(**answers) -> dict:
    """Answers of the appraisal form that find the house dangerous."""
    values = {"grade": "D", "era": "2", "structure_archive": "4", "appraised_on": today().isoformat()}
    return {**values, "appraisal_org": "", "appraisal_org_uscc": "", "opinion": "房屋严重受损", **answers}


def take_step(case: Case, *, by, answers: dict):
    """Fill in the step's form and take the move it leads to, as the page does."""
    form = STEP_FORMS[case.step.form](answers, instance=case)
    assert form.is_valid(), form.errors

    move = WORKFLOW.chosen(case.state, form.cleaned_data)
    return perform_move(case, move.name, by=by, form=form).case


def press(case: Case, move: str, *, by, **answers) -> Case:
    """Take a move that has a button and a small form of its own: 回退, 终止, 异议成立 …"""
    form = STEP_FORMS[WORKFLOW.find(case.state, move).form]({"opinion": "请核实后重新办理", **answers}, instance=case)
    assert form.is_valid(), form.errors
    return perform_move(case, move, by=by, form=form).case


def make_case(
    world: World, state: str = CaseState.PENDING_ACCEPTANCE, *, villager=None, village=None, **fields
) -> Case:
    """A case of the world's county in that state, brought there by the people of that world.

    What needs a notice that has run its days was filed as long ago as that takes; all else happens now.
    """
    from tests.factories.steps import on_from_review, publicity_days

    village = village or world.village
    villager = villager or make_villager(village)
    if state in EARLY:
        return _early(world, state, villager, village, fields)
    days = 0 if state in ROUND_ONE else publicity_days(village)
    with freeze(now() - timedelta(days=days)) if days else nullcontext():
        case = _early(world, CaseState.PENDING_REVIEW, villager, village, fields)
    return on_from_review(world, case, state, days)


EARLY = (
    CaseState.DRAFT,
    CaseState.PENDING_ACCEPTANCE,
    CaseState.WITHDRAWN,
    CaseState.NOT_ACCEPTED,
    CaseState.PENDING_APPRAISAL,
    CaseState.APPRAISAL_FAILED,
    CaseState.PENDING_REVIEW,
    CaseState.TERMINATED,
)
ROUND_ONE = (CaseState.IN_PUBLICITY, CaseState.REVIEW_FAILED)


def _early(world: World, state: str, villager, village, fields) -> Case:
    case = make_draft(villager, village, **fields)
    if state == CaseState.DRAFT:
        return case
    case = perform_move(case, "submit", by=villager).case
    if state == CaseState.PENDING_ACCEPTANCE:
        return case
    if state == CaseState.WITHDRAWN:
        return perform_move(case, "withdraw", by=villager).case
    if state == CaseState.NOT_ACCEPTED:
        return take_step(case, by=world.officer, answers=acceptance(conclusion="fail", opinion="不属于本项政策范围"))
    case = take_step(case, by=world.officer, answers=acceptance())
    if state == CaseState.PENDING_APPRAISAL:
        return case
    if state == CaseState.TERMINATED:
        return press(case, "terminate", by=world.officer, reason="given_up")
    attach_appraisal(case, by=world.officer)
    grade = {"grade": "B"} if state == CaseState.APPRAISAL_FAILED else {}
    return take_step(case, by=world.officer, answers=appraisal(**grade))
