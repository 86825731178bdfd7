"""我的申请: list, progress page in every state, 撤回 (domain §3.6, reliability §5.2)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Message
from common.clock import freeze, now
from common.masking import mask_id_number
from common.templatetags.anju import cn_date
from renovation.actions.moves import perform_move
from renovation.choices import JOURNEY, CaseState
from renovation.models import Case
from tests.applicants.conftest import browser_of
from tests.applicants.test_wizard import token_in
from tests.factories.renovation import acceptance, make_case, make_draft, make_villager, take_step

pytestmark = pytest.mark.django_db

SAID = {
    CaseState.PENDING_ACCEPTANCE: "正在受理，最迟",
    CaseState.PENDING_APPRAISAL: "正在认定（鉴定房屋），最迟",
    CaseState.PENDING_REVIEW: "正在组织评议，最迟",
    CaseState.IN_PUBLICITY: "您的申请正在村里公示，公示到",
    CaseState.PENDING_TOWNSHIP_AUDIT: "正在审核，最迟",
    CaseState.PENDING_COUNTY_APPROVAL: "正在审批，最迟",
    CaseState.PENDING_IMPLEMENTATION: "正在安排您家房屋开工，最迟",
    CaseState.PENDING_COMPLETION: "正在组织您家房屋改造，最迟",
    CaseState.PENDING_FINAL_INSPECTION: "正在验收您家房屋，最迟",
    CaseState.COMPLETED: "改造通过验收，这份申请已办结",
    CaseState.NOT_ACCEPTED: "没有被受理",
    CaseState.APPRAISAL_FAILED: "不属于危房改造范围",
    CaseState.REVIEW_FAILED: "您的申请评议没有通过，乡镇（街道）已审核确认",
    CaseState.APPROVAL_REJECTED: "区县没有批准您的申请",
    CaseState.WITHDRAWN: "您已撤回这份申请",
    CaseState.TERMINATED: "您的申请已终止",
}


def detail(case):
    return reverse("applicants:case", args=[case.uid])


@pytest.mark.parametrize("state", [one for one in CaseState.values if one != CaseState.DRAFT])
def test_every_state_has_its_sentence_and_timeline(world, villager, phone, state):
    case = make_case(world, state, villager=villager)
    page = phone.get(detail(case)).content.decode()
    assert SAID[state] in page
    assert "群众申请" in page and "tel:0999-1234567" in page
    assert case.applicant_id_number not in page and mask_id_number(case.applicant_id_number) in page
    today = now()
    if case.is_open:
        assert all(title in page for title in JOURNEY) and "公示" in page and "再次申请" not in page
    else:
        assert f"{today.year}年{today.month}月{today.day}日，" in page
        assert ("再次申请" in page) == (state != CaseState.COMPLETED)


def test_a_late_office_is_not_hidden(world, villager, phone):
    case = make_case(world, villager=villager)
    node = case.nodes.get()
    with freeze(node.due_at):
        page = phone.get(detail(case)).content.decode()
    assert "现在已超过" in page and f"原定{cn_date(node.due_on)}" in page
    with freeze(node.due_at - timedelta(seconds=1)):
        page = phone.get(detail(case)).content.decode()
    assert f"正在受理，最迟 {cn_date(node.due_on)}答复" in page


def test_a_date_without_next_years_calendar_says_it_is_provisional(world, villager, phone):
    case = make_case(world, villager=villager)
    case.nodes.update(is_provisional=True)
    assert "（暂定）" in phone.get(detail(case)).content.decode()
    assert "（暂定）" in phone.get(reverse("applicants:done", args=[case.uid])).content.decode()


def test_refusal_shows_reason_and_what_can_be_done(world, villager, phone):
    case = take_step(
        make_case(world, villager=villager),
        by=world.officer,
        answers=acceptance(conclusion="fail", opinion="房屋不在本项政策范围内"),
    )
    page = phone.get(detail(case)).content.decode()
    assert "原因" in page and "房屋不在本项政策范围内" in page and "可以再次申请" in page
    assert phone.get(reverse("applicants:apply")).url == reverse("applicants:notice")


def test_opinion_of_each_step_is_shown_to_the_applicant(world, villager, phone):
    case = take_step(make_case(world, villager=villager), by=world.officer, answers=acceptance(opinion="材料齐全"))
    page = phone.get(detail(case)).content.decode()
    assert "材料齐全" in page and world.officer.office.name in page


@pytest.mark.parametrize(("tab", "count"), [("open", 1), ("finished", 2)])
def test_tabs_count_what_they_list(world, villager, phone, tab, count):
    for state in (CaseState.WITHDRAWN, CaseState.NOT_ACCEPTED, CaseState.PENDING_ACCEPTANCE):
        make_case(world, state, villager=villager)
    page = phone.get(f"{reverse('applicants:cases')}?tab={tab}").content.decode()
    assert page.count('class="card"') == count
    assert "处理中（1）" in page and "已完成（2）" in page
    assert villager.claim.id_number not in page and villager.phone not in page


def test_empty_list_says_what_to_do(phone):
    page = phone.get(reverse("applicants:cases")).content.decode()
    assert "没有正在办理的申请" in page and "去申请" in page


def test_draft_stands_on_top_and_on_the_home_page(world, villager, phone):
    make_draft(villager, world.village)
    for name in ("cases", "home"):
        assert "继续填写上次的申请" in phone.get(reverse(f"applicants:{name}")).content.decode()


def test_draft_of_somebody_else_stands_nowhere(world, villager):
    make_draft(villager, world.village)
    neighbour = browser_of(make_villager(world.village))
    for name in ("cases", "home", "apply"):
        assert "继续填写上次的申请" not in neighbour.get(reverse(f"applicants:{name}"), follow=True).content.decode()


def test_withdraw_asks_on_its_own_page_and_happens_once(world, villager, phone):
    case = make_case(world, villager=villager)
    withdraw = reverse("applicants:withdraw", args=[case.uid])
    page = phone.get(withdraw)
    assert "不能恢复" in page.content.decode()
    token = token_in(page)
    for _ in range(2):
        assert phone.post(withdraw, {"submit_token": token}).url == detail(case)
    assert Case.objects.get().state == CaseState.WITHDRAWN
    assert Message.objects.filter(recipient=villager.claim.uid, kind="N06").count() == 1


def test_withdraw_is_refused_once_the_county_has_accepted(world, villager, phone):
    case = make_case(world, villager=villager)
    withdraw = reverse("applicants:withdraw", args=[case.uid])
    token = token_in(phone.get(withdraw))
    take_step(case, by=world.officer, answers=acceptance())
    assert phone.get(withdraw).url == detail(case)
    page = phone.post(withdraw, {"submit_token": token}, follow=True).content.decode()
    assert "不能进行此操作" in page and "撤回这份申请" not in page
    assert Case.objects.get().state == CaseState.PENDING_APPRAISAL


@pytest.mark.parametrize("name", ["case", "withdraw", "done"])
def test_strangers_find_nothing(world, villager, name):
    case = make_case(world, villager=villager)
    path = reverse(f"applicants:{name}", args=[case.uid])
    assert browser_of(make_villager(world.village)).get(path).status_code == 404
    # Officers have pages of their own; these are behind the villagers' door.
    assert browser_of(world.officer).get(path).status_code == 302


def test_unread_messages_show_as_a_number_in_words(world, villager, phone):
    make_case(world, villager=villager)
    page = phone.get(reverse("applicants:home")).content.decode()
    assert "未读消息" in page
    Message.objects.filter(recipient=villager.claim.uid).update(read_at="2026-01-01T00:00Z")
    assert "未读消息" not in phone.get(reverse("applicants:home")).content.decode()


def test_what_a_cadre_filed_is_seen_by_the_proven_person(world, villager, phone):
    from tests.applicants.test_filing import agent_draft

    case = agent_draft(browser_of(world.cadre))
    source = make_draft(villager, world.village)
    for name in ("applicant_name", "applicant_id_number", "applicant_phone", "house_address", "residence_region",
                 "residence_address", "registered_region", "registered_address", "risk_parts"):  # fmt: skip
        setattr(case, name, getattr(source, name))
    case.bind_region(world.village)
    case.save()
    source.delete()
    from tests.factories.renovation import attach_photo

    attach_photo(case, by=world.cadre)
    perform_move(case, "submit", by=world.cadre)
    assert "代办" in phone.get(detail(case)).content.decode()


def test_the_list_costs_the_same_for_one_and_for_twenty(world, villager, phone):
    counts = []
    phone.get(reverse("applicants:cases"))  # the first visit also writes the session
    for more in (1, 19):
        for _ in range(more):
            make_case(world, CaseState.WITHDRAWN, villager=villager)
        with CaptureQueriesContext(connection) as queries:
            page = phone.get(f"{reverse('applicants:cases')}?tab=finished").content.decode()
        counts.append(len(queries))
    assert page.count('class="card"') == 20 and counts[0] == counts[1]
