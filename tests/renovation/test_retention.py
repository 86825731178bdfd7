"""未通过的申请3年: what 申请须知 promises is done, and only that (domain §15.2)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actions.audit import chain_audit
from accounts.models import AuditEntry, Message
from common.clock import freeze, now
from households.middleware import scope_of
from households.models import Attachment
from renovation.actions.invariants import check_all
from renovation.actions.retention import NOBODY, forget_old_cases, forget_positions
from renovation.actions.service import ask_second_look
from renovation.choices import CaseState
from renovation.models import Case, CaseEvent, CaseMember
from tests.factories import steps
from tests.factories.people import make_id_number
from tests.factories.renovation import make_case, make_villager, press
from tests.renovation.pages import case_url, seen

pytestmark = pytest.mark.django_db
THREE_YEARS = timedelta(days=3 * 365 + 2)


def ended(world, state, ago=THREE_YEARS) -> Case:
    with freeze(timezone.now() - ago):
        return make_case(world, state)


@pytest.mark.parametrize("state", [CaseState.NOT_ACCEPTED, CaseState.APPRAISAL_FAILED, CaseState.WITHDRAWN])
def test_nothing_personal_is_left_after_three_years(world, officer, state):
    case = ended(world, state)
    CaseMember.objects.create(case=case, name="李小石", id_number=make_id_number("20120605"), relation="20")
    secrets = (case.applicant_name, case.applicant_id_number, case.applicant_phone, case.house_address)
    assert forget_old_cases() == 1
    case = Case.objects.get(pk=case.pk)
    assert (case.applicant_name, case.applicant_id_index, case.applicant_phone) == (NOBODY, "", "")
    assert (case.claim, case.person, case.household) == (None, None, None)
    assert case.number and case.region == world.village and case.state == state
    assert not CaseMember.objects.exists() and not Attachment.objects.filter(owner_uid=case.uid).exists()
    assert not Message.objects.filter(link__contains=case.uid).exists()
    assert not CaseEvent.objects.filter(by_name=secrets[0]).exists()
    page = seen(officer.get(case_url(case)))
    assert NOBODY in page and not any(secret in page for secret in secrets)
    assert AuditEntry.objects.get(action="case.forgotten").target_id == str(case.pk)
    assert forget_old_cases() == 0
    chain_audit()
    assert [report.first for report in check_all() if report.count] == []


def test_what_is_younger_or_under_way_or_drafted_stays(world):
    ended(world, CaseState.NOT_ACCEPTED, THREE_YEARS - timedelta(days=3))
    for state in (CaseState.DRAFT, CaseState.PENDING_ACCEPTANCE, CaseState.PENDING_REVIEW):
        ended(world, state)
    assert forget_old_cases() == 0
    assert not Case.objects.filter(applicant_name=NOBODY).exists()


def test_a_clock_that_jumped_ahead_forgets_nothing(world):
    make_case(world, CaseState.WITHDRAWN)
    with freeze(now() + timedelta(days=4000)):
        assert forget_old_cases() == 0


def test_the_person_no_longer_finds_it_and_may_apply_again(world, client):
    villager = make_villager(world.village)
    with freeze(timezone.now() - THREE_YEARS):
        case = make_case(world, CaseState.WITHDRAWN, villager=villager)
    forget_old_cases()
    client.force_login(villager)
    client.post(reverse("applicants:people"), {"person": villager.claim.uid})
    assert client.get(reverse("applicants:case", args=[case.uid])).status_code == 404
    assert make_case(world, villager=villager).number


def placed(world, state, **fields) -> Case:
    case = make_case(world, CaseState.PENDING_REVIEW, lon="102.460000", lat="25.550000", crs="WGS-84", **fields)
    if state == CaseState.TERMINATED:
        return press(case, "terminate", by=world.officer, reason="given_up")
    case = steps.step_on(world, case, conclusion="fail", opinion="家中另有安全住房")
    return steps.step_on(world, case, opinion="评议属实")


def test_a_failed_review_keeps_its_position_only_while_it_may_be_looked_at_again(world):
    with freeze(timezone.now() - timedelta(days=9)):
        old, asked = placed(world, CaseState.REVIEW_FAILED), placed(world, CaseState.REVIEW_FAILED)
        asked.claim.account.act_as(scope_of(asked.claim))
        ask_second_look(case=asked, by=asked.claim.account, reason="请再看一看")
    fresh = placed(world, CaseState.REVIEW_FAILED)
    assert forget_positions() == 1
    left = dict(Case.objects.values_list("pk", "lon"))
    assert left[old.pk] is None and left[asked.pk] and left[fresh.pk]
    assert AuditEntry.objects.filter(action="case.position_forgotten", target_id=str(old.pk)).count() == 1
    assert forget_positions() == 0


def test_a_case_ended_before_its_approval_keeps_no_position(world):
    assert Case.objects.get(pk=placed(world, CaseState.TERMINATED).pk).lon is None
