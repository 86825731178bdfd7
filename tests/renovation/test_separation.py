"""DQ52: nobody acts at both levels of one case, and whoever filed it neither audits nor decides (decision 24)."""

import pytest

from renovation.choices import CaseState
from renovation.models import Case
from renovation.queries.separation import separation_refusal
from renovation.workflow import WORKFLOW
from tests.factories.renovation import make_case

BOTH = "请由其他工作人员办理"


def refusal(by, case, name: str) -> str | None:
    return separation_refusal(by, case, WORKFLOW.find(case.state, name))


def filed_by(case: Case, user) -> Case:
    Case.objects.filter(pk=case.pk).update(on_behalf=True, filed_by=user)
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def approval(world):
    return make_case(world, CaseState.PENDING_COUNTY_APPROVAL)


def test_who_handled_a_township_step_takes_no_county_move(world, approval):
    for name in ("approve", "reject", "return_to_audit", "terminate"):
        assert (
            refusal(world.township_officer, approval, name)
            == f"您在乡镇街道环节办理过此工单，不能再办理区县环节，{BOTH}"
        )
        assert refusal(world.officer, approval, name) is None


def test_who_handled_a_county_step_takes_no_township_move(world):
    case = make_case(world, CaseState.PENDING_REVIEW)
    assert refusal(world.officer, case, "pass_review") == f"您在区县环节办理过此工单，不能再办理乡镇街道环节，{BOTH}"
    assert refusal(world.township_officer, case, "pass_review") is None
    # 终止 is the county's move wherever the case waits.
    assert refusal(world.officer, case, "terminate") is None


def test_another_case_says_nothing_about_this_one(world, approval):
    fresh = make_case(world)
    assert refusal(world.township_officer, fresh, "accept") is None


def test_the_level_is_that_of_the_move_and_not_of_the_step_it_was_taken_in(world):
    case = make_case(world, CaseState.PENDING_REVIEW)
    case.nodes.filter(handled_at__isnull=True).update(handler=world.stranger, move="terminate")
    assert refusal(world.stranger, case, "pass_review") is not None
    assert refusal(world.stranger, case, "terminate") is None


@pytest.mark.parametrize("name", ["pass_audit", "confirm_failed_review", "fail_audit", "return_to_review", "terminate"])
def test_who_filed_for_somebody_does_not_audit_the_case(world, name):
    case = filed_by(make_case(world, CaseState.PENDING_TOWNSHIP_AUDIT), world.township_officer)
    assert refusal(world.township_officer, case, name) == f"您代办了此申请，不能再审核或审批，{BOTH}"
    case.on_behalf = False
    assert refusal(world.township_officer, case, name) is None or name == "terminate"


def test_who_filed_for_somebody_takes_no_county_move_but_may_withdraw_and_review(world):
    case = filed_by(make_case(world), world.officer)
    assert refusal(world.officer, case, "accept") is not None
    assert refusal(world.officer, case, "withdraw") is None
    case = filed_by(make_case(world, CaseState.PENDING_REVIEW), world.township_officer)
    assert refusal(world.township_officer, case, "pass_review") is None


def test_the_clock_is_nobody(world):
    case = make_case(world, CaseState.IN_PUBLICITY)
    assert refusal(None, case, "end_publicity") is None
