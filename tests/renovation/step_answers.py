"""Answers with nothing in them that may be left out, and cases put where a form needs them without the moves there."""

from common.clock import today
from households.models import Household
from renovation.choices import CaseState, ProjectSource, RenovationType
from renovation.models import Case, RenovationProject
from tests.factories import steps
from tests.factories.renovation import make_case


def at(world, state: str, **columns) -> Case:
    """A case with an appraisal behind it, put into that state without the moves that lead there."""
    case = make_case(world, CaseState.PENDING_REVIEW)
    Case.objects.filter(pk=case.pk).update(state=state, **columns)
    return Case.objects.get(pk=case.pk)


def with_project(case: Case, **columns) -> Case:
    """The case with its project, as the approval leaves it."""
    project = RenovationProject(
        household=Household.objects.get(pk=case.household_id),
        case=case,
        source=ProjectSource.ONLINE_CASE,
        plan_year=today().year,
        type=RenovationType.RENOVATION,
        **columns,
    )
    project.bind_region(case.region)
    project.save()
    return Case.objects.get(pk=case.pk)


def review(**answers) -> dict:
    return steps.review(**{"opinion": "", **answers})


def audit(**answers) -> dict:
    return steps.audit(**{"opinion": "", **answers})


def approval(**answers) -> dict:
    return steps.approval(**{"home_visit": "false", "visit_note": "", "opinion": "", **answers})


def inspection(**answers) -> dict:
    typed = {"fund_province": "8,000.50", "fund_county": "2000元", "self_raised": "15000"}
    return steps.inspection(**{**typed, **answers})
