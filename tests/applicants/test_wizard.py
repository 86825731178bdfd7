"""The whole application by plain form posts, as a browser without scripts sends them."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, Consent
from renovation.choices import CaseState
from renovation.models import Case
from tests.applicants.conftest import browser_of
from tests.factories.people import make_id_number, photo_bytes
from tests.factories.renovation import make_draft, make_villager

pytestmark = pytest.mark.django_db


def url(case, slug, name="page"):
    return reverse(f"applicants:{name}", args=[case.uid, slug] if name in ("page", "save") else [case.uid])


def begin(client) -> Case:
    answer = client.post(reverse("applicants:notice"), {"agree": "on"})
    assert answer.status_code == 302, answer.content.decode()
    return Case.objects.get()


def upload(seed=1):
    return SimpleUploadedFile("photo.jpg", photo_bytes(seed), "image/jpeg")


def token_in(page) -> str:
    return re.search(r'name="submit_token" value="([^"]+)"', page.content.decode())[1]


def post(client, case, slug, answers, **more):
    answer = client.post(url(case, slug), answers, **more)
    assert answer.status_code == 302, re.findall(r"error[^<]*<[^<]*", answer.content.decode())
    return answer


def fill_in(client, case, village, **applicant):
    post(client, case, "applicant", {"applicant_phone": "154 0000-0001", **applicant})
    post(client, case, "members", {})
    post(client, case, "region", {"region": village.pk})
    post(client, case, "address", {"house_address": "3组12号"})
    post(client, case, "residence", {"lives_here": "true", "registered_here": "true"})
    post(client, case, "parts", {"risk_parts": ["wall", "roof"]})
    post(client, case, "description", {"risk_description": "墙体开裂"})
    post(client, case, "photos", {"file": upload()})


def test_whole_application_without_script_ends_on_the_confirmation(world, phone):
    case = begin(phone)
    fill_in(phone, case, world.village)
    page = phone.get(url(case, "check"))
    assert "更改" in page.content.decode() and "没有填写" in page.content.decode()
    answer = phone.post(url(case, "check"), {"submit_token": token_in(page)})
    assert answer.url == reverse("applicants:done", args=[case.uid])
    case = Case.objects.get(pk=case.pk)
    assert case.state == CaseState.PENDING_ACCEPTANCE
    assert case.residence_region == world.village and case.registered_address == "3组12号"
    done = phone.get(answer.url).content.decode()
    assert "提交成功" in done and case.number[:4] in done and "正在受理" in done


def test_notice_needs_the_tick_and_keeps_its_version_and_hash(phone, villager):
    answer = phone.post(reverse("applicants:notice"), {})
    assert answer.status_code == 200 and "<title>错误：" in answer.content.decode()
    assert not Case.objects.exists()
    case = begin(phone)
    consent = Consent.objects.get(notice="apply")
    assert consent.who == villager.claim.uid and len(consent.text_hash) == 64
    assert case.notice_version == consent.version and case.notice_agreed_at


def test_two_first_pages_make_one_draft(phone):
    begin(phone)
    begin(phone)
    assert Case.objects.count() == 1


@pytest.mark.parametrize("slug", ["applicant", "region", "address", "residence", "parts"])
def test_empty_page_says_what_is_missing_with_focus_and_error_title(world, villager, phone, slug):
    case = make_draft(villager, world.village)
    page = phone.post(url(case, slug), {}).content.decode()
    assert "<title>错误：" in page and "data-error-summary" in page


@pytest.mark.parametrize(
    ("slug", "answers", "message", "kept"),
    [
        ("applicant", {"applicant_phone": "12345"}, "手机号码格式不正确", "12345"),
        ("address", {"house_address": "长" * 201}, "最多 200 个字", "长" * 201),
        ("description", {"risk_description": "字" * 1001}, "最多 1000 个字", "字" * 1001),
    ],
)
def test_wrong_answer_is_kept_as_typed(world, villager, phone, slug, answers, message, kept):
    page = phone.post(url(make_draft(villager, world.village), slug), answers).content.decode()
    assert message in page and kept in page


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("name", "张3", "姓名格式不正确"),
        ("id_number", "990101195203140011", "身份证号格式不正确，请核对"),
        ("relation", "02", "不在可选范围内"),
    ],
)
def test_family_member_with_a_mistake_is_kept_as_typed(world, villager, phone, field, typed, message):
    case = make_draft(villager, world.village)
    answers = {"name": "李小花", "id_number": make_id_number(), "relation": "10", "consent": "on", field: typed}
    page = phone.post(url(case, "", "member_new"), answers).content.decode()
    assert message in page and (field == "relation" or typed in page) and not case.members.exists()


def test_region_is_reached_step_by_step_without_script(world, villager, phone):
    case = make_draft(villager, world.village)
    county, town = world.regions["990101000000"], world.regions["990101100000"]
    page = phone.post(url(case, "region"), {"region": [town.parent.parent_id, county.pk, ""]}).content.decode()
    assert "请选择到行政村" in page and "石桥镇" in page
    page = phone.post(url(case, "region"), {"region": [county.pk, town.pk, ""]}).content.decode()
    assert "上坝村" in page


def test_county_without_online_applications_names_the_office(world, villager, phone):
    case = make_draft(villager, world.village)
    closed = world.regions["990103000201"]
    page = phone.post(url(case, "region"), {"region": closed.pk}).content.decode()
    assert "本县尚未开通网上申请，请联系村委会" in page
    assert Case.objects.get().region == world.village


def test_start_in_a_closed_county_tells_whom_to_call(world):
    from tests.factories.accounts import make_office

    closed = world.regions["990103000201"]
    make_office(closed.parent, name="风山县住建局")
    page = browser_of(make_villager(closed)).get(reverse("applicants:apply")).content.decode()
    assert "本县尚未开通网上申请，请联系村委会" in page and "风山县住建局" in page and "0999-1234567" in page


def test_draft_is_continued_on_another_phone_where_it_was_left(world, villager, phone):
    case = begin(phone)
    post(phone, case, "applicant", {"applicant_phone": "15400000001"})
    post(phone, case, "members", {})
    post(phone, case, "region", {"region": world.village.pk})
    other = browser_of(villager)
    page = other.get(reverse("applicants:apply")).content.decode()
    assert "继续填写上次的申请" in page and url(case, "address") in page


def test_autosave_keeps_valid_answers_and_says_when(world, villager, phone):
    case = make_draft(villager, world.village)
    answer = phone.post(url(case, "description", "save"), {"risk_description": "屋顶漏雨", "autosave": "1"})
    assert re.fullmatch(r"\d\d:\d\d", answer.json()["saved_at"])
    case = Case.objects.get(pk=case.pk)
    assert case.risk_description == "屋顶漏雨"
    phone.post(url(case, "applicant", "save"), {"applicant_phone": "1", "autosave": "1"})
    case = Case.objects.get(pk=case.pk)
    assert case.applicant_phone == villager.phone
    assert AuditEntry.objects.filter(action="draft.saved").count() == 1


def test_an_autosave_that_was_overtaken_changes_nothing(world, villager, phone):
    """Slow line: what was on its way when 继续 was pressed arrives after the newer answers."""
    case = make_draft(villager, world.village)
    late = re.search(r'data-autosave-url="([^"]+)"', phone.get(url(case, "description")).content.decode()).group(1)
    assert phone.post(late, {"risk_description": "屋"}).status_code == 200
    post(phone, case, "description", {"risk_description": "屋顶塌了一角"})
    before = Case.objects.get(pk=case.pk)
    answer = phone.post(late, {"risk_description": "屋顶"})
    assert answer.status_code == 409 and "没有自动保存" in answer.json()["error"]
    case = Case.objects.get(pk=case.pk)
    assert (case.risk_description, case.last_page) == ("屋顶塌了一角", before.last_page)
    fresh = re.search(r'data-autosave-url="([^"]+)"', phone.get(url(case, "description")).content.decode()).group(1)
    assert phone.post(fresh, {"risk_description": "屋顶塌了"}).status_code == 200
    assert Case.objects.get(pk=case.pk).risk_description == "屋顶塌了"


def test_change_on_the_check_page_leads_straight_back(world, villager, phone):
    case = make_draft(villager, world.village)
    page = phone.get(url(case, "check")).content.decode()
    assert f"{url(case, 'parts')}?from=check" in page
    answer = phone.post(f"{url(case, 'parts')}?from=check", {"risk_parts": ["beam"]})
    assert answer.url == url(case, "check")


def test_addresses_that_were_the_house_follow_it(world, villager, phone):
    case = make_draft(villager, world.village)
    post(phone, case, "address", {"house_address": "5组1号"})
    case = Case.objects.get(pk=case.pk)
    assert case.residence_address == case.registered_address == "5组1号"


def test_position_is_kept_with_its_system_and_consent(world, villager, phone):
    case = make_draft(villager, world.village)
    post(phone, case, "address", {"house_address": "3组", "lon": "102.123456", "lat": "25.5", "crs": "WGS-84"})
    case = Case.objects.get(pk=case.pk)
    assert (str(case.lon), case.crs) == ("102.123456", "WGS-84")
    assert Consent.objects.filter(notice="position", who=villager.claim.uid).exists()
    post(phone, case, "address", {"house_address": "3组", "lon": "2", "lat": "25.5", "crs": "WGS-84"})
    case = Case.objects.get(pk=case.pk)
    assert case.lon is None and case.crs == ""


@pytest.mark.parametrize("slug", ["applicant", "members", "region", "address", "parts", "photos", "check"])
def test_another_person_of_the_same_phone_finds_no_draft(world, villager, phone, slug):
    from households.actions.claims import claim_identity

    case = make_draft(villager, world.village)
    other = claim_identity(
        by=villager, name="王小二", id_number=make_id_number(), home_region=world.village, home_address="1组"
    )
    assert phone.get(url(case, slug)).status_code == 200
    assert browser_of(villager, other).get(url(case, slug)).status_code == 404
    assert browser_of(make_villager(world.village)).get(url(case, slug)).status_code == 404
    assert browser_of(world.officer).get(url(case, slug)).status_code == 404
    assert Client().get(url(case, slug)).status_code == 302


def test_deleting_the_draft_takes_its_photos(world, villager, phone):
    case = make_draft(villager, world.village)
    assert "不能恢复" in phone.get(url(case, "", "draft_delete")).content.decode()
    phone.post(url(case, "", "draft_delete"))
    from households.models import Attachment

    assert not Case.objects.exists() and not Attachment.objects.exists()


def test_family_members_are_added_changed_and_removed(world, villager, phone):
    case = make_draft(villager, world.village)
    answers = {"name": "李小花", "id_number": make_id_number(), "relation": "10", "consent": "on"}
    assert phone.post(url(case, "", "member_new"), answers).status_code == 302
    # A retry after a lost answer is the same person; the same number under another name is a mistake.
    assert phone.post(url(case, "", "member_new"), answers).status_code == 302
    other = {**answers, "name": "李小草"}
    assert "已在家庭成员中" in phone.post(url(case, "", "member_new"), other).content.decode()
    member = case.members.get()
    own = {**answers, "id_number": case.applicant_id_number}
    edit = reverse("applicants:member", args=[case.uid, member.uid])
    assert "与申请人相同" in phone.post(edit, own).content.decode()
    assert phone.post(edit, {**answers, "name": "李大花"}).status_code == 302
    assert case.members.get().name == "李大花"
    assert "李大花" in phone.get(url(case, "members")).content.decode()
    phone.post(reverse("applicants:member_remove", args=[case.uid, member.uid]))
    assert not case.members.exists()


def test_a_point_on_the_map_is_kept_with_its_consent_and_never_by_the_autosave(world, villager, phone):
    case = make_draft(villager, world.village)
    said = {"house_address": "8组8号", "lon": "104.1", "lat": "30.6", "crs": "WGS-84"}
    assert phone.post(reverse("applicants:save", args=[case.uid, "address"]) + "?seen=0", said).status_code == 200
    kept = Case.objects.get(pk=case.pk)
    assert (kept.house_address, kept.lon) == ("8组8号", None)
    assert phone.post(url(case, "address"), said).status_code == 302
    assert Case.objects.get(pk=case.pk).lon is not None
    assert Consent.objects.filter(who=villager.claim.uid, notice="position").count() == 1
