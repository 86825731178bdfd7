"""待办, 已办 and 工单查询 as domain §4.3 describes them: who sees which rows, in which order, how late, how many."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.choices import Duty
from common import clock
from regions import names
from renovation.choices import CaseState
from renovation.models import Case, CaseNode
from tests.factories.accounts import make_user
from tests.factories.renovation import acceptance, make_case, make_villager, take_step
from tests.renovation.pages import FULL_ID, FULL_PHONE, numbers, seen, table_rows, text_of

TODO, DONE, SEARCH = (reverse(f"renovation:{name}") for name in ("todo", "done", "search"))
MOST_QUERIES = 12


def at(day: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{day}T09:00:00+08:00")


def make_late(case, *, mark: bool = True):
    """Let the present step's limit have passed two days ago, as the timer would find it."""
    past = clock.now().replace(hour=0, minute=0, second=0, microsecond=0) - dt.timedelta(days=1)
    Case.objects.filter(pk=case.pk).update(due_at=past, is_overdue=mark)
    CaseNode.objects.filter(case=case, handled_at=None).update(due_at=past, is_overdue=mark)
    return case


def test_todo_lists_what_waits_for_the_office_most_urgent_first(world, officer):
    with clock.freeze(at("2026-03-04")):
        second = make_case(world)
    with clock.freeze(at("2026-03-02")):
        first = make_case(world)
    third = make_case(world, CaseState.PENDING_APPRAISAL)
    make_case(world, CaseState.PENDING_REVIEW)
    make_case(world, CaseState.NOT_ACCEPTED)
    page = officer.get(TODO)
    assert numbers(page) == [first.number, second.number, third.number]
    assert "待办（3）" in seen(page)


def test_todo_of_the_township_is_only_its_own_step(world, client):
    make_case(world)
    review = make_case(world, CaseState.PENDING_REVIEW)
    client.force_login(world.township_officer)
    page = client.get(TODO)
    assert numbers(page) == [review.number]
    assert "待乡镇组织评议" in seen(page)


def test_todo_is_empty_for_an_account_that_does_not_decide(world, client):
    make_case(world)
    client.force_login(make_user(region=world.county, duties=[Duty.ENTRY]))
    page = client.get(TODO, follow=True)
    assert page.redirect_chain == [(SEARCH, 302)]


def test_todo_of_the_neighbour_county_shows_nothing(world, client):
    make_case(world)
    client.force_login(world.stranger)
    assert numbers(client.get(TODO)) == numbers(client.get(SEARCH)) == []


def test_time_left_is_said_in_words(world, client, calendar):
    def to_do_on(day):
        with clock.freeze(at(day)):
            # A session of days ago has timed out.
            client.logout()
            client.force_login(world.officer)
            return client.get(TODO)

    # Received on Monday, due on Thursday.
    with clock.freeze(at("2026-03-02")):
        make_case(world)
    assert "剩3个工作日" in seen(to_do_on("2026-03-02"))
    assert "今天到期" in seen(to_do_on("2026-03-05"))
    late = to_do_on("2026-03-08")
    assert "超时3天" in seen(late)
    assert "tag--danger" in text_of(late)


def test_due_date_without_a_calendar_is_marked_provisional(world, officer):
    make_case(world)
    assert "暂定" in seen(officer.get(TODO))


def test_late_filter_follows_the_column_and_its_count_is_its_rows(world, officer):
    late, fresh = make_late(make_case(world)), make_case(world)
    assert numbers(officer.get(TODO, {"kind": "late"})) == [late.number]
    assert numbers(officer.get(TODO, {"kind": "on_time"})) == [fresh.number]
    assert "共1条" in seen(officer.get(TODO, {"kind": "late"}))
    assert numbers(officer.get(TODO)) == [late.number, fresh.number]


def test_state_filter_offers_only_the_states_of_this_level(world, officer, client):
    accept, appraise = make_case(world), make_case(world, CaseState.PENDING_APPRAISAL)
    page = officer.get(TODO, {"state": "pending_appraisal"})
    assert numbers(page) == [appraise.number]
    assert "待乡镇组织评议" not in text_of(page)
    # A state of another level is no filter at all.
    assert len(numbers(officer.get(TODO, {"state": "pending_review"}))) == 2
    assert numbers(officer.get(TODO, {"state": "pending_acceptance"})) == [accept.number]


@pytest.mark.parametrize(("asked", "found"), [("张", 2), ("石山", 1), ("山", 1), ("张石山", 1), ("山石", 0), ("王", 0)])
def test_name_search_is_fuzzy(world, officer, asked, found):
    for name in ("张石山", "张小花", "李四"):
        make_case(world, villager=make_villager(world.village, name))
    assert len(numbers(officer.get(TODO, {"name": asked}))) == found


def test_name_search_takes_wildcards_and_signs_as_letters(world, officer):
    make_case(world)
    for asked in ("%", "_", "' OR 1=1", "\\", "张%"):
        assert numbers(officer.get(TODO, {"name": asked})) == []


def test_filters_stay_in_the_page_and_in_every_link(world, officer):
    make_case(world)
    page = text_of(officer.get(TODO, {"kind": "on_time", "name": "张"}))
    assert '<option value="on_time" selected' in page
    assert 'value="张"' in page
    assert re.search(r"/staff/cases/[0-9a-f-]{36}/\?list=todo&amp;kind=on_time&amp;name=", page)


def test_done_is_what_the_office_handled_latest_application_first(world, officer):
    with clock.freeze(at("2026-03-02")):
        old = make_case(world, CaseState.NOT_ACCEPTED)
    with clock.freeze(at("2026-03-09")):
        new = make_case(world, CaseState.PENDING_APPRAISAL)
    make_case(world)
    page = officer.get(DONE)
    assert numbers(page) == [new.number, old.number]
    assert numbers(officer.get(DONE, {"state": "flowing"})) == [new.number]
    # 已办结 includes the negative ends.
    assert numbers(officer.get(DONE, {"state": "closed"})) == [old.number]


def test_done_marks_a_case_in_which_any_step_was_late(world, officer):
    late, fine = make_late(make_case(world)), make_case(world)
    for case in (late, fine):
        take_step(case, by=world.officer, answers=acceptance())
    page = officer.get(DONE, {"kind": "late"})
    assert numbers(page) == [late.number]
    assert "超时" in table_rows(page)[0]
    assert numbers(officer.get(DONE, {"kind": "on_time"})) == [fine.number]


def test_search_shows_the_region_read_only(world, client):
    case = make_case(world)
    far = make_case(world, village=world.regions["990101200201"])
    client.force_login(world.cadre)
    assert numbers(client.get(SEARCH)) == [case.number]
    assert "办理</a>" not in text_of(client.get(SEARCH))
    client.force_login(make_user(region=world.regions["990100000000"]))
    assert set(numbers(client.get(SEARCH))) == {case.number, far.number}
    assert "石桥镇上坝村" in seen(client.get(SEARCH))


def test_ministry_sees_masked_names(world, client):
    make_case(world)
    client.force_login(make_user("ministry", region=world.regions["000000000000"]))
    page = seen(client.get(SEARCH))
    assert "张*山" in page
    assert "张石山" not in page


def test_drafts_stand_in_no_list(world, officer):
    make_case(world, CaseState.DRAFT)
    for url in (TODO, DONE, SEARCH):
        assert numbers(officer.get(url)) == []


def test_empty_list_says_why_and_what_to_do(world, officer):
    assert "新的申请或转来的环节会出现在这里" in seen(officer.get(TODO))
    assert "可以点“重置”看全部工单" in seen(officer.get(TODO, {"name": "无"}))


def test_pages_hold_every_row_once_in_order(world, officer, monkeypatch):
    monkeypatch.setattr("renovation.views.lists.PAGE_SIZE", 2)
    made = [make_case(world).number for _ in range(5)]
    found, first_numbers, page = [], [], officer.get(TODO)
    while True:
        found += numbers(page)
        first_numbers.append(int(table_rows(page)[0].split()[0]))
        onward = re.search(r'href="([^"]+)" rel="next"', text_of(page))
        if not onward:
            break
        page = officer.get(TODO + onward[1].replace("&amp;", "&"))
    assert found == made
    assert first_numbers == [1, 3, 5]
    back = re.search(r'href="([^"]+)" rel="prev"', text_of(page))[1].replace("&amp;", "&")
    assert numbers(officer.get(TODO + back)) == made[2:4]


def test_cursor_from_elsewhere_gives_the_first_page(world, officer):
    case = make_case(world)
    for cursor in ("x", "AAAA", "é", "0" * 500):
        assert numbers(officer.get(TODO, {"p": cursor, "n": "abc"})) == [case.number]


@pytest.mark.parametrize("url", [TODO, SEARCH, DONE, reverse("workbench:home")])
def test_twenty_rows_cost_as_many_queries_as_one(world, officer, calendar, url):
    def queries() -> int:
        # Names of places are remembered for a while; here they never are.
        names.forget()
        with CaptureQueriesContext(connection) as captured:
            assert officer.get(url).status_code == 200
        return len(captured)

    def add(number):
        villages = ("990101100201", "990101100202", "990101200201")
        case = make_case(world, village=world.regions[villages[number % 3]])
        if url == DONE:
            take_step(case, by=world.officer, answers=acceptance())

    add(0)
    officer.get(url)
    one = queries()
    for number in range(1, 20):
        add(number)
    assert queries() <= one <= MOST_QUERIES


def test_lists_hold_no_full_number(world, officer):
    for state in (CaseState.PENDING_ACCEPTANCE, CaseState.PENDING_APPRAISAL, CaseState.NOT_ACCEPTED):
        case = make_case(world, state)
        assert FULL_ID.search(case.applicant_id_number)
        assert FULL_PHONE.search(case.applicant_phone)
    for url in (TODO, DONE, SEARCH, reverse("workbench:home"), reverse("workbench:claims")):
        page = text_of(officer.get(url))
        assert not FULL_ID.search(page)
        assert not FULL_PHONE.search(page)


def test_count_stops_at_the_cap(world, officer, monkeypatch):
    monkeypatch.setattr("common.paging.COUNT_CAP", 2)
    for _ in range(3):
        make_case(world)
    page = seen(officer.get(TODO))
    assert "待办（2+）" in page
    assert "共2+条" in page
