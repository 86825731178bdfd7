"""Right answers to the step forms, to be spoiled one by one, and cases brought where a form needs them by hand."""

from common.clock import today
from households.models import Household
from renovation.choices import CaseState, ProjectSource, RenovationType
from renovation.models import Case, RenovationProject
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
    values = {
        "conclusion": "pass",
        "review_date": today().isoformat(),
        "family_size": "3",
        "has_veteran": "false",
        "has_disabled": "false",
        "house_area": "80",
        "era": "2",
        "proposed_method": "rebuild",
        "publicity_place": "村务公开栏",
        "opinion": "",
    }
    return {**values, **answers}


def audit(**answers) -> dict:
    return {"conclusion": "pass", "opinion": "", **answers}


def approval(**answers) -> dict:
    values = {
        "amended_township_opinion": "",
        "home_visit": "false",
        "visit_note": "",
        "conclusion": "pass",
        "plan_year": str(today().year),
        "type": "renovation",
        "proposed_method": "rebuild",
        "energy_saving": "false",
        "accessibility": "true",
        "opinion": "",
    }
    return {**values, **answers}


def implementation(**answers) -> dict:
    values = {"method": "rebuild", "start_date": today().isoformat(), "build_mode": "self", "builder_kind": "self"}
    return {**values, "artisan": "", "builder_name": "", "builder_uscc": "", **answers}


def completion(**answers) -> dict:
    values = {"after_structure": "8", "after_area": "75.5", "after_floors": "1", "after_ownership": "family"}
    return {**values, "completion_date": today().isoformat(), "old_house_disposal": "demolished", **answers}


def inspection(**answers) -> dict:
    values = {
        "conclusion": "pass",
        "accepted_on": today().isoformat(),
        "inspector": "验收组",
        "subsidy_types": ["central_renovation", "county"],
        "fund_central": "20000",
        "fund_province": "8,000.50",
        "fund_city": "0",
        "fund_county": "2000元",
        "self_raised": "15000",
        "loan": "",
        "opinion": "房屋质量合格，资料齐全",
    }
    return {**values, **answers}
