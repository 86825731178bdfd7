"""Each guard's refusal, in its exact words (domain §3.3–3.5, §4.5)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from common.clock import now
from common.errors import Refusal
from households.choices import ClaimState
from households.middleware import scope_of
from households.models import Attachment, Claim, Household
from regions.models import Region
from renovation import guards
from renovation.actions.moves import perform_move
from renovation.actions.publicity import register_objection
from renovation.choices import CaseState, Slot
from renovation.models import Case, CaseEvent, Publicity, RenovationProject
from renovation.workflow import WORKFLOW
from tests.factories import steps
from tests.factories.renovation import attach_photo, make_case, make_draft, make_villager

# guard → what is missing, and the exact words
MISSING = {
    guards.notice_is_agreed: ({"notice_agreed_at": None}, "请先阅读并同意申请须知"),
    guards.applicant_is_named: ({"applicant_name": ""}, "请填写申请人姓名、身份证号码和联系电话"),
    guards.house_is_located: ({"house_address": ""}, "请填写房屋详细地址"),
    guards.addresses_are_given: ({"residence_address": ""}, "请填写居住地址和户籍地址"),
    guards.risks_are_described: ({"risk_parts": []}, "请选择房屋问题部位"),
}


@pytest.fixture
def draft(world):
    return make_draft(make_villager(world.village), world.village)


def applicant(draft: Case):
    draft.filed_by.act_as(scope_of(draft.claim))
    return draft.filed_by


def refusal_of(case: Case, move: str = "submit", by=None) -> str:
    with pytest.raises(Refusal) as caught:
        perform_move(case, move, by=by or applicant(case))
    assert not CaseEvent.objects.filter(case=case, move=move).exists()
    return caught.value.message


@pytest.mark.parametrize("guard", MISSING)
def test_an_incomplete_application_is_refused_in_the_words_of_its_guard(draft, guard):
    values, words = MISSING[guard]
    Case.objects.filter(pk=draft.pk).update(**values)
    assert guard(Case.objects.get(pk=draft.pk)) == words
    assert refusal_of(draft) == words


def test_a_house_without_a_village_is_refused(draft):
    Case.objects.filter(pk=draft.pk).update(region=None)
    assert refusal_of(draft) == "请选择到行政村"


def test_a_county_that_is_not_open_is_refused(draft, world):
    Region.objects.filter(pk=world.county.pk).update(case_enabled=False)
    assert refusal_of(draft) == "本县尚未开通网上申请，请联系村委会"


def test_an_application_without_photos_is_refused(draft):
    Attachment.objects.all().delete()
    assert refusal_of(draft) == "请至少上传1张房屋安全隐患点照片"


def test_nine_photos_are_enough_and_ten_too_many(draft):
    (photo,) = draft.files(Slot.RISK)
    for _ in range(8):
        attach_photo(draft, by=draft.filed_by)
    assert guards.has_risk_photos(draft) is None
    photo.pk, photo.uid = None, None
    photo.uid, photo.client_id, photo.source_sha256 = uuid4(), uuid4(), "f" * 64
    photo.save(force_insert=True)
    assert refusal_of(draft) == "房屋安全隐患点照片最多9张"


def test_ones_own_second_application_is_told_the_number_of_the_first(draft):
    villager = applicant(draft)
    first = perform_move(draft, "submit", by=villager).case
    second = make_draft(villager, first.region)
    words = f"您已有正在办理的农村危房改造申请（工单号{first.number}），请勿重复提交"
    assert refusal_of(second, by=villager) == words


def test_an_appraisal_needs_its_sheet(world):
    case = make_case(world, CaseState.PENDING_APPRAISAL)
    for move in ("find_dangerous", "find_safe"):
        assert refusal_of(case, move, by=world.officer) == "请上传鉴定表"


def test_an_applicant_somebody_else_was_met_as_is_refused(draft):
    Claim.objects.filter(pk=draft.claim_id).update(state=ClaimState.SUPERSEDED)
    assert refusal_of(draft) == "您登记的身份信息需要当面核对，请携带身份证到村委会办理"


# Guards of the later steps: guard → state it is asked in, its move, what is wrong, and the exact words.
LATER = {
    guards.publicity_is_over: ("in_publicity", "end_publicity", None, "公示期未满"),
    guards.has_no_open_objection: ("in_publicity", "end_publicity", "objected", "公示期间有异议尚未处理"),
    guards.has_open_objection: ("in_publicity", "uphold_objection", None, "没有待处理的异议"),
    guards.was_publicised: ("pending_township_audit", "pass_audit", "taken_down", "公示未满7天，不能审核通过"),
    guards.family_exists: ("pending_county_approval", "approve", "dead", "该户已登记为死亡销户，请终止工单"),
    guards.house_is_dangerous: (
        "pending_county_approval",
        "approve",
        "safe",
        "鉴定等级为A级、B级的房屋不能列入危房改造",
    ),
    guards.has_project: (
        "pending_implementation",
        "start_works",
        "no_project",
        "该工单没有对应的改造项目，请联系管理员",
    ),
    guards.is_asked_to_look_again: (
        "review_failed",
        "reopen_review",
        None,
        "申请人没有提出复核申请，或复核已经答复",
    ),
}


def spoil(world, case: Case, how: str | None) -> None:
    """Make that one thing wrong."""
    if how == "objected":
        Publicity.objects.filter(case=case).update(ends_at=now() + timedelta(seconds=30))
        register_objection(
            case=case, by=world.township_officer, is_anonymous=True, name="", phone="", content="家里有楼房"
        )
        Publicity.objects.filter(case=case).update(ends_at=now())
    if how == "taken_down":
        Publicity.objects.filter(case=case).update(state="taken_down")
    if how == "dead":
        Household.objects.filter(pk=case.household_id).update(status="cancelled_death")
    if how == "safe":
        Case.objects.filter(pk=case.pk).update(grade="B")
    if how == "no_project":
        RenovationProject.objects.filter(case=case).update(case=None)


@pytest.mark.parametrize("guard", LATER)
def test_a_later_step_is_refused_in_the_words_of_its_guard(world, guard):
    state, move, how, words = LATER[guard]
    case = make_case(world, state)
    for slot in steps.ASKED.get(state, (None, ()))[1]:
        steps.attach(case, slot, by=world.officer)
    spoil(world, case, how)
    case = Case.objects.get(pk=case.pk)
    assert guard(case) == words
    by = {"township": world.township_officer, "county": world.officer, "system": None}
    actor = WORKFLOW.actor_of(state, WORKFLOW.find(state, move))
    with pytest.raises(Refusal, match=words):
        perform_move(case, move, by=by[actor])


@pytest.mark.parametrize("state", steps.ASKED)
def test_each_file_that_a_step_demands_is_missed_by_name(world, state):
    case = make_case(world, state)
    demanded = {guard for move in WORKFLOW.offered(state) for guard in move.guards if guard.__name__.startswith("has_")}
    slots = {slot: guard for slot in Slot for guard in demanded if guard.__name__ == f"has_{slot.value}"}
    assert set(slots) <= set(steps.ASKED[state][1])
    for slot, guard in slots.items():
        Attachment.objects.filter(owner_uid=case.uid, slot=slot).delete()
        assert guard(case) == f"请上传{slot.label}"
        steps.attach(case, slot, by=world.officer)
        assert guard(case) is None


# Every demanded file is one of a step whose files the test above takes away one by one.
FILES = {
    guard
    for step in WORKFLOW.steps
    for move in step.moves
    for guard in move.guards
    if guard.__name__ in {f"has_{slot.value}" for slot in Slot} and move.name != "find_dangerous"
}


def test_every_guard_of_the_table_has_its_test():
    tested = {*MISSING, *LATER, *FILES, guards.county_takes_cases, guards.has_risk_photos, guards.has_no_open_case}
    assert tested | {guards.has_appraisal_files, guards.claim_is_not_pushed_aside} == {
        guard for step in WORKFLOW.steps for move in step.moves for guard in move.guards
    }
