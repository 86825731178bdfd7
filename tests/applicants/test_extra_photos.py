"""补充照片 while a step asks for it: the card, the slot, the own photos of this stay, 补充完了 once (domain §3.6)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Message
from households.models import Attachment
from households.queries import visible_attachment
from renovation.actions.service import request_photos
from renovation.choices import CaseState, Slot
from renovation.models import Case, CaseNode
from tests.applicants.conftest import browser_of
from tests.applicants.test_photos import SCRIPT, photo
from tests.applicants.test_wizard import token_in
from tests.factories.renovation import acceptance, make_case, make_villager, take_step

pytestmark = pytest.mark.django_db
WORDS = "请拍清楚北墙裂缝"


@pytest.fixture
def case(world, villager):
    case = make_case(world, villager=villager)
    request_photos(case=case, by=world.officer, words=WORDS)
    return Case.objects.get(pk=case.pk)


def url(case, name="extra_photos", *more):
    return reverse(f"applicants:{name}", args=[case.uid, *more])


def add(phone, case, seed=1, headers=SCRIPT):
    return phone.post(url(case, "extra_photo_add"), {"file": photo(seed), "client_id": uuid4()}, headers=headers)


def finish(phone, case, token=None):
    return phone.post(url(case), {"submit_token": token or token_in(phone.get(url(case)))})


def test_the_request_stands_on_the_progress_page_with_its_words(world, villager, case, phone):
    page = phone.get(url(case, "case")).content.decode()
    assert WORDS in page and url(case) in page
    told = Message.objects.get(kind="A05")
    assert told.recipient == villager.claim.uid and WORDS in told.text and told.link == url(case, "case")


def test_photos_go_to_their_own_slot_and_the_office_sees_them(world, case, phone):
    answer = add(phone, case).json()
    assert answer["ok"] and answer["number"] == 1
    row = Attachment.objects.get(slot=Slot.EXTRA)
    assert visible_attachment(world.officer, row.uid) == row
    assert visible_attachment(world.stranger, row.uid) is None
    assert answer["thumb"] in phone.get(url(case, "case")).content.decode()


def test_finishing_tells_the_office_once_and_ends_the_request(world, case, phone):
    token = token_in(phone.get(url(case)))
    assert "请至少补充1张照片" in finish(phone, case, token).content.decode()
    add(phone, case)
    for _ in range(2):
        assert finish(phone, case, token).url == url(case, "case")
    told = Message.objects.get(kind="A06", recipient=world.officer.uid)
    assert case.number in told.text and case.applicant_name not in told.text
    assert WORDS not in phone.get(url(case, "case")).content.decode()
    assert add(phone, case, 2).status_code == 409 and Attachment.objects.filter(slot=Slot.EXTRA).count() == 1
    assert CaseNode.objects.get(case=case, handled_at=None).photo_request == WORDS


def test_asked_once_more_it_may_be_answered_once_more(world, case, phone):
    add(phone, case)
    finish(phone, case)
    request_photos(case=case, by=world.officer, words="再拍一张屋顶")
    assert "再拍一张屋顶" in phone.get(url(case, "case")).content.decode()
    add(phone, case, 2)
    finish(phone, case)
    assert Message.objects.filter(kind="A06", recipient=world.officer.uid).count() == 2


def test_the_request_ends_with_the_step(world, case, phone):
    token = token_in(phone.get(url(case)))
    take_step(case, by=world.officer, answers=acceptance())
    assert WORDS not in phone.get(url(case, "case")).content.decode()
    for answer in (phone.get(url(case)), finish(phone, case, token), add(phone, case, headers={})):
        assert answer.url == url(case, "case")
    assert add(phone, case).status_code == 409
    assert not Attachment.objects.filter(slot=Slot.EXTRA).exists()


def test_only_own_photos_of_this_stay_can_be_taken_away(world, villager, case, phone):
    old, mine = (add(phone, case, seed).json()["uid"] for seed in (1, 2))
    Attachment.objects.filter(uid=old).update(uploaded_at=timezone.now() - timedelta(days=9))
    risk = Attachment.objects.get(slot=Slot.RISK)
    for uid in (old, mine, risk.uid, mine):
        phone.post(url(case, "extra_photo_remove", uid), headers=SCRIPT)
    left = {str(uid) for uid in Attachment.objects.values_list("uid", flat=True)}
    assert left == {old, str(risk.uid)}
    assert url(case, "extra_photo_remove", old) not in phone.get(url(case)).content.decode()


def test_nine_for_each_stay_beside_those_of_earlier_ones(case, phone):
    add(phone, case, 100)
    Attachment.objects.filter(slot=Slot.EXTRA).update(uploaded_at=timezone.now() - timedelta(days=9))
    for seed in range(9):
        assert add(phone, case, seed).json()["ok"]
    answer = add(phone, case, 50)
    assert answer.status_code == 422 and "最多上传" in answer.json()["error"]


def test_without_a_script_the_chosen_photo_goes_along_with_the_button(case, phone):
    answer = phone.post(url(case), {"submit_token": token_in(phone.get(url(case))), "file": photo(3)})
    assert answer.url == url(case, "case") and Attachment.objects.filter(slot=Slot.EXTRA).count() == 1
    assert add(phone, case, headers={}).url == url(case, "case")


def test_a_case_that_is_not_asked_leads_back(world, phone, villager):
    case = make_case(world, CaseState.PENDING_APPRAISAL, villager=villager)
    assert phone.get(url(case)).url == url(case, "case")


def test_the_cadre_who_filed_is_told_and_may_add(world, case):
    Case.objects.filter(pk=case.pk).update(on_behalf=True, filed_by=world.cadre, agent_name="代办员")
    request_photos(case=case, by=world.officer, words=WORDS)
    cadre = browser_of(world.cadre)
    told = Message.objects.get(kind="A05", recipient=world.cadre.uid)
    assert url(case) in cadre.get(told.link).content.decode()
    assert add(cadre, case).json()["ok"]
    assert finish(cadre, case).url == url(case, "agent_done")


def test_nobody_else_adds(world, case):
    assert add(browser_of(make_villager(world.village)), case).status_code == 404
    assert add(browser_of(world.officer), case).status_code == 404
    assert not Attachment.objects.filter(slot=Slot.EXTRA).exists()
