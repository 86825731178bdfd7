"""代办: the absent person is told and may say no, relatives help on their own phone, cadres go on (ADR 0110)."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, Consent, Message, SmsMessage
from common.clock import freeze, now
from common.errors import Refusal
from renovation.actions import behalf as actions
from renovation.actions.moves import perform_move
from renovation.choices import AgentRelation, CaseState, Slot
from renovation.models import BehalfNotice, Case
from tests.applicants.conftest import browser_of
from tests.applicants.test_filing import agent_draft, fill_in, url
from tests.applicants.test_wizard import token_in
from tests.factories.accounts import make_office
from tests.factories.people import make_id_number, photo_bytes
from tests.factories.renovation import acceptance, make_case, make_draft, make_villager, press, take_step
from tests.scale import some

pytestmark = pytest.mark.django_db
NOT_MINE = "我不知道这件事"


def applicant(phone="15400000008") -> dict:
    return {"applicant_name": "钱大爷", "applicant_id_number": make_id_number(), "applicant_phone": phone}


def file_draft(client, case, village, **said) -> Case:
    fill_in(client, case, village, **(said or applicant()))
    client.post(url(case, "check"), {"submit_token": token_in(client.get(url(case, "check")))})
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def filed(world, cadre) -> Case:
    """What a cadre has filed for somebody."""
    client = browser_of(cadre)
    return file_draft(client, agent_draft(client), world.village)


def link_of(case) -> str:
    """The path in the text message that the person got."""
    text = SmsMessage.objects.order_by("pk").first().text
    path = re.search(r"https?://[^/]+(/behalf/[\w-]+/)", text)[1]
    assert path == reverse("applicants:behalf", args=[case.behalf_notice.token])
    return path


def tail(case) -> str:
    return case.applicant_id_number[-4:]


def disown(case, words=NOT_MINE):
    return Client().post(link_of(case), {"tail": tail(case), "act": "disown", "words": words})


def wrong(case) -> str:
    return f"{(int(tail(case)[:3]) + 1) % 1000:03d}{tail(case)[3]}"


def test_the_message_carries_a_link_and_a_telephone(filed):
    text = SmsMessage.objects.get()
    assert text.phone == filed.applicant_phone and "0999-1234567" in text.text and link_of(filed)
    assert filed.applicant_name not in text.text and filed.applicant_id_number not in text.text
    assert len(filed.behalf_notice.token) >= 22


def test_nothing_is_told_before_the_last_four_digits(filed):
    page = Client().get(link_of(filed))
    said = page.content.decode()
    assert page.headers["Cache-Control"] == "no-store" and "noindex" in page.headers["X-Robots-Tag"]
    for words in (filed.applicant_name, filed.agent_name, filed.number, "石桥镇上坝村3组"):
        assert words not in said
    page = Client().post(link_of(filed), {"tail": wrong(filed)}).content.decode()
    assert filed.agent_name not in page and "还可以试4次" in page
    page = Client().post(link_of(filed), {"tail": f" {tail(filed).lower()} "}).content.decode()
    assert filed.agent_name in page and filed.applicant_name in page
    assert filed.applicant_id_number not in page and filed.applicant_phone not in page


@pytest.mark.parametrize("typed", ["", "12", "abcd", "12345", "１２"])
def test_what_are_no_four_digits_is_not_counted(filed, typed):
    page = Client().post(link_of(filed), {"tail": typed}).content.decode()
    assert "请输入身份证号码最后4位" in page and BehalfNotice.objects.get().failures == 0


def test_five_wrong_ones_shut_it_for_a_day_even_for_the_right_one(filed):
    for _ in range(5):
        Client().post(link_of(filed), {"tail": wrong(filed)})
    assert "输错次数太多" in disown(filed).content.decode()
    assert not BehalfNotice.objects.get().is_disowned
    with freeze(now() + timedelta(days=1, minutes=1)):
        assert "已经记下您不同意" in disown(filed).content.decode()
    assert AuditEntry.objects.filter(action="behalf.tail_wrong").count() == 5


def test_an_unknown_address_is_nothing(filed):
    assert Client().get(f"/behalf/{uuid4().hex}/").status_code == 404


def test_who_disowns_it_stops_it_and_everybody_is_told(world, cadre, filed):
    village_office = world.cadre.office
    assert "已经记下您不同意" in disown(filed).content.decode()
    entry = AuditEntry.objects.get(action="behalf.disowned")
    assert (entry.actor, entry.reason, entry.region_key) == (None, NOT_MINE, world.village.key)
    for reader in (world.officer, world.township_officer, world.cadre, cadre):
        assert Message.objects.filter(recipient=reader.uid, kind="A08").exists(), reader
    assert village_office.level == "village"
    with pytest.raises(Refusal, match="核实前不能办理"):
        take_step(filed, by=world.officer, answers=acceptance())
    assert Case.objects.get().state == CaseState.PENDING_ACCEPTANCE
    page = browser_of(world.officer).get(reverse("renovation:case", args=[filed.uid])).content.decode()
    assert "申请人本人表示不同意代办" in page and NOT_MINE in page and "登记核实情况" in page
    page = browser_of(cadre).get(reverse("applicants:agent_done", args=[filed.uid])).content.decode()
    assert "先停下来" in page and NOT_MINE not in page


def test_said_twice_it_is_said_once(filed):
    for _ in range(2):
        disown(filed)
    assert AuditEntry.objects.filter(action="behalf.disowned").count() == 1


@pytest.mark.parametrize("move", ["refuse", "terminate", "withdraw"])
def test_what_ends_it_needs_no_answer(world, cadre, filed, move):
    disown(filed)
    if move == "refuse":
        ended = take_step(filed, by=world.officer, answers=acceptance(conclusion="fail", opinion="本人不同意"))
    elif move == "terminate":
        ended = press(filed, move, by=world.officer, reason="given_up", opinion="本人不同意")
    else:
        ended = perform_move(filed, move, by=cadre).case
    assert not ended.is_open
    assert "已经办结" in Client().post(link_of(filed), {"tail": tail(filed)}).content.decode()
    assert "已经办结" in disown(filed).content.decode()


def settle(client, case, words="已上门向本人核实，本人同意代办，继续办理。"):
    address = reverse("renovation:settle", args=[case.uid])
    page = client.get(address)
    token = token_in(page) if page.status_code == 200 else ""
    return client.post(address, {"words": words, "submit_token": token})


def test_the_county_asks_the_person_and_goes_on(world, filed):
    disown(filed)
    assert settle(browser_of(world.township_officer), filed).status_code == 403
    assert settle(browser_of(world.officer), filed).status_code == 302
    last = SmsMessage.objects.latest("pk")
    assert last.phone == filed.applicant_phone and "已上门向本人核实" in last.text
    assert AuditEntry.objects.filter(action="behalf.settled").exists()
    assert take_step(filed, by=world.officer, answers=acceptance()).state == CaseState.PENDING_APPRAISAL
    # Asked, and it was not so after all: the link goes on working.
    assert "区县已向您核实过" in Client().post(link_of(filed), {"tail": tail(filed)}).content.decode()
    assert "已经记下您不同意" in disown(filed).content.decode()


def test_a_call_is_noted_by_township_or_county_and_by_nobody_else(world, cadre, filed):
    address = reverse("renovation:disown", args=[filed.uid])
    for other, status in ((cadre, 403), (world.cadre, 403), (world.stranger, 404)):
        assert browser_of(other).get(address).status_code == status
    client = browser_of(world.township_officer)
    answer = client.post(
        address, {"words": "本人来电表示没有同意代办。", "submit_token": token_in(client.get(address))}
    )
    assert answer.status_code == 302
    notice = BehalfNotice.objects.get()
    assert notice.is_disowned and notice.disowned_by == world.township_officer
    own = make_case(world, villager=make_villager(world.village))
    assert client.get(reverse("renovation:disown", args=[own.uid])).status_code == 404


def test_the_clock_goes_on_while_the_person_is_asked(world, filed):
    disown(filed)
    assert Case.objects.get().due_at == filed.due_at
    actions.settle(case=filed, by=world.officer, words="已核实")
    with pytest.raises(Refusal, match="已经核实"):
        actions.settle(case=filed, by=world.officer, words="已核实")


def test_a_message_to_the_helpers_own_number_tells_nobody(world, cadre):
    client = browser_of(cadre)
    case = file_draft(client, agent_draft(client), world.village, **applicant(phone="15400000009"))
    assert case.agent_phone == case.applicant_phone and not case.behalf_notice.is_told
    assert "请当面告诉本人" in client.get(reverse("applicants:agent_done", args=[case.uid])).content.decode()
    page = browser_of(world.officer).get(reverse("renovation:case", args=[case.uid])).content.decode()
    assert "没有告诉本人，请当面核实" in page


def test_one_after_the_other_without_leaving_the_flow(world, cadre):
    client = browser_of(cadre)
    case = file_draft(client, agent_draft(client), world.village)
    more = some(2, 9)
    for number in range(more):
        page = client.get(reverse("applicants:agent_done", args=[case.uid])).content.decode()
        again = re.search(r'action="([^"]*\?after=[^"]*)"', page)[1]
        assert client.post(again).status_code == 200, "no application without the person's own word"
        answer = client.post(again, {"authorised": "on"})
        draft = Case.objects.latest("pk")
        assert answer.url == url(draft, "applicant")
        first = client.get(answer.url).content.decode()
        assert re.search(r'<input[^>]*name="applicant_name"[^>]*autofocus', first)
        assert (draft.agent_name, draft.agent_phone, draft.region) == ("赵村长", "15400000009", world.village)
        assert not draft.applicant_name and not draft.house_address
        case = file_draft(client, draft, world.village, **applicant(f"1540000{number:04d}"))
    filed = Case.objects.filter(state=CaseState.PENDING_ACCEPTANCE)
    assert len(set(filed.values_list("number", flat=True))) == filed.count() == more + 1
    assert Consent.objects.filter(notice="agent").count() == more + 1 == SmsMessage.objects.count()


def test_after_somebody_elses_application_nothing_is_known(world, cadre, filed):
    other = browser_of(world.cadre)
    page = other.get(f"{reverse('applicants:agent_new')}?after={filed.uid}").content.decode()
    assert filed.agent_name not in page and filed.agent_phone not in page


def send_sheet(client, case, seed=7):
    data = {"file": SimpleUploadedFile("p.jpg", photo_bytes(seed), "image/jpeg"), "slot": Slot.CONSENT}
    return client.post(reverse("applicants:photo_add", args=[case.uid]), data)


def test_a_photo_of_the_signed_sheet_is_kept_apart_and_asked_of_nobody(world, cadre):
    client = browser_of(cadre)
    case = agent_draft(client)
    assert send_sheet(client, case).status_code == 302
    assert case.files(Slot.CONSENT).count() == 1 and case.files(Slot.RISK).count() == 0
    assert "请至少上传1张" in client.post(url(case, "photos")).content.decode()
    case = file_draft(client, case, world.village)
    assert "1张照片" not in client.get(reverse("applicants:agent_done", args=[case.uid])).content.decode()
    page = browser_of(world.officer).get(reverse("renovation:case", args=[case.uid])).content.decode()
    assert "本人签字的委托书" in page


def test_the_signed_sheet_belongs_to_help_alone(world, villager, phone):
    draft = make_draft(villager, world.village)
    assert "只有代办的申请" in send_sheet(phone, draft).content.decode()
    assert "委托书" not in phone.get(url(draft, "photos")).content.decode()


def test_a_third_side_of_the_sheet_is_refused_beside_its_own_slot(world, cadre):
    client = browser_of(cadre)
    case = agent_draft(client)
    for seed in (7, 8):
        send_sheet(client, case, seed)
    page = send_sheet(client, case, 9).content.decode()
    assert "#slot-consent_photos-file" in page and case.files(Slot.CONSENT).count() == 2


def test_the_blank_sheet_says_what_is_signed_and_whom_to_call(cadre, phone):
    for client in (browser_of(cadre), phone):
        page = client.get(reverse("applicants:agent_sheet")).content.decode()
        assert "代办委托书" in page and "0999-1234567" in page and "我不同意的" in page


def relative_draft(client, relation=AgentRelation.RELATIVE, phone="15400000021"):
    said = {"agent_relation": relation, "agent_phone": phone, "authorised": "on"}
    return client.post(reverse("applicants:agent_new"), said)


@pytest.fixture
def helped(world, villager, phone) -> Case:
    """What a villager has filed for a neighbour from the own phone."""
    relative_draft(phone, AgentRelation.NEIGHBOUR)
    return file_draft(phone, Case.objects.get(), world.village)


def test_a_relative_files_and_proves_nobody(world, villager, phone, helped):
    assert (helped.agent_name, helped.agent_relation) == (villager.claim.name, "neighbour")
    assert helped.claim is None and helped.person is None and helped.agent_claim == villager.claim
    assert helped.applicant_name == "钱大爷" and helped.state == CaseState.PENDING_ACCEPTANCE
    text = SmsMessage.objects.get()
    assert text.phone == helped.applicant_phone and f"{villager.claim.name}已代您提交" in text.text
    told = Message.objects.get(recipient=villager.claim.uid)
    assert told.kind == "N01" and told.text.startswith("您代办的申请：")
    page = phone.get(reverse("applicants:case", args=[helped.uid])).content.decode()
    assert "正在受理，最迟" in page and "撤回这份申请" in page
    assert "钱大爷" in phone.get(reverse("applicants:cases")).content.decode()
    assert helped.nodes.exists() and helped.events.get().by_name == villager.claim.name


def test_who_helps_may_still_apply_and_others_of_the_phone_see_nothing(world, villager, phone, helped):
    assert phone.get(reverse("applicants:apply")).url == reverse("applicants:notice")
    other = make_villager(world.village)
    for name in ("case", "done", "withdraw"):
        assert browser_of(other).get(reverse(f"applicants:{name}", args=[helped.uid])).status_code == 404
    disown(helped)
    assert Message.objects.filter(recipient=villager.claim.uid, kind="A08").exists()
    page = phone.get(reverse("applicants:case", args=[helped.uid])).content.decode()
    assert "申请人表示不同意代办" in page and NOT_MINE not in page


def test_the_person_helped_finds_it_once_proven_and_rates_alone(world, villager, phone, helped):
    accepted = take_step(helped, by=world.officer, answers=acceptance())
    assert accepted.person is not None and accepted.claim is None
    assert Message.objects.filter(recipient=villager.claim.uid, kind="N03").exists()
    page = phone.get(reverse("applicants:rate", args=[helped.uid]))
    assert page.status_code == 302


def test_a_villager_helps_six_at_a_time(world, villager, phone):
    for number in range(6):
        relative_draft(phone)
        Case.objects.filter(applicant_name="").update(applicant_name=f"第{number}家", last_page="members")
    page = relative_draft(phone)
    assert page.status_code == 200 and "最多同时帮6户" in page.content.decode() and Case.objects.count() == 6


def test_an_officer_who_filed_neither_notes_nor_settles(world, filed):
    make_office(world.regions["990101100000"])
    Case.objects.filter(pk=filed.pk).update(filed_by=world.officer)
    filed = Case.objects.get()
    with pytest.raises(Refusal, match="没有登记的权限"):
        actions.disown(notice=filed.behalf_notice, words="来电", by=world.officer)
    disown(filed)
    with pytest.raises(Refusal, match="由区县向本人核实"):
        actions.settle(case=filed, by=world.officer, words="已核实")
