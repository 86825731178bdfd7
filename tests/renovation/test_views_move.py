"""The page behind a button of its own: 回退, 终止 and the others (domain §4.2)."""

import re

import pytest

from accounts.choices import Duty
from renovation.choices import CaseState
from renovation.models import Case, CaseEvent
from renovation.workflow import WORKFLOW
from tests.factories.accounts import make_user
from tests.factories.renovation import make_case, press, take_step
from tests.factories.steps import approval
from tests.renovation.pages import case_url, hidden, seen, text_of

pytestmark = pytest.mark.django_db
WHY = "申请人书面放弃改造"


def state_of(case) -> str:
    return Case.objects.get(pk=case.pk).state


def post_move(client, case, move: str, answers: dict, page=None):
    url = case_url(case, "move", move)
    page = page or client.get(url)
    return client.post(url, {**hidden(page), **answers})


def confirm(client, case, move, page):
    return client.post(case_url(case, "move", move), {**hidden(page), "confirmed": "1"})


def test_case_page_links_to_what_may_be_done_beside_the_form(world, client):
    case = make_case(world, CaseState.PENDING_TOWNSHIP_AUDIT)
    client.force_login(world.township_officer)
    page = text_of(client.get(case_url(case)))
    assert case_url(case, "move", "return_to_review") in page
    assert case_url(case, "move", "terminate") not in page
    client.force_login(world.officer)
    page = text_of(client.get(case_url(case)))
    assert case_url(case, "move", "terminate") in page
    assert case_url(case, "move", "return_to_review") not in page


def test_return_takes_a_reason_and_stands_on_top_of_the_next_page(world, client):
    case = make_case(world, CaseState.PENDING_TOWNSHIP_AUDIT)
    client.force_login(world.township_officer)
    page = client.get(case_url(case, "move", "return_to_review"))
    assert "办理后：待乡镇组织评议，重新计算办理期限" in seen(page)
    empty = post_move(client, case, "return_to_review", {"opinion": ""}, page)
    assert empty.status_code == 422
    assert "请填写意见" in seen(empty)
    answer = post_move(client, case, "return_to_review", {"opinion": "公示照片不清楚"})
    assert answer.status_code == 302
    assert state_of(case) == CaseState.PENDING_REVIEW
    said = seen(client.get(case_url(case)))
    assert "已回退，下一环节：乡镇组织评议" in said
    assert f"回退：{world.township_officer.office.name}，{world.township_officer.display_name}" in said
    assert "公示照片不清楚" in said


def test_approval_returns_to_the_audit(world, officer):
    case = make_case(world, CaseState.PENDING_COUNTY_APPROVAL)
    assert post_move(officer, case, "return_to_audit", {"opinion": "材料不齐全"}).status_code == 302
    assert state_of(case) == CaseState.PENDING_TOWNSHIP_AUDIT
    assert CaseEvent.objects.get(case=case, move="return_to_audit").opinion == "材料不齐全"


@pytest.mark.parametrize("state", [CaseState.PENDING_ACCEPTANCE, CaseState.PENDING_REVIEW, CaseState.IN_PUBLICITY])
def test_county_ends_a_case_wherever_it_waits_after_asking_twice(world, officer, state):
    case = make_case(world, state)
    page = post_move(officer, case, "terminate", {"reason": "given_up", "opinion": WHY})
    assert page.status_code == 200
    said = seen(page)
    for words in ("作“已终止”处理吗", "终止原因 放弃改造", WHY, "确认后：已终止，工单办结。"):
        assert words in said, words
    assert state_of(case) == state
    assert confirm(officer, case, "terminate", page).status_code == 302
    case = Case.objects.get(pk=case.pk)
    assert (case.state, case.termination_reason) == (CaseState.TERMINATED, "given_up")
    assert "终止原因 放弃改造" in seen(officer.get(case_url(case)))


def test_going_back_from_the_confirm_page_keeps_the_words(world, officer):
    case = make_case(world)
    page = post_move(officer, case, "terminate", {"reason": "given_up", "opinion": WHY})
    back = officer.post(case_url(case, "move", "terminate"), {**hidden(page), "edit": "1"})
    assert WHY in text_of(back)
    assert re.search(r'value="given_up"[^>]*checked', text_of(back))
    assert "有内容需要修改" not in seen(back)


def test_same_token_twice_makes_one_move(world, officer):
    case = make_case(world, CaseState.PENDING_COUNTY_APPROVAL)
    page = officer.get(case_url(case, "move", "return_to_audit"))
    answers = [post_move(officer, case, "return_to_audit", {"opinion": "材料不齐全"}, page) for _ in range(2)]
    assert [one.status_code for one in answers] == [302, 302]
    assert CaseEvent.objects.filter(case=case, move="return_to_audit").count() == 1


def test_slower_officer_keeps_the_words(world, officer):
    case = make_case(world, CaseState.PENDING_COUNTY_APPROVAL)
    page = officer.get(case_url(case, "move", "return_to_audit"))
    colleague = make_user(region=world.county, display_name="王建国")
    take_step(case, by=colleague, answers=approval(conclusion="fail", opinion="不符合政策规定"))
    answer = post_move(officer, case, "return_to_audit", {"opinion": "材料不齐全，请补充"}, page)
    assert answer.status_code == 409
    assert "此工单已由王建国于" in seen(answer)
    assert "材料不齐全，请补充" in text_of(answer)
    assert state_of(case) == CaseState.APPROVAL_REJECTED


def test_button_of_a_case_that_moved_on_leads_to_the_case(world, officer):
    case = make_case(world)
    press(case, "terminate", by=world.officer, reason="duplicate")
    assert officer.get(case_url(case, "move", "terminate")).url == case_url(case)


@pytest.mark.parametrize("name", ["withdraw", "accept", "nothing"])
def test_moves_without_a_button_have_no_page(world, officer, name):
    case = make_case(world)
    assert officer.get(case_url(case, "move", name)).status_code == 404
    assert officer.post(case_url(case, "move", name)).status_code == 404


@pytest.mark.parametrize("who", ["cadre", "township_officer"])
def test_others_get_403(world, client, who):
    case = make_case(world)
    client.force_login(getattr(world, who))
    assert client.get(case_url(case, "move", "terminate")).status_code == 403
    assert client.post(case_url(case, "move", "terminate"), {"reason": "given_up"}).status_code == 403
    assert state_of(case) == CaseState.PENDING_ACCEPTANCE


def test_reader_of_the_county_gets_403_and_the_neighbour_404(world, client):
    case = make_case(world)
    client.force_login(make_user(region=world.county, duties=[Duty.READ_ONLY]))
    assert client.get(case_url(case, "move", "terminate")).status_code == 403
    client.force_login(world.stranger)
    assert client.get(case_url(case, "move", "terminate")).status_code == 404


def test_every_move_with_a_form_of_its_own_has_the_page():
    names = {move.name for step in WORKFLOW.steps for move in step.moves if move.form}
    assert names == {"terminate", "uphold_objection", "return_to_review", "return_to_audit", "reopen_review"}


def test_termination_says_what_becomes_of_the_project(world, officer):
    planned = make_case(world, CaseState.PENDING_IMPLEMENTATION)
    assert "改造项目取消" in seen(officer.get(case_url(planned, "move", "terminate")))
    started = make_case(world, CaseState.PENDING_COMPLETION)
    assert "改造项目终止，已有的拨付记录保留" in seen(officer.get(case_url(started, "move", "terminate")))
