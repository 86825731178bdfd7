"""The villager's pages of the later steps on phone and desk: nothing sticks out, nothing is too small or unreadable."""

import pytest
from django.urls import reverse

from renovation.actions.service import note_viewing, rate_case, request_photos
from renovation.choices import CaseState
from tests.browser import DESK, PHONE
from tests.factories.publicity import make_noticed, object_to
from tests.factories.renovation import make_case, make_villager, press
from tests.journeys.reading import faults_for_a_thumb, faults_of, read_all
from tests.scale import some

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
SIZES = [pytest.param(PHONE, faults_for_a_thumb, id="phone"), pytest.param(DESK, faults_of, id="desk")]
LONG = "阿卜杜热合曼·买买提江"


def page_of(case, name: str = "case") -> str:
    return reverse(f"applicants:{name}", args=[case.uid])


def in_publicity(world, villager) -> list[str]:
    case, _ = make_noticed(world, villager=villager)
    object_to(case, by=world.township_officer)
    return [page_of(case), reverse("applicants:cases")]


def asked_for_photos(world, villager) -> list[str]:
    case = make_case(world, CaseState.PENDING_REVIEW, villager=villager)
    request_photos(case=case, by=world.township_officer, words="请退后拍一张整座房子，正面和侧面都要拍到。")
    note_viewing(case=case, by=world.township_officer)
    return [page_of(case), page_of(case, "extra_photos"), page_of(case, "viewings"), reverse("accounts:messages")]


def sent_back(world, villager) -> list[str]:
    case = make_case(world, CaseState.PENDING_COUNTY_APPROVAL, villager=villager)
    press(case, "return_to_audit", by=world.officer, opinion="公示照片看不清，请重新上传。")
    return [page_of(case)]


def finished(world, villager) -> list[str]:
    case = make_case(world, CaseState.COMPLETED, villager=villager)
    return [page_of(case), page_of(case, "rate"), reverse("applicants:home"), reverse("applicants:cases")]


def rated(world, villager) -> list[str]:
    case = make_case(world, CaseState.COMPLETED, villager=villager)
    rate_case(case=case, by=villager, stars=1, reason="拖了很久，跑了很多趟。")
    return [page_of(case, "rate"), page_of(case)]


def failed_review(world, villager) -> list[str]:
    case = make_case(world, CaseState.REVIEW_FAILED, villager=villager)
    return [page_of(case), page_of(case, "second_look")]


def ended(world, villager) -> list[str]:
    return [page_of(make_case(world, CaseState.APPROVAL_REJECTED, villager=villager))]


@pytest.mark.parametrize(("size", "faults"), some(SIZES[:1], SIZES))
def test_pages_of_the_later_steps_can_be_read_by_everybody(world, sign_in, size, faults):
    wrong = {}
    for prepare in (in_publicity, asked_for_photos, sent_back, finished, rated, failed_review, ended):
        villager = make_villager(world.village, LONG)
        addresses = prepare(world, villager)
        page = sign_in(villager, **size)
        wrong |= read_all(page, addresses, faults)
        page.context.close()
    assert wrong == {}
