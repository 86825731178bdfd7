"""The case page: what it tells, what it masks, who reaches it; 【查看完整】 and the clock that explains itself."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from accounts.models import AuditEntry, UnmaskLog
from common import clock
from renovation.choices import CaseState
from renovation.models import CaseMember
from tests.factories.accounts import make_user
from tests.factories.people import make_id_number
from tests.factories.renovation import acceptance, make_case, make_draft, make_villager
from tests.renovation.pages import FULL_ID, FULL_PHONE, case_url, hidden, post_step, seen, text_of


@pytest.fixture
def case(world):
    return make_case(world)


def with_member(case) -> CaseMember:
    member = CaseMember(case=case, name="李桂花", relation="10")
    member.id_number = make_id_number("19560812")
    member.save()
    return member


def test_page_tells_what_the_officer_needs(officer, case):
    with_member(case)
    said = seen(officer.get(case_url(case)))
    for words in (
        "我要办理：区县受理",
        "受理·通过 → 待区县认定",
        "受理·不通过 → 不予受理，工单办结",
        "张石山 · 上坝村",
        "未匹配到低收入群体库",
        "云岭省青屏市青溪县石桥镇上坝村",
        "墙体、屋面",
        "李桂花",
        "拍摄时间不详；无位置",
        "该内容将推送至申请人",
        "乡镇街道提交验收",
    ):
        assert words in said
    assert f'data-copy-button="{case.number}"' in text_of(officer.get(case_url(case)))


def test_previous_step_names_office_person_time_result_and_words(world, client):
    review = make_case(world, CaseState.PENDING_REVIEW)
    client.force_login(world.township_officer)
    said = seen(client.get(case_url(review)))
    assert "上一环节：区县认定" in said
    for words in (world.officer.office.name, world.officer.display_name, "D级（严重受损）", "房屋严重受损", "鉴定表"):
        assert words in said


def test_running_notice_asks_the_township_for_nothing(world, client):
    case = make_case(world, CaseState.IN_PUBLICITY)
    client.force_login(world.township_officer)
    page = client.get(case_url(case))
    assert "公示由系统按期结束" in seen(page)
    assert "data-submit>" not in text_of(page)


def test_all_steps_hold_the_answers_of_their_round(world, officer):
    said = seen(officer.get(case_url(make_case(world, CaseState.PENDING_REVIEW))))
    assert "之前是否享受农村危房改造的政策 否" in said
    assert "现住房建造年代 1981-1990年" in said
    assert "按时办理" in said


def test_agent_and_applicant_are_both_named(world, officer):
    villager = make_villager(world.village)
    draft = make_draft(villager, world.village, on_behalf=True, agent_name="赵小河", agent_relation="village_cadre")
    from renovation.actions.moves import perform_move

    case = perform_move(draft, "submit", by=villager).case
    said = seen(officer.get(case_url(case)))
    assert "赵小河（代张石山办理）" in said
    assert "赵小河（村干部）" in said


def test_no_page_of_a_case_holds_a_full_number(world, client, officer):
    cases = [make_case(world, state) for state in CaseState if state != CaseState.DRAFT]
    for case in cases:
        with_member(case)
    for user in (world.officer, world.township_officer, world.cadre, make_user(region=world.regions["990100000000"])):
        client.force_login(user)
        for case in cases:
            for name, more in (("case", ()), ("clock", ()), ("reveal", ("phone",)), ("reveal", ("id_number",))):
                page = text_of(client.get(case_url(case, name, *more)))
                assert not FULL_ID.search(page)
                assert not FULL_PHONE.search(page)


IDS = ("case", "step", "clock")


def test_neighbour_county_and_villager_reach_nothing(world, client, case):
    member = with_member(case)
    urls = [case_url(case, name) for name in IDS]
    urls += [case_url(case, "reveal", "phone"), case_url(case, "reveal_member", member.uid)]
    urls += [case_url(case, "clock_of_step", 1), case_url(case, "upload", "appraisal_files")]
    client.force_login(world.stranger)
    for url in urls:
        assert client.get(url).status_code in (404, 405)
        assert client.post(url).status_code in (404, 405)
    assert client.get(case_url(case)).status_code == 404
    client.force_login(case.claim.account)
    for url in urls:
        assert client.get(url).status_code == 302


def test_other_village_of_the_township_sees_nothing(world, client, case):
    client.force_login(make_user(region=world.regions["990101100202"]))
    assert client.get(case_url(case)).status_code == 404


def test_draft_is_404_for_the_officer(world, officer):
    assert officer.get(case_url(make_case(world, CaseState.DRAFT))).status_code == 404


def test_member_of_another_case_is_404(world, officer, case):
    other = with_member(make_case(world))
    assert officer.get(case_url(case, "reveal_member", other.uid)).status_code == 404


def test_full_number_is_shown_once_for_a_reason_and_logged(world, officer, case):
    url = case_url(case, "reveal", "id_number")
    form = hidden(officer.get(url))
    assert officer.post(url, form).status_code == 422
    assert UnmaskLog.objects.count() == 0
    shown = officer.post(url, {**form, "choice": "核对申请人身份"})
    assert case.applicant_id_number in re.sub(r"<[^>]+>", "", text_of(shown))
    assert shown["Cache-Control"] == "no-store"
    log = UnmaskLog.objects.get()
    assert (log.user, log.field, log.reason) == (world.officer, "applicant_id_number", "核对申请人身份")
    assert AuditEntry.objects.filter(action="unmask").count() == 1
    # Reloading the answer shows nothing and logs nothing.
    again = officer.post(url, {**form, "choice": "核对申请人身份"})
    assert again.status_code == 409
    assert not FULL_ID.search(re.sub(r"<[^>]+>", "", text_of(again)))
    assert UnmaskLog.objects.count() == 1


def test_own_reason_has_to_be_written(officer, case):
    url = case_url(case, "reveal", "phone")
    form = hidden(officer.get(url))
    assert "请填写具体原因" in seen(officer.post(url, {**form, "choice": "其他", "words": " "}))
    assert officer.post(url, {**form, "choice": "其他", "words": "信访回复"}).status_code == 200
    assert UnmaskLog.objects.get().reason == "信访回复"


def test_two_hundred_looks_a_day_are_the_limit(world, officer, case):
    UnmaskLog.objects.bulk_create(
        UnmaskLog(user=world.officer, kind="x", target="x", field="x", reason="x", at=clock.now()) for _ in range(200)
    )
    url = case_url(case, "reveal", "phone")
    page = officer.post(url, {**hidden(officer.get(url)), "choice": "电话联系申请人"})
    assert "今天查看完整信息已达200次" in seen(page)
    assert not FULL_PHONE.search(text_of(page))


def test_unknown_field_is_404(officer, case):
    for what in ("house_address", "password", "applicant_id_number"):
        assert officer.get(case_url(case, "reveal", what)).status_code == 404


def test_clock_counts_every_day_and_says_why(world, client, calendar):
    with clock.freeze(dt.datetime.fromisoformat("2026-09-29T15:00:00+08:00")):
        case = make_case(world)
    client.force_login(world.officer)
    said = seen(client.get(case_url(case, "clock")))
    assert "收到当天不计入" in said
    # The national holidays of 2026 stand between receipt and the third working day.
    assert "国庆节" in said
    assert said.count("不计入") > 7
    for number in ("第1天", "第2天", "第3天"):
        assert number in said
    assert "第4天" not in said
    assert "3个工作日" in said


def test_clock_of_a_step_that_never_was_is_404(officer, case):
    assert officer.get(case_url(case, "clock_of_step", 9)).status_code == 404


def test_breadcrumb_leads_back_to_the_same_list(officer, case):
    page = text_of(officer.get(case_url(case) + "?list=todo&kind=on_time&name=张&evil=1"))
    assert f'href="{reverse("renovation:todo")}?kind=on_time&amp;name=%E5%BC%A0"' in page
    assert "evil" not in page


def test_colleague_who_opened_the_case_first_is_named_for_a_quarter_of_an_hour(world, client, case):
    colleague = make_user(region=world.county, display_name="王建国")
    client.force_login(colleague)
    client.get(case_url(case))
    assert "先提交的有效" not in seen(client.get(case_url(case)))
    client.force_login(world.officer)
    assert "王建国正在办理" in seen(client.get(case_url(case)))
    assert "王建国正在办理" in seen(client.get(reverse("renovation:todo")))
    with clock.freeze(clock.now() + dt.timedelta(minutes=16)):
        assert "王建国正在办理" not in seen(client.get(reverse("renovation:todo")))
        assert "王建国正在办理" not in seen(client.get(case_url(case)))


def test_who_only_reads_holds_nothing(world, client, case):
    client.force_login(world.cadre)
    client.get(case_url(case))
    client.force_login(world.officer)
    assert "先提交的有效" not in seen(client.get(case_url(case)))


def test_hold_ends_with_the_step(world, client, case):
    colleague = make_user(region=world.county, display_name="王建国")
    client.force_login(colleague)
    post_step(client, case, acceptance())
    client.force_login(world.officer)
    assert "王建国正在办理" not in seen(client.get(reverse("renovation:todo")))
