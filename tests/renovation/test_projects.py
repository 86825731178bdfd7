"""What a case writes into the register: the project, its works, its money, its end (domain §2.4, §4.2, §7.2–7.4)."""

from decimal import Decimal

import pytest

from accounts.models import Message
from common.clock import today
from renovation.actions.payments import record_payment
from renovation.choices import (
    ApplicationState,
    ArchiveState,
    CaseState,
    Conclusion,
    Method,
    PaymentState,
    ProjectSource,
    Recovery,
)
from renovation.forms import STEP_FORMS
from renovation.models import CaseNode, FundingLine, OpinionAmendment, RenovationProject
from tests.factories import steps
from tests.factories.renovation import make_case, press, take_step

pytestmark = pytest.mark.django_db


def project_of(case) -> RenovationProject:
    return RenovationProject.objects.get(case=case)


def test_approval_opens_a_project_with_what_is_known(world):
    case = make_case(world, CaseState.PENDING_IMPLEMENTATION)
    project = project_of(case)
    assert (project.application_state, project.archive_state) == (ApplicationState.APPROVED, ArchiveState.TO_FILL)
    assert (project.source, project.plan_year) == (ProjectSource.ONLINE_CASE, today().year)
    assert (project.household, project.grade, project.registered_population) == (case.household, "D", 3)
    assert (project.is_publicised, project.is_live, project.approved_on) == (True, True, today())
    node = CaseNode.objects.get(case=case, move="pass_audit")
    assert (project.township_reviewer, project.township_reviewed_at) == (node.handler_name, node.handled_at)
    assert project.township_reviewer_phone == world.township_officer.phone


def test_a_live_project_of_the_household_is_linked_and_not_doubled(world):
    case = make_case(world, CaseState.PENDING_COUNTY_APPROVAL)
    waiting = RenovationProject(
        household=case.household, source=ProjectSource.LOOKBACK, plan_year=2025, type="renovation"
    )
    waiting.bind_region(case.region)
    waiting.save()
    case = steps.step_on(world, case)
    project = RenovationProject.objects.get(household=case.household)
    assert (project.pk, project.case_id, project.source) == (waiting.pk, case.pk, ProjectSource.LOOKBACK)
    assert project.plan_year == today().year


def test_each_step_fills_its_part_and_every_round_keeps_its_answers(world):
    case = make_case(world, CaseState.PENDING_FINAL_INSPECTION)
    project = project_of(case)
    assert (project.method, project.start_date, project.completion_date) == (Method.REBUILD, today(), today())
    case = steps.step_on(world, case, conclusion="fail", opinion="屋面渗漏，请整改")
    assert project_of(case).archive_state == ArchiveState.TO_FILL
    case = steps.step_on(world, case, after_area="60")
    assert project_of(case).after_area == Decimal(60)
    areas = CaseNode.objects.filter(case=case, code=CaseState.PENDING_COMPLETION).values_list("payload", flat=True)
    assert [Decimal(one["after_area"]) for one in areas] == [58, 60]


def test_inspection_writes_the_money_by_level_and_closes_the_archive(world):
    case = make_case(world, CaseState.COMPLETED)
    project = project_of(case)
    lines = dict(FundingLine.objects.filter(project=project).values_list("level", "amount"))
    assert lines == {"central": 20000, "province": 5000, "city": 0, "county": 1000}
    assert (project.government_total, project.self_raised, project.loan) == (26000, 12000, 0)
    assert project.total == 38000
    assert (project.archive_state, project.inspection_result) == (ArchiveState.APPROVED, Conclusion.PASS)
    assert (project.payment_state, project.is_live) == (PaymentState.UNPAID, False)


def test_termination_before_the_works_cancels_the_project(world):
    case = make_case(world, CaseState.PENDING_IMPLEMENTATION)
    case = press(case, "terminate", by=world.officer, reason="given_up", opinion="申请人书面放弃")
    project = project_of(case)
    assert (case.state, project.application_state) == (CaseState.TERMINATED, ApplicationState.CANCELLED)
    assert (project.cancel_reason, project.is_live) == ("申请人书面放弃", False)


def test_termination_after_the_works_began_stops_the_project_and_keeps_what_was_paid(world):
    case = make_case(world, CaseState.PENDING_COMPLETION)
    case = press(case, "terminate", by=world.officer, reason="death")
    project = project_of(case)
    assert (project.application_state, project.terminated_on) == (ApplicationState.APPROVED, today())
    assert (project.recovery, project.is_live) == ("", False)


def pay(project, world, amount: int):
    return record_payment(
        project=project, by=world.officer, paid_on=today(), amount=Decimal(amount), payee="张石山", bank_last4="1234"
    )


def test_an_advance_counts_against_what_the_inspection_grants(world):
    case = make_case(world, CaseState.PENDING_COMPLETION)
    pay(project_of(case), world, 10000)
    assert project_of(case).payment_state == PaymentState.PARTLY
    case = steps.step_on(world, case)
    too_little = steps.inspection(fund_central="9000", fund_province="0", fund_county="0")
    form = STEP_FORMS["InspectionForm"](too_little, instance=case)
    assert form.errors["fund_central"] == ["各级政府补助合计不能低于已拨付的10,000.00元"]
    case = steps.step_on(world, case)
    project = project_of(case)
    assert (project.paid_total, project.payment_state) == (10000, PaymentState.PARTLY)


def test_money_already_paid_is_settled_when_the_works_are_stopped(world):
    case = make_case(world, CaseState.PENDING_COMPLETION)
    pay(project_of(case), world, 10000)
    answers = {"opinion": "申请人死亡", "reason": "death"}
    form = STEP_FORMS["TerminationForm"](answers, instance=case)
    assert set(form.errors) == {"recovery"}
    case = press(case, "terminate", by=world.officer, **answers, recovery="keep", recovery_reason="房屋由家属继续使用")
    project = project_of(case)
    assert (project.recovery, project.recovery_reason) == (Recovery.KEEP, "房屋由家属继续使用")
    assert (project.paid_total, project.payments.count()) == (10000, 1)


def test_payments_follow_the_money_that_was_granted(world):
    project = project_of(make_case(world, CaseState.COMPLETED))
    pay(project, world, 26000)
    assert project_of(project.case).payment_state == PaymentState.FULL
    assert Message.objects.filter(recipient=project.case.claim.uid, kind="N37").count() == 1


def test_the_county_amends_an_opinion_and_both_versions_stay(world):
    case = make_case(world, CaseState.PENDING_COUNTY_APPROVAL)
    words = "材料齐全，公示无异议，同意上报"
    case = take_step(case, by=world.officer, answers=steps.approval(amended_township_opinion=words))
    row = OpinionAmendment.objects.get(case=case)
    node = CaseNode.objects.get(case=case, move="pass_audit")
    assert (row.original, row.amended, node.opinion) == ("材料齐全，同意上报", words, "材料齐全，同意上报")
    assert (row.original_by_name, row.by_name) == (node.handler_name, str(world.officer))
    assert Message.objects.filter(recipient=world.township_officer.uid, kind="A01").count() == 1


@pytest.mark.parametrize("words", ["", "材料齐全，同意上报"])
def test_an_opinion_left_alone_is_no_amendment(world, words):
    case = make_case(world, CaseState.PENDING_COUNTY_APPROVAL)
    take_step(case, by=world.officer, answers=steps.approval(amended_township_opinion=words))
    assert not OpinionAmendment.objects.exists()


def test_the_ledger_learns_of_the_finished_house(world):
    case = make_case(world, CaseState.COMPLETED)
    household, project = case.household, project_of(case)
    house = household.occupancies.get(is_current=True).house
    assert (house.structure_archive, house.building_area, house.era) == ("8", Decimal(58), "6")
    verdicts = household.appraisals.order_by("id").values_list("grade", "source")
    assert list(verdicts) == [("D", "case"), ("A", "project")]
    benefit = household.benefits.get(source="project")
    assert (benefit.policy_type, benefit.amount, benefit.source_uid) == ("renovation", 26000, project.uid)
    plan = household.assurance_plans.get()
    assert (plan.measure, plan.year, plan.is_assured) == ("renovation", project.plan_year, True)
    assert household.registered_population == 3
