"""The project of the register that a case opens at 审批 and fills until 验收 (domain §2.4, §7.2–7.4)."""

from decimal import Decimal

from django.utils import timezone

from accounts.actions import audit
from common.clock import today
from households.actions import outcomes
from households.choices import Category, Era, Measure
from households.models import Occupancy
from households.queries import makeup_of
from renovation.actions.payments import payment_state
from renovation.choices import (
    NEW_BUILDING,
    ApplicationState,
    ArchiveState,
    CaseState,
    Conclusion,
    FundLevel,
    Method,
    OldHouse,
    ProjectSource,
    RenovationType,
)
from renovation.models import Case, CaseNode, FundingLine, RenovationProject
from renovation.models.project import LIVE

# Which answer of the inspection is whose money.
FUNDS = {
    FundLevel.CENTRAL: "fund_central",
    FundLevel.PROVINCE: "fund_province",
    FundLevel.CITY: "fund_city",
    FundLevel.COUNTY: "fund_county",
}
# 保障措施 that a project of that type stands for (domain §10.23).
MEASURES = {RenovationType.RENOVATION: Measure.RENOVATION, RenovationType.SEISMIC: Measure.SEISMIC}
ELSEWHERE = (Method.RELOCATE, Method.EXCHANGE)
SIX = tuple(one for one in Category if one not in (Category.GENERAL, Category.LOW_INCOME))


def open_for_case(*, case: Case, by, answers: dict, at) -> RenovationProject:
    """The household's live project, linked to the case, or a new one: approved in the application register.

    At most one live project per household: a second trigger links to the first (domain §2.4).
    """
    live = RenovationProject.objects.select_for_update().filter(LIVE, household=case.household, case=None).first()
    project = live or RenovationProject(household=case.household, source=ProjectSource.ONLINE_CASE)
    project.case = case
    project.bind_region(case.region)
    project.plan_year, project.type = answers["plan_year"], answers["type"]
    project.energy_saving, project.accessibility = answers["energy_saving"], answers["accessibility"]
    project.proposed_method = project.method = case.proposed_method
    project.approved_on = timezone.localtime(at).date()
    project.application_state, project.archive_state = ApplicationState.APPROVED, ArchiveState.TO_FILL
    _copy_application(project, case)
    _copy_review(project, case)
    project.save()
    audit.record(by=by, action="project.linked" if live else "project.opened", target=project, region=project)
    outcomes.record_plan(
        by=by,
        household=case.household,
        source_uid=project.uid,
        measure=MEASURES[project.type],
        year=project.plan_year,
    )
    return project


def _copy_application(project: RenovationProject, case: Case) -> None:
    household, makeup = case.household, makeup_of(case.household, today())
    active = household.categories.filter(valid_to__isnull=True).order_by("category")
    project.categories = list(active.values_list("category", flat=True))
    project.is_key_group = any(one in SIX for one in project.categories)
    project.has_elderly, project.has_child, project.has_minority = makeup
    project.registered_population = case.family_size
    project.has_veteran, project.has_disabled = case.has_veteran, case.has_disabled
    project.applied_on = timezone.localtime(case.submitted_at).date()
    project.grade, project.appraised_on = case.grade, case.appraised_on
    project.appraisal_org, project.appraisal_org_uscc = case.appraisal_org, case.appraisal_org_uscc
    project.before_area, project.reentry_reason = case.house_area, case.reentry_reason


def _copy_review(project: RenovationProject, case: Case) -> None:
    """是否公示, and who did the 乡镇复核: the handler of the audit that led here (domain §2.4)."""
    notice = case.last_publicity()
    project.is_publicised = notice is not None and notice.has_ended
    audits = CaseNode.objects.filter(case=case, code=CaseState.PENDING_TOWNSHIP_AUDIT, move="pass_audit")
    node = audits.select_related("handler").order_by("-seq").first()
    if node is not None:
        project.township_reviewer, project.township_reviewed_at = node.handler_name, node.handled_at
        project.township_reviewer_phone = node.handler.phone if node.handler else ""


def save_works(*, case: Case, by) -> RenovationProject:
    """Store what the form of 实施 or 提交验收 wrote into the project of the locked case."""
    project = case.project
    project.save()
    audit.record(by=by, action="project.works_reported", target=project, region=project)
    return project


def accept(*, case: Case, by, answers: dict) -> RenovationProject:
    """验收·通过: the result, the money by level and the archive (domain §2.4 step 9, §4.11)."""
    project = case.project
    project.accepted_on, project.inspector = answers["accepted_on"], answers["inspector"]
    project.inspection_result = Conclusion.PASS
    project.subsidy_types = list(answers["subsidy_types"])
    amounts = {level: answers[name] or Decimal(0) for level, name in FUNDS.items()}
    for level, amount in amounts.items():
        FundingLine.objects.update_or_create(project=project, level=level, defaults={"amount": amount})
    project.government_total = sum(amounts.values(), Decimal(0))
    project.self_raised, project.loan = answers["self_raised"] or Decimal(0), answers.get("loan") or Decimal(0)
    project.total = project.government_total + project.self_raised + project.loan
    # What was paid in advance counts from now on against what was granted.
    project.payment_state = payment_state(project.paid_total, project.government_total)
    project.archive_state = ArchiveState.APPROVED
    project.save()
    _leave_in_ledger(project, by)
    audit.record(
        by=by, action="project.accepted", target=project, region=project, changes={"total": str(project.total)}
    )
    return project


def _leave_in_ledger(project: RenovationProject, by) -> None:
    """What the masters learn from a finished house: facts, verdict, benefit, plan carried out (domain §2.4)."""
    lived_in = Occupancy.objects.select_related("house").get(household=project.household, is_current=True)
    facts = {
        "structure_archive": project.after_structure,
        "building_area": project.after_area,
        "floors": project.after_floors,
        "era": Era.FROM_2016 if project.method in NEW_BUILDING else "",
        "is_elsewhere": project.method in ELSEWHERE,
        "is_old_demolished": project.old_house_disposal == OldHouse.DEMOLISHED,
    }
    known = {"by": by, "household": project.household}
    house = outcomes.record_new_house_facts(**known, house=lived_in.house, facts=facts, evidence_on=project.accepted_on)
    known["source_uid"] = project.uid
    outcomes.record_completion_appraisal(**known, house=house, accepted_on=project.accepted_on)
    outcomes.record_renovation_benefit(**known, benefit_on=project.accepted_on, amount=project.government_total)
    outcomes.complete_plan(**known)


def stop(*, case: Case, by, answers: dict) -> None:
    """终止: a project not yet started is 已取消, a started one 已终止; payments stay (domain §4.2)."""
    project = case.project_or_none()
    if project is None:
        return
    if project.start_date is None:
        project.application_state, project.cancel_reason = ApplicationState.CANCELLED, answers.get("opinion", "")[:500]
    else:
        project.terminated_on = today()
        project.recovery = answers.get("recovery") or ""
        project.recovery_reason = answers.get("recovery_reason") or ""
    project.save()
    audit.record(by=by, action="project.stopped", target=project, region=project)
