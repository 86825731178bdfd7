"""One view for every step: what it takes, what it refuses, and that nothing typed is ever lost (F05, F06)."""

import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.choices import Duty
from common import clock
from households.models import Attachment
from renovation.choices import CaseState, Slot
from renovation.models import Case, CaseEvent
from tests.factories.accounts import make_user
from tests.factories.people import photo_bytes
from tests.factories.renovation import acceptance, appraisal, attach_appraisal, make_case, make_villager, take_step
from tests.renovation.pages import case_url, confirm, hidden, post_step, seen, text_of

TODO = reverse("renovation:todo")
WORDS = "房屋在去年雨季以后再次成为危房，情况属实，同意受理。"


def state_of(case) -> str:
    return Case.objects.get(pk=case.pk).state


@pytest.fixture
def case(world):
    return make_case(world)


def test_accepting_leads_to_the_next_case_of_the_list(world, officer, case):
    following = make_case(world)
    answer = post_step(officer, case, acceptance(), query="?list=todo&kind=on_time")
    assert answer.status_code == 302
    assert answer.url == case_url(following) + "?list=todo&kind=on_time"
    assert "已受理，下一环节：区县认定" in seen(officer.get(answer.url))
    assert state_of(case) == CaseState.PENDING_APPRAISAL


def test_next_case_is_the_one_below_and_at_the_end_the_first(world, officer, case):
    second, third = make_case(world), make_case(world)
    query = "?list=todo&state=pending_acceptance"
    assert case_url(third) in post_step(officer, second, acceptance(), query=query).url
    assert case_url(case) in post_step(officer, third, acceptance(), query=query).url


def test_after_the_last_case_comes_the_list(world, officer):
    only = make_case(world, villager=make_villager(world.village, "欧阳春兰"))
    answer = post_step(officer, only, acceptance(), query="?name=欧阳")
    assert answer.url == TODO


def test_form_asks_yes_and_no_without_a_default(officer, case):
    page = text_of(officer.get(case_url(case)))
    for name in ("had_policy", "is_low_income"):
        assert page.count(f'type="radio" name="{name}"') == 2
    assert "checked" not in page


def test_known_category_is_suggested(world, officer):
    villager = make_villager(world.village)
    known = make_case(world, villager=villager)
    take_step(known, by=world.officer, answers=acceptance())
    Case.objects.filter(pk=known.pk).update(state=CaseState.NOT_ACCEPTED, office=None, due_at=None)
    page = text_of(officer.get(case_url(make_case(world, villager=villager))))
    assert re.search(r'name="is_low_income" value="true"[^>]*checked', page)
    assert "低收入群体" in page


def test_missing_answers_are_named_and_typed_ones_kept(officer, case):
    page = post_step(
        officer, case, {"conclusion": "fail", "opinion": "", "had_policy": "true", "policy_amount": "1,2000元"}
    )
    assert page.status_code == 422
    said = seen(page)
    for sentence in ("请填写意见", "请填写享受政策时间", "请选择是否为县"):
        assert sentence in said
    assert re.search(r'name="conclusion" value="fail"[^>]*checked', text_of(page))
    assert 'value="12000"' in text_of(page)
    assert text_of(page).startswith("<!DOCTYPE html>")
    assert "<title>错误：" in text_of(page)
    assert state_of(case) == CaseState.PENDING_ACCEPTANCE


@pytest.mark.parametrize(
    ("answers", "is_taken"),
    [
        ({}, True),
        ({"opinion": ""}, True),
        ({"is_low_income": "false", "opinion": ""}, False),
        ({"is_low_income": "false"}, True),
        ({"had_policy": "true", "policy_date": "2015-03", "policy_amount": "8000", "reentry_reason": "地震"}, True),
        ({"had_policy": "true", "policy_date": "2015-03", "policy_amount": "8000", "reentry_reason": ""}, False),
        ({"had_policy": "true", "policy_date": "2099-03", "policy_amount": "8000", "reentry_reason": "地震"}, False),
        ({"had_policy": "true", "policy_date": "2015-03", "policy_amount": "0", "reentry_reason": "地震"}, False),
        ({"opinion": "，。！ "}, False),
        ({"opinion": "字" * 1001}, False),
    ],
)
def test_conditional_rules_of_acceptance(officer, case, answers, is_taken):
    answer = post_step(officer, case, acceptance(**answers))
    assert (answer.status_code == 302) == is_taken
    assert (state_of(case) == CaseState.PENDING_APPRAISAL) == is_taken


def test_hidden_answers_are_not_stored(officer, case):
    post_step(officer, case, acceptance(policy_date="2015-03", policy_amount="8000", reentry_reason="地震"))
    case = Case.objects.get(pk=case.pk)
    assert (case.policy_date, case.policy_amount, case.reentry_reason) == (None, None, "")


def test_refusal_is_asked_once_more_with_the_words_the_villager_reads(officer, case):
    page = post_step(officer, case, acceptance(conclusion="fail", opinion="不属于本项政策范围\n请联系村委会"))
    assert page.status_code == 200
    said = seen(page)
    assert "确认对张石山的申请作“不予受理”处理吗" in said
    assert "不属于本项政策范围" in said
    assert state_of(case) == CaseState.PENDING_ACCEPTANCE
    assert confirm(officer, case, page).status_code == 302
    assert state_of(case) == CaseState.NOT_ACCEPTED
    assert CaseEvent.objects.get(case=case, move="refuse").opinion == "不属于本项政策范围\n请联系村委会"


def test_going_back_from_the_confirm_page_keeps_the_words(officer, case):
    page = post_step(officer, case, acceptance(conclusion="fail", opinion=WORDS))
    back = officer.post(case_url(case, "step"), {**hidden(page), "edit": "1"})
    assert WORDS in text_of(back)
    assert re.search(r'name="conclusion" value="fail"[^>]*checked', text_of(back))
    assert "有内容需要修改" not in seen(back)


def test_same_token_twice_makes_one_move(officer, case):
    page = officer.get(case_url(case))
    first = post_step(officer, case, acceptance(), page=page)
    second = post_step(officer, case, acceptance(), page=page)
    assert first.status_code == second.status_code == 302
    assert CaseEvent.objects.filter(case=case, move="accept").count() == 1
    assert "已受理" in seen(officer.get(second.url))


def test_post_without_a_token_keeps_the_words_and_does_nothing(officer, case):
    page = officer.get(case_url(case))
    fields = {**hidden(page), "submit_token": ""}
    answer = officer.post(case_url(case, "step"), {**fields, **acceptance(opinion=WORDS)})
    assert answer.status_code == 409
    assert "页面已过期" in seen(answer)
    assert WORDS in text_of(answer)
    assert state_of(case) == CaseState.PENDING_ACCEPTANCE


def test_token_of_another_case_is_worth_nothing(world, officer, case):
    other = make_case(world)
    foreign = {**hidden(officer.get(case_url(other))), "version": str(case.version)}
    assert officer.post(case_url(case, "step"), {**foreign, **acceptance()}).status_code == 409
    assert state_of(case) == CaseState.PENDING_ACCEPTANCE


def test_slower_officer_is_told_who_and_when_and_keeps_the_words(world, officer, case):
    page = officer.get(case_url(case))
    colleague = make_user(region=world.county, display_name="王建国")
    take_step(case, by=colleague, answers=acceptance())
    moment = f"{clock.now():%H:%M}"
    answer = post_step(officer, case, acceptance(conclusion="fail", opinion=WORDS), page=page)
    assert answer.status_code == 409
    said = seen(answer)
    assert f"此工单已由王建国于{moment}办理" in said
    assert WORDS in text_of(answer)
    assert "您刚才填写的内容" in said
    assert state_of(case) == CaseState.PENDING_APPRAISAL
    # The next step is this office's too: its own empty form stands on the page.
    assert 'name="grade"' in text_of(answer)


def test_words_survive_when_the_applicant_withdraws_meanwhile(officer, case):
    from renovation.actions.moves import perform_move

    page = officer.get(case_url(case))
    villager = case.claim.account
    from households.middleware import scope_of

    villager.act_as(scope_of(case.claim))
    perform_move(case, "withdraw", by=villager)
    answer = post_step(officer, case, acceptance(opinion=WORDS), page=page)
    assert answer.status_code == 409
    assert WORDS in text_of(answer)
    assert "已撤回" in seen(answer)


def test_spouse_of_the_same_household_cannot_be_accepted_twice(world, officer):
    first, second = make_villager(world.village, "张石山"), make_villager(world.village, "李桂花")
    theirs, hers = make_case(world, villager=first), make_case(world, villager=second)
    theirs = take_step(theirs, by=world.officer, answers=acceptance())
    from households.actions.ledger import add_member, find_or_create_person

    wife = find_or_create_person(by=world.officer, name="李桂花", id_number=hers.applicant_id_number)
    add_member(by=world.officer, household=theirs.household, person=wife, relation="10")
    answer = post_step(officer, hers, acceptance(opinion=WORDS))
    assert answer.status_code == 409
    assert "已有正在办理的工单，不能重复受理" in seen(answer)
    assert WORDS in text_of(answer)
    assert state_of(hers) == CaseState.PENDING_ACCEPTANCE


@pytest.mark.parametrize("who", ["cadre", "township_officer"])
def test_who_does_not_own_the_step_gets_403_and_no_form(world, client, case, who):
    client.force_login(getattr(world, who))
    page = client.get(case_url(case))
    assert page.status_code == 200
    assert "我要办理" not in seen(page)
    fields = {"version": case.version, "state": case.state, "submit_token": token_for(getattr(world, who), case)}
    assert client.post(case_url(case, "step"), {**fields, **acceptance()}).status_code == 403
    assert state_of(case) == CaseState.PENDING_ACCEPTANCE


def token_for(user, case) -> str:
    from accounts.actions.submissions import issue_token

    return issue_token(user, f"step:{case.uid}")


def test_officer_without_the_duty_gets_403(world, client, case):
    reader = make_user(region=world.county, duties=[Duty.READ_ONLY])
    client.force_login(reader)
    fields = {"version": case.version, "state": case.state, "submit_token": token_for(reader, case)}
    assert client.post(case_url(case, "step"), {**fields, **acceptance()}).status_code == 403


@pytest.fixture
def at_appraisal(world):
    return make_case(world, CaseState.PENDING_APPRAISAL)


def upload(client, case, data: bytes = b"", name: str = "sheet.jpg", kind: str = "image/jpeg", **more):
    file = SimpleUploadedFile(name, data or photo_bytes(7, (900, 1200)), kind)
    headers = {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest", "HTTP_ACCEPT": "application/json"}
    fields = {"file": file, "client_id": str(uuid4()), "slot": Slot.APPRAISAL, **more}
    return client.post(case_url(case, "upload", Slot.APPRAISAL), fields, **headers)


def test_appraisal_without_a_sheet_is_refused_and_nothing_lost(officer, at_appraisal):
    page = post_step(officer, at_appraisal, appraisal(opinion=WORDS))
    assert page.status_code == 422
    assert "请上传鉴定表" in seen(page)
    assert WORDS in text_of(page)
    assert 'href="#slot-appraisal_files-file"' in text_of(page)


def test_sheet_uploaded_then_graded_d_goes_to_the_township(world, officer, at_appraisal):
    answer = upload(officer, at_appraisal).json()
    assert answer["ok"] is True
    assert answer["number"] == 1
    assert post_step(officer, at_appraisal, appraisal()).status_code == 302
    case = Case.objects.get(pk=at_appraisal.pk)
    assert case.state == CaseState.PENDING_REVIEW
    assert case.office == world.township_officer.office


def test_same_file_sent_twice_is_one_row(officer, at_appraisal):
    token = str(uuid4())
    first, second = upload(officer, at_appraisal, client_id=token), upload(officer, at_appraisal, client_id=token)
    assert first.json()["uid"] == second.json()["uid"]
    assert Attachment.objects.filter(owner_uid=at_appraisal.uid, slot=Slot.APPRAISAL).count() == 1


def test_wrong_file_is_refused_in_words(officer, at_appraisal):
    answer = upload(officer, at_appraisal, b"MZ\x90 not a paper", "setup.pdf", "application/pdf")
    assert answer.status_code == 422
    assert "只能上传PDF、JPG或PNG文件" in answer.json()["error"]


def test_upload_without_script_gives_the_form_back_as_typed(officer, at_appraisal):
    page = officer.get(case_url(at_appraisal))
    file = SimpleUploadedFile("sheet.jpg", photo_bytes(8, (900, 1200)), "image/jpeg")
    fields = {**hidden(page), **appraisal(opinion=WORDS), "file": file}
    answer = officer.post(case_url(at_appraisal, "upload", Slot.APPRAISAL), fields)
    assert answer.status_code == 200
    assert WORDS in text_of(answer)
    assert re.search(r'name="grade" value="D"[^>]*checked', text_of(answer))
    assert "第1份" in seen(answer)


def test_removed_file_is_gone(world, officer, at_appraisal):
    sheet = attach_appraisal(at_appraisal, by=world.officer)
    url = case_url(at_appraisal, "remove_file", Slot.APPRAISAL, sheet.uid)
    assert officer.post(url, HTTP_X_REQUESTED_WITH="XMLHttpRequest").json()["ok"] is True
    assert not Attachment.objects.filter(pk=sheet.pk).exists()
    assert officer.post(url, HTTP_X_REQUESTED_WITH="XMLHttpRequest").status_code == 404


def test_files_are_only_taken_while_the_step_is_open_and_only_in_its_slot(world, officer, client, at_appraisal, case):
    assert upload(officer, case).status_code == 404
    url = case_url(at_appraisal, "upload", Slot.RISK)
    assert officer.post(url, {"file": SimpleUploadedFile("a.jpg", photo_bytes(1))}).status_code == 404
    sheet = attach_appraisal(at_appraisal, by=world.officer)
    take_step(at_appraisal, by=world.officer, answers=appraisal())
    assert upload(officer, at_appraisal).status_code == 403
    assert officer.post(case_url(at_appraisal, "remove_file", Slot.APPRAISAL, sheet.uid)).status_code == 403
    client.force_login(world.cadre)
    assert upload(client, make_case(world, CaseState.PENDING_APPRAISAL)).status_code == 403


def test_grade_b_is_confirmed_first_and_ends_the_case(officer, at_appraisal):
    upload(officer, at_appraisal)
    page = post_step(officer, at_appraisal, appraisal(grade="B", opinion=WORDS))
    assert "鉴定不通过" in seen(page)
    assert WORDS in seen(page)
    assert confirm(officer, at_appraisal, page).status_code == 302
    assert state_of(at_appraisal) == CaseState.APPRAISAL_FAILED


def test_appraisal_date_in_the_future_is_refused(officer, at_appraisal):
    upload(officer, at_appraisal)
    page = post_step(officer, at_appraisal, appraisal(appraised_on="2099-01-01"))
    assert "鉴定时间不能晚于今天" in seen(page)
