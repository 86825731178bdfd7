"""Doubts that the answers of a step raise (疑点, domain §12), declared as a table: what is asked, when, and how grave.

A warning (W) wants the officer's words beside it; a block (B) stops the step. Rules that a form already checks field by
field stay there: DQ44, DQ45 and DQ46 are the dates of the forms of 评议, 提交验收 and 验收. DQ52 is `separation.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from common.clock import today
from households.choices import CATEGORY_SHORT, Category, Grade, PolicyType
from households.models import HouseholdCategory
from households.queries import benefits_of
from renovation import guards
from renovation.choices import NEW_BUILDING, ArchiveState, Conclusion, Method
from renovation.choices import CaseState as S
from renovation.models import Case, RenovationProject
from renovation.queries import standards
from renovation.queries.standards import plain

WARN, BLOCK = "W", "B"
Predicate = Callable[[Case, dict], str | None]
# Whom central money is for: the six categories, and the low-income families whose category the county names later.
HELPED = [code for code in Category.values if code != Category.GENERAL]


@dataclass(frozen=True)
class Warning:
    """One doubt: the number of its rule in domain §12 and the sentence that the officer reads."""

    code: str
    text: str


@dataclass(frozen=True)
class Rule:
    """One rule: number, gravity, the steps at whose submission it is asked, and the question itself."""

    code: str
    severity: str
    steps: tuple[str, ...]
    ask: Predicate


def warnings_of(case: Case, answers: dict) -> list[Warning]:
    """Doubts (W) that these cleaned answers raise in the step the case stands in; they never stop it.

    Whoever says 不通过 is asked nothing: the doubts are about what is let through.
    """
    return _asked(WARN, case, answers)


def blocks_of(case: Case, answers: dict) -> list[Warning]:
    """What stops the step (B), in the words of its guard, so that the page can say it before the move refuses."""
    return _asked(BLOCK, case, answers)


def _asked(severity: str, case: Case, answers: dict) -> list[Warning]:
    if answers.get("conclusion") == Conclusion.FAIL:
        return []
    due = [rule for rule in RULES if rule.severity == severity and case.state in rule.steps]
    return [Warning(rule.code, text) for rule in due if (text := rule.ask(case, answers))]


def subsidised_before(case: Case, answers: dict) -> str | None:
    """DQ33: the family or the applicant was subsidised already, and nobody said why the house is dangerous again."""
    if case.reentry_reason:
        return None
    project = case.project_or_none()
    own = [case.uid] if project is None else [case.uid, project.uid]
    benefits = benefits_of([case.applicant_id_index]).filter(policy_type=PolicyType.RENOVATION)
    benefit = benefits.exclude(source_uid__in=own).first()
    if benefit is not None:
        when = f"于{benefit.benefit_on:%Y年%m月}" if benefit.benefit_on else ""
        return f"该户曾{when}享受农村危房改造政策，没有填写再次成为危房的原因"
    helped = Q(archive_state=ArchiveState.APPROVED) | Q(paid_total__gt=0)
    earlier = RenovationProject.objects.filter(helped, household_id=case.household_id).exclude(uid__in=own).first()
    if earlier is None:
        return None
    return f"该户{earlier.plan_year}年已列入改造计划并享受补助，没有填写再次成为危房的原因"


def not_in_a_category(case: Case, answers: dict) -> str | None:
    """DQ34 at 审批: the family is in none of the six categories, or no longer."""
    if _active_categories(case).exists():
        return None
    rows = HouseholdCategory.objects.filter(household_id=case.household_id, category__in=HELPED, valid_to__isnull=False)
    expired = rows.order_by("-valid_to").first()
    if expired is None:
        return "该户不在低收入群体六类重点对象名单中"
    return f"该户的对象类别（{CATEGORY_SHORT[expired.category]}）已于{expired.valid_to:%Y-%m-%d}终止"


def central_funds_without_category(case: Case, answers: dict) -> str | None:
    """DQ34 at 验收: central money for a family that was in none of the six categories, at the approval or now."""
    if not answers.get("fund_central"):
        return None
    project = case.project_or_none()
    if set(project.categories if project else ()) & set(HELPED) or _active_categories(case).exists():
        return None
    return "该户不属于低收入群体六类重点对象，却填写了中央补助金"


def _active_categories(case: Case):
    day = today()
    rows = HouseholdCategory.objects.filter(household_id=case.household_id, category__in=HELPED, valid_from__lte=day)
    return rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def repairs_a_ruin(case: Case, answers: dict) -> str | None:
    """DQ35: grade D, and yet 修缮加固."""
    if case.grade != Grade.D or _method(answers) != Method.REPAIR:
        return None
    return f"鉴定为D级，却采取修缮加固：{standards.METHOD_SOURCE}规定D级原则上应拆除重建，请写明工程技术人员的理由"


def rebuilds_a_sound_house(case: Case, answers: dict) -> str | None:
    """DQ36: grade C, and yet a new house."""
    method = _method(answers)
    if case.grade != Grade.C or method not in (Method.REBUILD, Method.RELOCATE):
        return None
    return f"鉴定为C级，却采取{Method(method).label}：{standards.METHOD_SOURCE}规定C级原则上应维修加固"


def has_a_house_already(case: Case, answers: dict) -> str | None:
    """DQ38: 无房新建, though every on-line application is about a house that somebody looked at."""
    if _method(answers) != Method.NEW_HOME:
        return None
    return "改造方式为无房新建，但该户有经鉴定的自有住房"


def _method(answers: dict) -> str | None:
    return answers.get("method") or answers.get("proposed_method")


def started_before_approval(case: Case, answers: dict) -> str | None:
    """DQ43: works begun before the county agreed; the start is answered at 实施 and known at 验收."""
    project = case.project_or_none()
    started = answers.get("start_date") or (project and project.start_date)
    if not (started and project and project.approved_on and started < project.approved_on):
        return None
    return f"开工日期（{started:%Y-%m-%d}）早于审批日期（{project.approved_on:%Y-%m-%d}）"


def built_too_fast(case: Case, answers: dict) -> str | None:
    """DQ50: a new house finished in less time than one takes."""
    project, finished = case.project_or_none(), answers.get("completion_date")
    if project is None or project.method not in NEW_BUILDING or not (finished and project.start_date):
        return None
    days = (finished - project.start_date).days
    shortest = int(standards.SHORTEST_BUILDING.value)
    return f"新建房屋从开工到竣工只有{days}天（少于{shortest}天）" if 0 <= days < shortest else None


def grew_by_repair(case: Case, answers: dict) -> str | None:
    """DQ51: a repaired house that is larger than before."""
    project, after = case.project_or_none(), answers.get("after_area")
    before = (project and project.before_area) or case.house_area
    if project is None or project.method != Method.REPAIR or not (after and before):
        return None
    growth = (after - before) * 100 / before
    if growth <= standards.LARGEST_GROWTH.value:
        return None
    return f"修缮加固后面积由{plain(before)}平方米增加到{plain(after)}平方米，增加超过{standards.LARGEST_GROWTH.value}%"


def larger_than_guided(case: Case, answers: dict) -> str | None:
    """DQ54: a new house above the guidance; guidance only, never a block."""
    area, size = _new_area(case, answers), case.family_size
    if not (area and size) or area <= (guided := standards.area_range(size)).most:
        return None
    return _area_words(size, area, guided, "高于")


def smaller_than_guided(case: Case, answers: dict) -> str | None:
    """DQ55: a new house below the least area for the family."""
    area, size = _new_area(case, answers), case.family_size
    if not (area and size) or area >= (guided := standards.area_range(size)).least:
        return None
    return _area_words(size, area, guided, "低于")


def _new_area(case: Case, answers: dict) -> Decimal | None:
    project = case.project_or_none()
    if project is None or project.method not in NEW_BUILDING:
        return None
    return answers.get("after_area") or project.after_area


def _area_words(size: int, area: Decimal, guided: standards.AreaRange, than: str) -> str:
    return f"{size}人户新建{plain(area)}平方米，{than}{standards.AREA_SOURCE}的指导面积（{guided.words()}）"


def _guarded(guard) -> Predicate:
    """A rule that is a guard of the move already: asked here only to be named on the page."""

    def ask(case: Case, answers: dict) -> str | None:
        return guard(case)

    return ask


METHOD_STEPS = (S.PENDING_REVIEW, S.PENDING_COUNTY_APPROVAL, S.PENDING_IMPLEMENTATION)
AREA_STEPS = (S.PENDING_COMPLETION, S.PENDING_FINAL_INSPECTION)
# Number · gravity · when (a returned step asks again) · question; the moments are those of domain §12.
RULES = (
    Rule("DQ33", WARN, (S.PENDING_COUNTY_APPROVAL,), subsidised_before),
    Rule("DQ34", WARN, (S.PENDING_COUNTY_APPROVAL,), not_in_a_category),
    Rule("DQ34", WARN, (S.PENDING_FINAL_INSPECTION,), central_funds_without_category),
    Rule("DQ35", WARN, METHOD_STEPS, repairs_a_ruin),
    Rule("DQ36", WARN, METHOD_STEPS, rebuilds_a_sound_house),
    Rule("DQ37", BLOCK, (S.PENDING_COUNTY_APPROVAL,), _guarded(guards.house_is_dangerous)),
    Rule("DQ38", WARN, METHOD_STEPS, has_a_house_already),
    Rule("DQ43", WARN, (S.PENDING_IMPLEMENTATION, S.PENDING_FINAL_INSPECTION), started_before_approval),
    Rule("DQ50", WARN, (S.PENDING_COMPLETION,), built_too_fast),
    Rule("DQ51", WARN, (S.PENDING_COMPLETION,), grew_by_repair),
    Rule("DQ54", WARN, AREA_STEPS, larger_than_guided),
    Rule("DQ55", WARN, AREA_STEPS, smaller_than_guided),
)
