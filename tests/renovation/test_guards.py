"""Each guard's refusal, in its exact words (domain §3.3–3.5, §4.5)."""

from uuid import uuid4

import pytest

from common.errors import Refusal
from households.choices import ClaimState
from households.middleware import scope_of
from households.models import Attachment, Claim
from regions.models import Region
from renovation import guards
from renovation.actions.moves import perform_move
from renovation.choices import CaseState, Slot
from renovation.models import Case, CaseEvent
from renovation.workflow import WORKFLOW
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


def test_every_guard_of_the_table_has_its_test():
    tested = {*MISSING, guards.county_takes_cases, guards.has_risk_photos, guards.has_no_open_case}
    assert tested | {guards.has_appraisal_files, guards.claim_is_not_pushed_aside} == {
        guard for step in WORKFLOW.steps for move in step.moves for guard in move.guards
    }
