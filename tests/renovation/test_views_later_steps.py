"""The step page of the six later steps: what each asks, what it says, what it keeps."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common.clock import today
from households.models import Attachment
from renovation.choices import CaseState, Slot
from renovation.models import Case, CaseNode
from tests.factories.people import photo_bytes
from tests.factories.renovation import make_case, press, take_step
from tests.factories.steps import approval, attach, audit, completion, implementation, inspection, review, step_on
from tests.renovation.pages import case_url, confirm, hidden, post_step, seen, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def township(client, world):
    """The township's officer, logged in."""
    client.force_login(world.township_officer)
    return client


def state_of(case) -> str:
    return Case.objects.get(pk=case.pk).state


def test_review_without_photos_names_both_and_keeps_the_words(world, township):
    case = make_case(world, CaseState.PENDING_REVIEW)
    page = post_step(township, case, review(opinion="邻里一致同意"))
    assert page.status_code == 422
    assert "请上传现场照片" in seen(page)
    assert "请上传结果图片" in seen(page)
    assert "邻里一致同意" in text_of(page)
    for slot in (Slot.SITE, Slot.REVIEW_RESULT):
        attach(case, slot, by=world.township_officer)
    assert post_step(township, case, review()).status_code == 302
    assert state_of(case) == CaseState.IN_PUBLICITY


def test_review_shows_photos_as_thumbnails_before_the_opinion(world, township):
    case = make_case(world, CaseState.PENDING_REVIEW)
    photo = attach(case, Slot.SITE, by=world.township_officer)
    page = text_of(township.get(case_url(case)))
    assert f"/files/{photo.uid}/thumb" in page
    assert page.index('id="slot-site_photos"') < page.index('id="slot-result_photos"') < page.index('name="opinion"')
    assert 'name="warning_note"' not in page


def test_without_scripts_each_slot_takes_its_own_file_and_the_words_stay(world, township):
    case = make_case(world, CaseState.PENDING_REVIEW)
    page = township.get(case_url(case))
    assert 'name="file-site_photos"' in text_of(page)
    files = {f"file-{slot}": photo(seed) for seed, slot in enumerate((Slot.SITE, Slot.REVIEW_RESULT), 30_001)}
    answer = township.post(case_url(case, "upload", Slot.SITE), {**hidden(page), **review(opinion="一致同意"), **files})
    assert answer.status_code == 200
    assert "一致同意" in text_of(answer)
    assert (case.files(Slot.SITE).count(), case.files(Slot.REVIEW_RESULT).count()) == (1, 0)
    assert not case.files(Slot.SITE).get().is_paper


def test_photo_slot_answers_with_the_photo_itself(world, township):
    case = make_case(world, CaseState.PENDING_REVIEW)
    headers = {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest", "HTTP_ACCEPT": "application/json"}
    answer = township.post(case_url(case, "upload", Slot.SITE), {"file": photo(30_003)}, **headers).json()
    assert answer["thumb"] == f"/files/{answer['uid']}/thumb/"


def photo(seed: int) -> SimpleUploadedFile:
    return SimpleUploadedFile("photo.jpg", photo_bytes(seed), "image/jpeg")


@pytest.fixture
def at_approval(world):
    return make_case(world, CaseState.PENDING_COUNTY_APPROVAL)


def test_approval_is_confirmed_with_the_plan(officer, at_approval):
    page = post_step(officer, at_approval, approval(plan_year=str(today().year + 1), opinion="同意列入计划"))
    assert page.status_code == 200
    said = seen(page)
    assert "处理吗" in said
    for words in (
        f"列入计划年度 {today().year + 1}年",
        "改造方式 原址翻建",
        "确认后：待乡镇组织实施。",
        "同意列入计划",
    ):
        assert words in said, words
    assert state_of(at_approval) == CaseState.PENDING_COUNTY_APPROVAL
    assert confirm(officer, at_approval, page).status_code == 302
    assert state_of(at_approval) == CaseState.PENDING_IMPLEMENTATION


def test_approval_page_shows_the_ratio_and_folds_the_townships_opinion(world, officer, at_approval):
    page = officer.get(case_url(at_approval))
    assert "本月入户调查比例：本月还没有审批" in seen(page)
    fold = re.search(r'<details class="fold">\s*<summary>修改乡镇街道审核意见.*?</details>', text_of(page), re.S)
    assert "材料齐全，同意上报" in fold[0]
    other = make_case(world, CaseState.PENDING_COUNTY_APPROVAL)
    take_step(other, by=world.officer, answers=approval())
    assert "本月入户调查比例：1/1，100%" in seen(officer.get(case_url(at_approval)))


def test_amended_opinion_is_shown_with_both_signatures(world, officer, at_approval):
    take_step(at_approval, by=world.officer, answers=approval(amended_township_opinion="经复查，材料齐全"))
    said = seen(officer.get(case_url(at_approval)))
    for words in (
        "材料齐全，同意上报",
        "经复查，材料齐全",
        world.township_officer.display_name,
        "区县修改的乡镇街道审核意见",
    ):
        assert words in said


def test_doubts_want_a_word_and_lose_nothing(officer, at_approval):
    # Nobody named a category, and 修缮加固 for a house of grade D: DQ34 or DQ35.
    answers = approval(proposed_method="repair", opinion="同意列入计划")
    page = post_step(officer, at_approval, answers)
    assert page.status_code == 422
    assert "鉴定为D级，却采取修缮加固" in seen(page)
    assert "请填写情况说明" in seen(page)
    assert "同意列入计划" in text_of(page)
    page = post_step(officer, at_approval, answers | {"warning_note": "…"})
    assert page.status_code == 422
    page = post_step(officer, at_approval, answers | {"warning_note": "经工程师核算可加固"})
    assert "经工程师核算可加固" in seen(page)
    assert confirm(officer, at_approval, page).status_code == 302
    payload = CaseNode.objects.get(case=at_approval, code=CaseState.PENDING_COUNTY_APPROVAL).payload
    assert "DQ35" in payload["warnings"]
    assert payload["warning_note"] == "经工程师核算可加固"
    assert "情况说明 经工程师核算可加固" in seen(officer.get(case_url(at_approval)))


def test_note_without_doubts_is_not_kept(officer, at_approval):
    page = post_step(officer, at_approval, approval(warning_note="多余的话"))
    assert confirm(officer, at_approval, page).status_code == 302
    payload = CaseNode.objects.get(case=at_approval, code=CaseState.PENDING_COUNTY_APPROVAL).payload
    assert "warning_note" not in payload


def test_rejection_asks_no_plan_and_no_note(officer, at_approval):
    answers = {"conclusion": "fail", "home_visit": "false", "opinion": "不符合政策规定"}
    page = post_step(officer, at_approval, answers)
    assert "作“审批不通过”处理吗" in seen(page)
    assert confirm(officer, at_approval, page).status_code == 302
    assert state_of(at_approval) == CaseState.APPROVAL_REJECTED


def test_works_and_completion_fill_the_project(world, township):
    case = make_case(world, CaseState.PENDING_IMPLEMENTATION)
    assert post_step(township, case, implementation()).status_code == 422
    for slot in (Slot.BEFORE, Slot.AGREEMENT):
        attach(case, slot, by=world.township_officer)
    assert post_step(township, case, implementation(build_mode="unified")).status_code == 302
    for slot in (Slot.DURING, Slot.AFTER):
        attach(case, slot, by=world.township_officer)
    page = post_step(township, case, completion())
    if page.status_code == 422:
        page = post_step(township, case, completion(warning_note="轻钢装配，工期短"))
    assert page.status_code == 302
    project = Case.objects.get(pk=case.pk).project
    assert (project.build_mode, project.start_date, project.after_structure) == ("unified", today(), "8")
    said = seen(township.get(case_url(case)))
    for words in ("改造项目", "建设方式 统建", "改造后房屋面积 58平方米", "乡镇组织实施 · 改造前照片"):
        assert words in said, words


@pytest.fixture
def at_inspection(world):
    return make_case(world, CaseState.PENDING_FINAL_INSPECTION)


def test_inspection_is_confirmed_with_every_amount_and_the_sum_in_words(world, officer, at_inspection):
    assert "请上传验收表" in seen(post_step(officer, at_inspection, inspection()))
    for slot in (Slot.INSPECTION, Slot.INSPECTION_SUPPORT):
        attach(at_inspection, slot, by=world.officer)
    page = post_step(officer, at_inspection, inspection())
    said = seen(page)
    for words in (
        "中央补助金 20,000.00元",
        "县（市、区）级补助金 1,000.00元",
        "农户其他自筹金 12,000.00元",
        "各级政府补助合计 26,000.00元（大写：贰万陆仟元整）",
        "总投资 38,000.00元（大写：叁万捌仟元整）",
        "享受补助资金类型 中央农村危房改造补助资金",
        "确认后：工单办结。",
    ):
        assert words in said, words
    assert state_of(at_inspection) == CaseState.PENDING_FINAL_INSPECTION
    assert confirm(officer, at_inspection, page).status_code == 302
    assert state_of(at_inspection) == CaseState.COMPLETED
    said = seen(officer.get(case_url(at_inspection)))
    for words in ("总投资 38,000.00元（大写：叁万捌仟元整）", "已办结", "验收人 验收员甲"):
        assert words in said, words


def test_failed_inspection_needs_no_files_and_comes_back_on_top_of_the_page(world, officer, client, at_inspection):
    answers = {"conclusion": "fail", "opinion": "屋面渗水，请整改"}
    assert post_step(officer, at_inspection, answers).status_code == 302
    assert state_of(at_inspection) == CaseState.PENDING_COMPLETION
    client.force_login(world.township_officer)
    page = client.get(case_url(at_inspection))
    said = seen(page)
    assert f"验收·不通过：{world.officer.office.name}，{world.officer.display_name}" in said
    assert said.index("屋面渗水，请整改") < said.index("办理期限" if "办理期限" in said else "上一环节")
    # What was already reported is not typed again.
    assert 'value="58.00"' in text_of(page)


def test_failed_review_is_confirmed_by_the_township(world, township):
    case = make_case(world, CaseState.PENDING_REVIEW)
    case = step_on(world, case, conclusion="fail", opinion="家中另有安全住房")
    page = township.get(case_url(case))
    assert "通过（确认评议不通过）" in seen(page)
    assert "slot-publicity_photos" not in text_of(page)
    page = post_step(township, case, audit(opinion="同意评议结论"))
    assert "作“评议不通过”处理吗" in seen(page)
    assert confirm(township, case, page).status_code == 302
    assert state_of(case) == CaseState.REVIEW_FAILED


def test_passed_review_leads_to_the_notice_not_to_the_end(world, township):
    case = make_case(world, CaseState.PENDING_TOWNSHIP_AUDIT)
    said = seen(township.get(case_url(case)))
    assert "审核·通过 → 待区县审批" in said
    assert "确认评议不通过" not in said


def test_files_of_an_earlier_round_stay_count_and_cannot_be_removed(world, township):
    case = make_case(world, CaseState.PENDING_TOWNSHIP_AUDIT)
    case = press(case, "return_to_review", by=world.township_officer)
    kept = Attachment.objects.filter(owner_uid=case.uid, slot=Slot.SITE).get()
    # The factory's first round happened in a frozen past, its files did not.
    node = CaseNode.objects.get(case=case, handled_at__isnull=True)
    assert kept.uploaded_at < node.received_at
    page = township.get(case_url(case))
    assert "以前办理时的 1 张，继续有效" in seen(page)
    url = case_url(case, "remove_file", Slot.SITE, kept.uid)
    assert f'formaction="{url}"' not in text_of(page)
    answer = township.post(url, HTTP_X_REQUESTED_WITH="XMLHttpRequest", HTTP_ACCEPT="application/json")
    assert answer.status_code == 422
    assert "上一轮" in answer.json()["error"]
    assert Attachment.objects.filter(pk=kept.pk).exists()
    own = attach(case, Slot.SITE, by=world.township_officer)
    assert f'formaction="{case_url(case, "remove_file", Slot.SITE, own.uid)}"' in text_of(township.get(case_url(case)))
    # The photos of the first round are enough.
    assert post_step(township, case, review()).status_code == 302
