"""What the applicant reads of returns, objections, ends: the reason, never anybody else's affairs (domain §3.6)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from common.clock import database_now, freeze
from common.templatetags.anju import cn_date
from renovation.actions.publicity import register_objection
from renovation.choices import CaseState
from renovation.models import Case, Objection, OpinionAmendment
from renovation.queries.nodes import timeline
from tests.factories.renovation import make_case, make_villager, press, take_step
from tests.factories.steps import audit, step_on

pytestmark = pytest.mark.django_db
OBJECTOR, CONTENT = "邻舍甲", "他家去年在城里买了楼"


def read(phone, case) -> str:
    return phone.get(reverse("applicants:case", args=[case.uid])).content.decode()


def objected(world, villager) -> Case:
    case = make_case(world, CaseState.IN_PUBLICITY, villager=villager)
    said = {"is_anonymous": False, "name": OBJECTOR, "phone": "15400001111", "content": CONTENT}
    register_objection(case=case, by=world.township_officer, **said)
    return Case.objects.get(pk=case.pk)


def test_an_objection_is_looked_into_and_nothing_of_it_is_told(world, villager, phone):
    case = objected(world, villager)
    page = read(phone, case)
    assert "收到不同意见" in page and "正在了解情况，最迟" in page
    assert OBJECTOR not in page and CONTENT not in page and "1111" not in page


def test_a_review_that_starts_again_says_why_without_naming_who_objected(world, villager, phone):
    case = press(
        objected(world, villager), "uphold_objection", by=world.township_officer, opinion=f"{OBJECTOR}反映属实，有房"
    )
    page = read(phone, case)
    assert "正在重新组织评议，最迟" in page and "意见经核实成立" in page
    assert "某村民反映属实" in page and OBJECTOR not in page and "第2轮" in page
    assert Objection.objects.get().name == OBJECTOR


@pytest.mark.parametrize(
    ("state", "move", "words", "by"),
    [
        (CaseState.PENDING_TOWNSHIP_AUDIT, "return_to_review", "正在重新组织评议", "township_officer"),
        (CaseState.PENDING_COUNTY_APPROVAL, "return_to_audit", "正在重新审核", "officer"),
    ],
)
def test_a_return_says_that_the_office_looks_again_and_why(world, villager, phone, state, move, words, by):
    case = make_case(world, state, villager=villager)
    case = press(case, move, by=getattr(world, by), opinion="照片和鉴定表对不上")
    page = read(phone, case)
    assert words in page and page.count("照片和鉴定表对不上") == 2 and "退回" in page


def test_a_failed_inspection_is_to_be_mended(world, villager, phone):
    case = make_case(world, CaseState.PENDING_FINAL_INSPECTION, villager=villager)
    case = step_on(world, case, conclusion="fail", opinion="屋面还没有做防水")
    page = read(phone, case)
    assert "正在组织整改，最迟" in page and "屋面还没有做防水" in page and "退回整改" in page


def test_a_failed_review_is_told_only_after_the_audit(world, villager, phone):
    case = make_case(world, CaseState.PENDING_REVIEW, villager=villager)
    case = step_on(world, case, conclusion="fail", opinion="家中另有安全住房")
    page = read(phone, case)
    assert "正在审核，最迟" in page and "已评议" in page
    assert "家中另有安全住房" not in page and "不通过" not in page
    returned = take_step(case, by=world.township_officer, answers=audit(conclusion="fail", opinion="没有入户核实"))
    page = read(phone, returned)
    assert "没有入户核实" in page and "家中另有安全住房" in page


def test_the_end_of_a_failed_review_gives_the_reviews_reason(world, villager, phone):
    case = make_case(world, CaseState.REVIEW_FAILED, villager=villager)
    page = read(phone, case)
    assert "家中另有安全住房" in page and "确认评议不通过" in page and "请区县再看一次" in page


def test_a_terminated_case_gives_label_and_words(world, villager, phone):
    case = make_case(world, villager=villager)
    case = press(case, "terminate", by=world.officer, reason="moved_out", opinion="户口已迁往外省")
    page = read(phone, case)
    assert "迁出。户口已迁往外省" in page and "再次申请" in page


def test_who_died_is_not_asked_to_apply_again(world, villager, phone):
    case = press(make_case(world, villager=villager), "terminate", by=world.officer, reason="death", opinion="已销户")
    assert "再次申请" not in read(phone, case)


def test_a_notice_that_is_over_is_not_called_late(world, villager, phone):
    case = make_case(world, CaseState.IN_PUBLICITY, villager=villager)
    with freeze(case.due_at + timedelta(minutes=3)):
        page = read(phone, case)
    assert "已经期满" in page and "现在已超过" not in page


def test_a_far_date_names_its_year_and_says_that_it_may_change(world, villager, phone):
    case = make_case(world, CaseState.PENDING_COMPLETION, villager=villager)
    node = case.nodes.get(handled_at=None)
    page = read(phone, case)
    assert f"最迟 {cn_date(node.due_on, 'year')}完工并提交验收" in page
    assert ("（暂定）" in page) == node.is_provisional


def test_the_way_names_publicity_between_review_and_audit(world, villager):
    for state in (CaseState.PENDING_REVIEW, CaseState.IN_PUBLICITY):
        titles = [step.title for step in timeline(make_case(world, state, villager=make_villager(world.village)))]
        place = titles.index("公示")
        assert titles[place - 1 : place + 2] == ["乡镇组织评议", "公示", "乡镇街道审核"]
        assert len(titles) == 10 and titles[-1] == "区县验收"


def test_the_countys_wording_of_an_opinion_is_the_one_that_counts(world, villager, phone):
    case = make_case(world, CaseState.PENDING_COUNTY_APPROVAL, villager=villager)
    node = case.nodes.get(code=CaseState.PENDING_TOWNSHIP_AUDIT)
    said = {"original": node.opinion, "amended": "核减面积后同意", "by": world.officer, "at": database_now()}
    said |= {"original_by_name": "甲", "original_office_name": "乙", "by_name": "丙", "office_name": "丁"}
    OpinionAmendment.objects.create(case=case, node=node, **said)
    page = read(phone, case)
    assert "核减面积后同意" in page and node.opinion not in page
