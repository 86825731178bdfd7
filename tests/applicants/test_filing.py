"""提交, its confirmation and everything that may go wrong between two taps (reliability §0.5)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.choices import Duty
from accounts.models import Consent, Message, SmsMessage
from renovation.choices import CaseState
from renovation.models import Case, CaseEvent
from tests.applicants.conftest import browser_of
from tests.applicants.test_wizard import fill_in, token_in, url
from tests.factories.accounts import make_user
from tests.factories.people import make_id_number
from tests.factories.renovation import make_case, make_draft, make_villager

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(world, villager):
    return make_draft(villager, world.village)


def test_the_same_token_twice_makes_one_case_with_one_number(draft, phone):
    token = token_in(phone.get(url(draft, "check")))
    answers = [phone.post(url(draft, "check"), {"submit_token": token}) for _ in range(3)]
    assert {answer.url for answer in answers} == {reverse("applicants:done", args=[draft.uid])}
    assert CaseEvent.objects.filter(move="submit").count() == 1
    assert Message.objects.filter(kind="N01").count() == 1
    assert Case.objects.get().number in phone.get(answers[2].url).content.decode().replace("</span><span>", "")


def test_a_second_tab_with_its_own_token_gets_the_same_confirmation(draft, phone):
    first, second = (token_in(phone.get(url(draft, "check"))) for _ in range(2))
    for token in (first, second):
        answer = phone.post(url(draft, "check"), {"submit_token": token})
        assert answer.url == reverse("applicants:done", args=[draft.uid])
    assert CaseEvent.objects.count() == 1


@pytest.mark.parametrize("token", ["", "forged"])
def test_without_a_token_nothing_is_filed_and_everything_stays(draft, phone, token):
    page = phone.post(url(draft, "check"), {"submit_token": token}).content.decode()
    assert "页面已过期" in page and draft.house_address in page
    assert Case.objects.get().state == CaseState.DRAFT


def test_a_strangers_token_is_refused(world, draft, phone):
    other = make_villager(world.village)
    theirs = make_draft(other, world.village)
    token = token_in(browser_of(other).get(url(theirs, "check")))
    phone.post(url(draft, "check"), {"submit_token": token})
    assert not CaseEvent.objects.exists()


@pytest.mark.parametrize("slug", ["applicant", "members", "region", "photos", "check", "description"])
def test_going_back_after_submitting_shows_the_confirmation(world, villager, phone, slug):
    case = make_case(world, villager=villager)
    assert phone.get(url(case, slug)).url == reverse("applicants:done", args=[case.uid])
    assert phone.post(url(case, slug), {}).url == reverse("applicants:done", args=[case.uid])


def test_autosave_after_submitting_is_told_so(world, villager, phone):
    case = make_case(world, villager=villager)
    answer = phone.post(
        url(case, "description", "save"), {"risk_description": "x"}, headers={"X-Requested-With": "XMLHttpRequest"}
    )
    assert answer.status_code == 409 and "已经提交" in answer.json()["error"]


@pytest.mark.parametrize(
    ("gap", "message"),
    [
        ({"risk_parts": []}, "请选择房屋问题部位"),
        ({"house_address": ""}, "请填写房屋详细地址"),
        ({"registered_address": ""}, "请填写居住地址和户籍地址"),
        ({"applicant_phone": ""}, "请填写申请人姓名"),
        ({"photos": 0}, "请至少上传1张"),
    ],
)
def test_an_incomplete_draft_lists_what_is_missing_with_links(world, villager, phone, gap, message):
    draft = make_draft(villager, world.village, photos=gap.pop("photos", 1))
    for name, value in gap.items():
        setattr(draft, name, value)
    draft.save()
    page = phone.get(url(draft, "check"))
    assert message in page.content.decode() and "去填写" in page.content.decode()
    page = phone.post(url(draft, "check"), {"submit_token": token_in(page)}).content.decode()
    assert "<title>错误：" in page and message in page
    assert Case.objects.get().state == CaseState.DRAFT


def test_who_has_an_open_case_is_led_to_its_progress(world, villager, phone):
    case = make_case(world, villager=villager)
    for name in ("apply", "notice"):
        assert phone.get(reverse(f"applicants:{name}")).url == reverse("applicants:case", args=[case.uid])
    # A draft begun elsewhere before that: submitting it leads to the open one instead of an error.
    second = make_draft(villager, world.village)
    answer = phone.post(url(second, "check"), {"submit_token": token_in(phone.get(url(second, "check")))})
    assert answer.url == reverse("applicants:case", args=[case.uid])


def test_a_case_of_the_same_id_under_another_phone_is_not_told(world, draft, phone):
    other = make_villager(world.village, id_number=draft.applicant_id_number)
    first = make_case(world, villager=other)
    page = phone.post(url(draft, "check"), {"submit_token": token_in(phone.get(url(draft, "check")))})
    text = page.content.decode()
    assert "请到村委会或乡镇查询" in text and first.number not in text


def test_the_confirmation_opens_again_and_not_for_others(world, villager, phone):
    case = make_case(world, villager=villager)
    done = reverse("applicants:done", args=[case.uid])
    assert phone.get(done).status_code == 200
    assert browser_of(make_villager(world.village)).get(done).status_code == 404


def agent_draft(client) -> Case:
    answers = {"agent_name": "赵村长", "agent_phone": "15400000009", "authorised": "on"}
    client.post(reverse("applicants:agent_new"), answers)
    return Case.objects.latest("pk")


def test_a_cadre_files_for_somebody_and_both_names_are_kept(world, cadre):
    client = browser_of(cadre)
    case = agent_draft(client)
    number = make_id_number()
    applicant = {"applicant_name": "钱大爷", "applicant_id_number": number, "applicant_phone": "15400000008"}
    fill_in(client, case, world.village, **applicant)
    page = client.get(url(case, "check")).content.decode()
    assert "赵村长" in page and "钱大爷" in page
    answer = client.post(url(case, "check"), {"submit_token": token_in(client.get(url(case, "check")))})
    assert answer.url == reverse("applicants:agent_done", args=[case.uid])
    page = client.get(answer.url).content.decode()
    assert "赵村长" in page and "钱大爷" in page and number not in page
    case = Case.objects.get(pk=case.pk)
    assert case.filed_by == cadre and case.claim.is_confirmed and case.state == CaseState.PENDING_ACCEPTANCE
    assert set(Consent.objects.filter(who=case.uid).values_list("notice", flat=True)) == {"apply", "agent"}
    text = SmsMessage.objects.get()
    assert text.phone == "15400000008" and "赵村长已代您提交" in text.text


def agent_case(client, village) -> Case:
    case = agent_draft(client)
    applicant = {"applicant_name": "钱大爷", "applicant_id_number": make_id_number(), "applicant_phone": "15400000008"}
    fill_in(client, case, village, **applicant)
    client.post(url(case, "check"), {"submit_token": token_in(client.get(url(case, "check")))})
    return Case.objects.get(pk=case.pk)


def test_a_cadre_withdraws_for_somebody_without_a_phone(world, cadre):
    client = browser_of(cadre)
    case = agent_case(client, world.village)
    done, withdraw = (reverse(f"applicants:{name}", args=[case.uid]) for name in ("agent_done", "agent_withdraw"))
    assert withdraw in client.get(done).content.decode()
    page = client.get(withdraw)
    assert "不能恢复" in page.content.decode() and "钱大爷" in page.content.decode()
    for _ in range(2):
        assert client.post(withdraw, {"submit_token": token_in(page)}).url == done
    assert CaseEvent.objects.get(move="withdraw").by == cadre
    assert Case.objects.get().state == CaseState.WITHDRAWN
    assert withdraw not in client.get(done).content.decode()
    assert client.get(withdraw).url == done
    assert "赵村长已代您撤回" in SmsMessage.objects.latest("pk").text


def test_nobody_else_withdraws_what_a_cadre_filed(world, phone, cadre):
    case = agent_case(browser_of(cadre), world.village)
    withdraw = reverse("applicants:agent_withdraw", args=[case.uid])
    for other in (world.cadre, world.township_officer, world.officer, world.stranger):
        assert browser_of(other).get(withdraw).status_code == browser_of(other).post(withdraw).status_code == 404
    assert phone.get(withdraw).status_code == 404
    assert Case.objects.get().state == CaseState.PENDING_ACCEPTANCE


def test_a_draft_for_somebody_is_seen_by_its_cadre_only(world, cadre):
    case = agent_draft(browser_of(cadre))
    assert browser_of(cadre).get(url(case, "applicant")).status_code == 200
    for other in (world.cadre, world.township_officer, world.officer):
        assert browser_of(other).get(url(case, "applicant")).status_code == 404


def test_a_cadre_picks_houses_of_the_own_village_only(world, cadre):
    client = browser_of(cadre)
    case = agent_draft(client)
    page = client.post(url(case, "region"), {"region": world.regions["990101200201"].pk}).content.decode()
    assert "请选择本辖区内的地方" in page


def test_agent_pages_are_for_those_who_may_file_for_others(world, phone, cadre):
    start = reverse("applicants:agent_start")
    assert browser_of(cadre).get(start).status_code == 200
    assert browser_of(world.officer).get(start).status_code == 403
    assert phone.get(start).status_code == 200  # a relative or neighbour, on the own phone


@pytest.mark.parametrize("name", ["agent_start", "agent_new"])
def test_a_cadre_of_a_closed_county_is_told_so(world, name):
    elsewhere = make_user("village", region=world.regions["990103000201"], duties=[Duty.ENTRY])
    assert "尚未开通网上申请" in browser_of(elsewhere).get(reverse(f"applicants:{name}")).content.decode()


def test_the_cadres_list_costs_the_same_for_one_and_for_twenty(world, cadre):

    client = browser_of(cadre)
    counts = []
    for more in (1, 19):
        for _ in range(more):
            agent_draft(client)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("applicants:agent_start")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
