"""The officers' pages of a notice: who may do what there, the sheets, the photos, the objections' life."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.choices import Duty
from accounts.models import UnmaskLog
from common.clock import freeze
from common.errors import Refusal
from common.qr import qr_svg
from renovation.actions.board_photos import add_board_photo, remove_board_photo
from renovation.actions.publicity import close_due_publicities
from renovation.choices import CaseState, Slot
from renovation.models import Case, Objection
from renovation.urls_of import for_everybody, for_notice
from tests.factories import steps
from tests.factories.accounts import make_user
from tests.factories.people import photo_bytes
from tests.factories.publicity import make_noticed, object_to
from tests.factories.renovation import make_case, make_villager, press
from tests.renovation.pages import case_url, hidden, seen, text_of

pytestmark = pytest.mark.django_db
OBJECTION = {"is_anonymous": "false", "name": "岑溪月", "phone": "154 0000 8888", "content": "他家在镇上有新房"}


@pytest.fixture
def noticed(world):
    return make_noticed(world, villager=make_villager(world.village, "欧阳石"))


@pytest.fixture
def case(noticed):
    return noticed[0]


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def upload(seed: int) -> SimpleUploadedFile:
    return SimpleUploadedFile("board.jpg", photo_bytes(seed), "image/jpeg")


def send_objection(client, case, **answers):
    page = client.get(case_url(case, "notice"))
    return client.post(case_url(case, "notice"), {**hidden(page), **OBJECTION, **answers})


def objection_url(row, name="objection") -> str:
    return reverse(f"renovation:{name}", args=[row.publicity.case.uid, row.uid])


def test_addresses_written_out_are_those_of_the_views(noticed):
    case, notice = noticed
    assert for_notice(case) == case_url(case, "notice")
    assert for_everybody(notice) == reverse("applicants:public_notice", args=[notice.token])


def test_case_without_a_notice_has_no_page_of_one(world, officer):
    case = make_case(world)
    assert officer.get(case_url(case, "notice")).status_code == 404
    assert officer.get(case_url(case, "notice_sheet", "village")).status_code == 404
    assert "公示内容、打印" not in text_of(officer.get(case_url(case)))


def test_case_page_leads_to_the_notice(officer, case):
    assert case_url(case, "notice") in text_of(officer.get(case_url(case)))


def test_page_shows_the_words_the_code_and_the_sheets(officer, noticed):
    case, notice = noticed
    page = officer.get(case_url(case, "notice"))
    for words in ("石桥镇上坝村农村危房改造拟保障对象公示", "欧阳石", "上坝村3组", "村务公开栏", "公示中"):
        assert words in seen(page)
    assert qr_svg(f"http://testserver/notices/{notice.token}/", "公示网页二维码") in text_of(page)
    for kind in ("village", "township"):
        assert case_url(case, "notice_sheet", kind) in text_of(page)


def test_code_needs_nothing_that_the_policy_forbids():
    drawing = qr_svg("https://example.org/notices/x/", "二维码 <&>")
    assert "style=" not in drawing and "<script" not in drawing and "<&>" not in drawing
    assert drawing.startswith("<svg")


@pytest.mark.parametrize(("kind", "seal"), [("village", "上坝村住建部门"), ("township", "石桥镇住建部门")])
def test_sheet_is_signed_by_whoever_hangs_it_up(officer, noticed, kind, seal):
    case, notice = noticed
    page = officer.get(case_url(case, "notice_sheet", kind))
    said = seen(page)
    for words in ("欧阳石", "D级（严重受损）", "原址翻建", notice.content["ends_on"], "0999-1234567", "0999-7654321"):
        assert words in said
    assert f"{seal}（盖章）" in said
    assert notice.token in text_of(officer.get(case_url(case, "notice")))
    assert officer.get(case_url(case, "notice_sheet", "province")).status_code == 404


def test_after_the_end_the_sheet_is_a_copy_for_the_file(officer, noticed):
    case, notice = noticed
    with freeze(notice.ends_at):
        close_due_publicities()
        page = officer.get(case_url(case, "notice"))
        assert "公示网页已自动关闭" in seen(page) and notice.token not in text_of(page)
        sheet = officer.get(case_url(case, "notice_sheet", "village"))
        assert "存档件" in seen(sheet) and "<svg" not in text_of(sheet)


def test_of_a_forgotten_case_the_dates_stay(officer, noticed):
    case, notice = noticed
    type(notice).objects.filter(pk=notice.pk).update(content={}, state="taken_down")
    page = officer.get(case_url(case, "notice"))
    assert page.status_code == 200 and "已按规定清除" in seen(page)
    assert officer.get(case_url(case, "notice_sheet", "village")).status_code == 404


def test_ministry_reads_masked_names_only(world, case):
    reader = browser(make_user("ministry", region=world.regions["000000000000"], duties=[Duty.READ_ONLY]))
    for url in (case_url(case, "notice"), case_url(case, "notice_sheet", "village")):
        page = text_of(reader.get(url))
        assert "欧*石" in page and "欧阳石" not in page


@pytest.mark.parametrize("who", ["cadre", "township_officer"])
def test_village_and_township_show_the_board(world, case, who):
    user = getattr(world, who)
    client = browser(user)
    answer = client.post(case_url(case, "notice_photo"), {"file": upload(1), "client_id": str(uuid4())})
    assert answer.status_code == 302
    row = case.files(Slot.NOTICE).get()
    assert row.uploaded_by == user
    assert str(row.uid) in text_of(client.get(case_url(case, "notice")))
    removed = client.post(reverse("renovation:notice_photo_remove", args=[case.uid, row.uid]))
    assert removed.status_code == 302
    assert not case.files(Slot.NOTICE).exists()


def test_script_gets_the_photo_it_sent_and_a_retry_finds_it(world, case):
    client, sent = browser(world.cadre), {"client_id": str(uuid4())}
    for _ in range(2):
        json = {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"}
        answer = client.post(case_url(case, "notice_photo"), {**sent, "file": upload(2)}, **json)
        assert answer.json()["number"] == 1 and answer.json()["delete_url"]
    assert case.files(Slot.NOTICE).count() == 1
    empty = client.post(case_url(case, "notice_photo"), {}, HTTP_X_REQUESTED_WITH="XMLHttpRequest")
    assert (empty.status_code, empty.json()) == (422, {"error": "请先选择一张照片，再点上传"})


def test_county_reads_and_adds_no_photo(officer, case):
    assert officer.post(case_url(case, "notice_photo"), {"file": upload(3)}).status_code == 403
    assert "拍照或选照片" not in seen(officer.get(case_url(case, "notice")))


def test_nobody_takes_a_colleagues_photo_away(world, case):
    row = add_board_photo(case=case, by=world.cadre, client_id=uuid4(), upload=upload(4))
    client = browser(world.township_officer)
    answer = client.post(reverse("renovation:notice_photo_remove", args=[case.uid, row.uid]))
    assert answer.status_code == 422 and "只能删除自己上传的照片" in seen(answer)
    assert case.files(Slot.NOTICE).count() == 1


def test_photos_stay_as_the_audit_found_them(world):
    case = make_case(world, CaseState.PENDING_TOWNSHIP_AUDIT)
    row = add_board_photo(case=case, by=world.cadre, client_id=uuid4(), upload=upload(5))
    steps.step_on(world, case)
    case = Case.objects.get(pk=case.pk)
    with pytest.raises(Refusal, match="审核之前"):
        remove_board_photo(case=case, by=world.cadre, attachment=row)
    with pytest.raises(Refusal, match="审核之前"):
        add_board_photo(case=case, by=world.cadre, client_id=uuid4(), upload=upload(6))


def test_photo_that_arrives_after_the_audit_is_refused(world, case, monkeypatch):
    from households.actions import attachments

    decode = attachments.prepare

    def while_decoding(*args, **kwargs):
        press(case, "terminate", by=world.officer, reason="given_up")
        return decode(*args, **kwargs)

    monkeypatch.setattr(attachments, "prepare", while_decoding)
    with pytest.raises(Refusal, match="审核之前"):
        add_board_photo(case=case, by=world.cadre, client_id=uuid4(), upload=upload(7))
    assert not case.files(Slot.NOTICE).exists()


def test_objection_is_registered_once_and_hides_the_number(world, case):
    client = browser(world.township_officer)
    page = client.get(case_url(case, "notice"))
    for _ in range(2):
        assert client.post(case_url(case, "notice"), {**hidden(page), **OBJECTION}).status_code == 302
    row = Objection.objects.get()
    assert (row.name, row.phone, row.registered_by) == ("岑溪月", "15400008888", world.township_officer)
    page = text_of(client.get(case_url(case, "notice")))
    assert "他家在镇上有新房" in page and "15400008888" not in page and "岑溪月" not in page
    page = text_of(client.get(objection_url(row)))
    assert "岑溪月" in page and "154****8888" in page and "15400008888" not in page


@pytest.mark.parametrize(
    ("answers", "missing"),
    [
        ({"content": ""}, "异议内容"),
        ({"name": ""}, "异议人姓名"),
        ({"is_anonymous": ""}, "是否匿名"),
        ({"phone": "12"}, "联系电话格式不正确"),
    ],
)
def test_objection_lacks_something(world, case, answers, missing):
    page = send_objection(browser(world.township_officer), case, **answers)
    assert page.status_code == 422 and missing in seen(page)
    assert not Objection.objects.exists()


def test_objection_without_a_token_keeps_the_words(world, case):
    page = send_objection(browser(world.township_officer), case, submit_token="")
    assert page.status_code == 409 and "他家在镇上有新房" in text_of(page)
    assert not Objection.objects.exists()


def test_anonymous_objection_from_the_page(world, case):
    assert send_objection(browser(world.township_officer), case, is_anonymous="true").status_code == 302
    row = Objection.objects.get()
    assert (row.name, row.phone) == ("", "")
    assert "匿名" in seen(browser(world.township_officer).get(objection_url(row)))


def test_village_neither_registers_nor_reads_objections(world, case):
    row, client = object_to(case, by=world.township_officer), browser(world.cadre)
    page = text_of(client.get(case_url(case, "notice")))
    assert "他家在镇上有一套新房" not in page and "登记异议" not in page
    assert client.post(case_url(case, "notice"), OBJECTION).status_code == 403
    assert client.get(objection_url(row)).status_code == 404
    assert client.get(objection_url(row, "reveal_objection")).status_code == 404


def test_county_reads_objections_with_a_masked_name_and_answers_none(world, officer, case):
    row = object_to(case, by=world.township_officer)
    page = text_of(officer.get(objection_url(row)))
    assert "岑*月" in page and "岑溪月" not in page and "核实处理" not in page
    assert officer.post(objection_url(row), {"answer": "不属实"}).status_code == 403


def test_answer_dismisses_the_objection_once(world, case):
    row, client = object_to(case, by=world.township_officer), browser(world.township_officer)
    page = client.get(objection_url(row))
    assert "move/uphold_objection/" in text_of(page)
    empty = client.post(objection_url(row), {**hidden(page), "answer": " "})
    assert empty.status_code == 422 and "处理说明" in seen(empty)
    for _ in range(2):
        assert client.post(objection_url(row), {**hidden(page), "answer": "房屋已出售"}).status_code == 302
    row.refresh_from_db()
    assert (row.result, row.answer) == ("dismissed", "房屋已出售")
    assert "房屋已出售" in seen(client.get(case_url(case, "notice")))


def test_upheld_objection_leads_through_its_own_page_back_to_the_review(world, noticed):
    case, notice = noticed
    row, client = object_to(case, by=world.township_officer), browser(world.township_officer)
    link = reverse("renovation:move", args=[case.uid, "uphold_objection"])
    assert link in text_of(client.get(objection_url(row))) and link in text_of(client.get(case_url(case, "notice")))
    sure = client.post(link, {**hidden(client.get(link)), "opinion": "确有楼房"})
    assert client.post(link, {**hidden(sure), "confirmed": "1"}).status_code == 302
    notice.refresh_from_db()
    row.refresh_from_db()
    assert (notice.state, row.result, row.answer) == ("taken_down", "upheld", "确有楼房")
    assert "公示网页已自动关闭" in seen(client.get(case_url(case, "notice")))


def test_second_officer_is_told_and_keeps_the_words(world, case):
    row, client = object_to(case, by=world.township_officer), browser(world.township_officer)
    page = client.get(objection_url(row))
    press(case, "uphold_objection", by=world.township_officer)
    late = client.post(objection_url(row), {**hidden(page), "answer": "房屋已出售"})
    assert late.status_code == 409
    assert "房屋已出售" in text_of(late) and "没有办理" in seen(late)


def test_full_telephone_is_shown_once_for_a_reason(world, case):
    row, client = object_to(case, by=world.township_officer), browser(world.township_officer)
    url = objection_url(row, "reveal_objection")
    page = client.post(url, {**hidden(client.get(url)), "choice": "其他", "words": "回复异议人"})
    assert "1540 0008 888" in seen(page).replace("<span>", " ") or "15400008888" in seen(page).replace(" ", "")
    assert UnmaskLog.objects.get().reason == "回复异议人"


def test_objection_of_another_case_is_not_found_here(world, case):
    other, _ = make_noticed(world)
    row = object_to(other, by=world.township_officer)
    client = browser(world.township_officer)
    assert client.get(reverse("renovation:objection", args=[case.uid, row.uid])).status_code == 404


def test_form_to_object_is_gone_with_the_notices_days(world, noticed):
    case, notice = noticed
    object_to(case, by=world.township_officer)
    with freeze(notice.ends_at - timedelta(minutes=1)):
        client = browser(world.township_officer)
        page = client.get(case_url(case, "notice"))
        assert "登记后须在" in seen(page)
    with freeze(notice.ends_at):
        assert "登记后须在" not in seen(client.get(case_url(case, "notice")))
        late = client.post(case_url(case, "notice"), {**hidden(page), **OBJECTION})
        assert late.status_code == 409 and "公示已经结束" in seen(late)
    assert Objection.objects.count() == 1
