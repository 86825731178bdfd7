"""未通过的申请3年: what 申请须知 promises is done, and only that (domain §15.2)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actions.audit import chain_audit
from accounts.models import AuditEntry, Message
from common.clock import freeze, now
from households.models import Attachment
from renovation.actions.invariants import check_all
from renovation.actions.retention import NOBODY, forget_old_cases
from renovation.choices import CaseState
from renovation.models import Case, CaseEvent, CaseMember
from tests.factories.people import make_id_number
from tests.factories.renovation import make_case, make_villager
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
