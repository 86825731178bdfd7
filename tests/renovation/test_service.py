"""Reminders, the county's answer to a second look, photos asked for, and what the case page shows of it all."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.urls import resolve, reverse

from accounts.models import AuditEntry, Message
from common.clock import freeze, now
from common.errors import Refusal
from config.schedule import EVERY
from renovation import tasks, urls_of
from renovation.actions import service
from renovation.choices import CaseState, Stars
from renovation.models import Case, Rating, SecondLook
from renovation.queries.service import second_looks_waiting
from tests.factories.accounts import make_user
from tests.factories.renovation import make_case, make_villager, press
from tests.renovation.pages import case_url, hidden, seen, text_of

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def villager(world):
    return make_villager(world.village)


@pytest.fixture
def finished(world, villager):
    return make_case(world, CaseState.COMPLETED, villager=villager)


@pytest.fixture
def look(world, villager):
    case = make_case(world, CaseState.REVIEW_FAILED, villager=villager)
    return service.ask_second_look(case=case, by=villager, reason="老房子是弟弟的")


def reminders():
    return Message.objects.filter(kind="N38")


def test_who_has_not_rated_is_reminded_once_after_a_week(finished, villager):
    with freeze(finished.closed_at + WEEK - timedelta(seconds=1)):
        assert service.remind_ratings() == 0
    for hours in (0, 1, 200):
        with freeze(finished.closed_at + WEEK + timedelta(hours=hours)):
            service.remind_ratings()
    told = reminders().get()
    assert told.recipient == villager.claim.uid and finished.number in told.text
    assert told.link == urls_of.for_villager(finished)


def test_nobody_is_reminded_who_has_rated_or_whose_case_ended_otherwise(world, finished, villager):
    service.rate_case(case=finished, by=villager, stars=5)
    make_case(world, CaseState.APPROVAL_REJECTED)
    with freeze(now() + WEEK + timedelta(hours=1)):
        assert service.remind_ratings() == 0
    assert not reminders().exists()


def test_after_a_long_standstill_nobody_is_asked_about_what_is_long_past(finished):
    with freeze(finished.closed_at + timedelta(days=60)):
        assert service.remind_ratings() == 0


def test_reminders_walk_through_every_batch(world, monkeypatch):
    monkeypatch.setattr(service, "BATCH", 1)
    for _ in range(3):
        make_case(world, CaseState.COMPLETED)
    with freeze(now() + WEEK + timedelta(hours=1)):
        assert service.remind_ratings() == 3
    assert reminders().count() == 3


def test_the_timer_calls_it():
    assert "renovation.tasks.remind_ratings" in EVERY and tasks.remind_ratings() == 0


def test_a_cadre_does_not_rate_for_whom_the_application_was_filed(world, finished):
    Case.objects.filter(pk=finished.pk).update(on_behalf=True, filed_by=world.cadre)
    with pytest.raises(Refusal, match="只有申请人本人"):
        service.rate_case(case=finished, by=world.cadre, stars=5)
    assert not Rating.objects.exists()


def test_a_low_rating_without_a_reason_is_refused_by_the_action_too(finished, villager):
    with pytest.raises(Refusal, match="不满意的原因"):
        service.rate_case(case=finished, by=villager, stars=Stars.BAD, reason="  ")


def test_the_case_page_shows_the_rating_with_its_reason(finished, villager, officer):
    service.rate_case(case=finished, by=villager, stars=1, reason="等了太久", comment="房子还行")
    page = seen(officer.get(case_url(finished)))
    assert "非常不满意" in page and "等了太久" in page and "房子还行" in page
    assert AuditEntry.objects.get(action="case.rated").changes == {"stars": 1}


def test_the_desk_lists_what_waits_for_an_answer(world, look, officer, client):
    page = officer.get(reverse("workbench:home"))
    assert "待答复的复核申请（1）" in seen(page) and urls_of.for_second_look(look.case) in text_of(page)
    others = (world.township_officer, world.stranger, make_user("county", region=world.county, duties=["read_only"]))
    for user in others:
        assert not second_looks_waiting(user).exists()
        client.force_login(user)
        assert "待答复的复核申请" not in seen(client.get(reverse("workbench:home")))


def test_keeping_the_result_is_told_to_the_applicant_and_ends_it(world, look, villager, officer):
    url = case_url(look.case, "second_look")
    page = officer.get(url)
    assert "老房子是弟弟的" in seen(page) and "家中另有安全住房" in seen(page)
    answer = {**hidden(page), "opinion": "已入户核实，维持原结果"}
    for _ in range(2):
        assert officer.post(url, answer).status_code == 302
    look.refresh_from_db()
    assert (look.is_granted, look.answer, look.closed_by) == (False, "已入户核实，维持原结果", world.officer)
    told = Message.objects.get(kind="A04")
    assert told.recipient == villager.claim.uid and "维持" in told.text and "已入户核实" in told.text
    assert Case.objects.get(pk=look.case_id).state == CaseState.REVIEW_FAILED
    assert "维持评议不通过" in seen(officer.get(url)) and "待答复" not in seen(officer.get(reverse("workbench:home")))


def test_an_answer_needs_words(look, officer):
    url = case_url(look.case, "second_look")
    answer = officer.post(url, {**hidden(officer.get(url)), "opinion": "。。。"})
    assert answer.status_code == 422 and SecondLook.objects.get().closed_at is None


def test_agreeing_leads_to_the_page_of_the_move(look, officer):
    move = case_url(look.case, "move", "reopen_review")
    assert move in text_of(officer.get(case_url(look.case, "second_look")))
    assert officer.get(move).status_code == 200


def test_agreeing_closes_the_request_with_the_move(world, look, villager):
    case = press(look.case, "reopen_review", by=world.officer, opinion="请重新入户")
    assert case.state == CaseState.PENDING_REVIEW
    look.refresh_from_db()
    assert look.is_granted and look.answer == "请重新入户" and look.closed_by == world.officer
    told = Message.objects.get(kind="A04")
    assert told.recipient == villager.claim.uid and "重新组织评议" in told.text
    with pytest.raises(Refusal, match="已经答复"):
        service.refuse_second_look(second_look=look, by=world.officer, answer="维持")


@pytest.mark.parametrize("who", ["township_officer", "cadre"])
def test_only_the_county_answers(world, look, client, who):
    with pytest.raises(Refusal, match="没有办理此环节的权限"):
        service.refuse_second_look(second_look=look, by=getattr(world, who), answer="维持")
    client.force_login(getattr(world, who))
    assert client.get(case_url(look.case, "second_look")).status_code == 403


def test_a_case_without_a_request_has_no_such_page(world, officer):
    assert officer.get(case_url(make_case(world), "second_look")).status_code == 404


def test_the_officer_asks_for_photos_from_the_case_page(world, villager, officer):
    case = make_case(world, villager=villager)
    url = case_url(case, "ask_photos")
    assert url in text_of(officer.get(case_url(case)))
    page = officer.get(url)
    assert officer.post(url, {**hidden(page), "words": " "}).status_code == 422
    assert officer.post(url, {**hidden(page), "words": "请拍清楚北墙裂缝"}).url == case_url(case)
    node = case.nodes.get()
    assert node.photo_request == "请拍清楚北墙裂缝" and node.photos_requested_at
    page = seen(officer.get(case_url(case)))
    assert "请拍清楚北墙裂缝" in page and "等待上传" in page and "再请申请人补充照片" in page
    assert AuditEntry.objects.filter(action="case.photos_requested").count() == 1


def test_nobody_asks_for_photos_whose_step_it_is_not(world, client):
    case = make_case(world)
    client.force_login(world.township_officer)
    assert client.get(case_url(case, "ask_photos")).status_code == 403
    assert case_url(case, "ask_photos") not in text_of(client.get(case_url(case)))
    with pytest.raises(Refusal):
        service.request_photos(case=case, by=world.township_officer, words="请拍照")
    with pytest.raises(Refusal):
        service.request_photos(case=make_case(world, CaseState.WITHDRAWN), by=world.officer, words="请拍照")


def test_the_addresses_in_messages_lead_somewhere(world):
    case = make_case(world)
    for address in (urls_of.for_agent, urls_of.for_second_look, urls_of.for_villager, urls_of.for_staff):
        assert resolve(address(case)).kwargs["uid"] == case.uid


@pytest.mark.django_db(transaction=True)
def test_two_timers_at_once_remind_once(transactional_db):
    from tests.factories.renovation import make_world

    finished = make_case(make_world(), CaseState.COMPLETED)

    def run(_):
        from django.db import connection

        try:
            with freeze(finished.closed_at + WEEK + timedelta(hours=1)):
                return service.remind_ratings()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(run, range(4))) == 1
    assert reminders().count() == 1
