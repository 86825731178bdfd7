"""Every doubt of domain §12 that a step raises: once with what raises it, once with what just does not."""

import datetime as dt
from decimal import Decimal

import pytest

from common.clock import now, today
from common.errors import Refusal
from households.choices import Category, PolicyType, Source
from households.models import HouseholdCategory, PolicyBenefit
from renovation.choices import ArchiveState, CaseState, Method, PublicityState, Slot
from renovation.models import Case, Objection, RenovationProject
from renovation.queries.warnings import RULES, blocks_of, warnings_of
from tests.factories.projects import make_project
from tests.factories.renovation import make_case, take_step
from tests.factories.steps import attach, audit

DAY = dt.date(2026, 5, 20)
REVIEW, APPROVAL = CaseState.PENDING_REVIEW, CaseState.PENDING_COUNTY_APPROVAL
WORKS, COMPLETION = CaseState.PENDING_IMPLEMENTATION, CaseState.PENDING_COMPLETION
INSPECTION = CaseState.PENDING_FINAL_INSPECTION


def codes(case: Case, answers: dict) -> list[str]:
    return [one.code for one in warnings_of(case, {"conclusion": "pass", **answers})]


def built(state: str, method: str, *, size: int = 4, **project) -> Case:
    """A case, unsaved, whose house is being built that way."""
    case = Case(state=state, grade="D", family_size=size, house_area=Decimal(100))
    case.project = RenovationProject(method=method, approved_on=DAY, **{"start_date": DAY, **project})
    return case


METHODS = [
    ("DQ35", "D", Method.REPAIR, True),
    ("DQ35", "D", Method.REBUILD, False),
    ("DQ35", "C", Method.REPAIR, False),
    ("DQ36", "C", Method.REBUILD, True),
    ("DQ36", "C", Method.RELOCATE, True),
    ("DQ36", "C", Method.REPAIR, False),
    ("DQ36", "D", Method.REBUILD, False),
    ("DQ38", "D", Method.NEW_HOME, True),
    ("DQ38", "D", Method.REBUILD, False),
]


@pytest.mark.parametrize(("state", "question"), [(REVIEW, "proposed_method"), (WORKS, "method")])
@pytest.mark.parametrize(("code", "grade", "method", "fires"), METHODS)
def test_a_method_that_does_not_suit_the_grade_raises_a_doubt(state, question, code, grade, method, fires):
    assert (code in codes(Case(state=state, grade=grade), {question: method})) is fires


@pytest.mark.parametrize(("code", "grade", "method", "fires"), METHODS)
def test_the_county_is_told_the_same_when_it_confirms_the_method(world, code, grade, method, fires):
    case = Case(state=APPROVAL, grade=grade, applicant_id_index="none")
    assert (code in codes(case, {"proposed_method": method})) is fires


def days(number: int) -> dt.date:
    return DAY + dt.timedelta(days=number)


WORKS_AND_HOUSE = [
    # What the township answers at 组织实施 and 提交验收
    ("DQ43", built(WORKS, "", start_date=None), {"start_date": days(-1)}, True),
    ("DQ43", built(WORKS, "", start_date=None), {"start_date": DAY}, False),
    ("DQ50", built(COMPLETION, Method.REBUILD), {"completion_date": days(19)}, True),
    ("DQ50", built(COMPLETION, Method.REBUILD), {"completion_date": days(20)}, False),
    ("DQ50", built(COMPLETION, Method.REPAIR), {"completion_date": days(5)}, False),
    ("DQ51", built(COMPLETION, Method.REPAIR), {"after_area": Decimal("110.01")}, True),
    ("DQ51", built(COMPLETION, Method.REPAIR), {"after_area": Decimal(110)}, False),
    ("DQ51", built(COMPLETION, Method.REPAIR, before_area=Decimal(110)), {"after_area": Decimal(120)}, False),
    ("DQ51", built(COMPLETION, Method.REBUILD), {"after_area": Decimal(130)}, False),
    ("DQ54", built(COMPLETION, Method.REBUILD, size=3), {"after_area": Decimal("60.01")}, True),
    ("DQ54", built(COMPLETION, Method.REBUILD, size=3), {"after_area": Decimal(60)}, False),
    ("DQ54", built(COMPLETION, Method.RELOCATE, size=5), {"after_area": Decimal("90.5")}, True),
    ("DQ54", built(COMPLETION, Method.RELOCATE, size=5), {"after_area": Decimal(90)}, False),
    ("DQ54", built(COMPLETION, Method.REPAIR, size=1), {"after_area": Decimal(100)}, False),
    ("DQ55", built(COMPLETION, Method.REBUILD, size=1), {"after_area": Decimal("19.99")}, True),
    ("DQ55", built(COMPLETION, Method.REBUILD, size=1), {"after_area": Decimal(20)}, False),
    ("DQ55", built(COMPLETION, Method.REBUILD, size=2), {"after_area": Decimal(29)}, True),
    ("DQ55", built(COMPLETION, Method.REBUILD, size=3), {"after_area": Decimal(39)}, True),
    ("DQ55", built(COMPLETION, Method.REBUILD, size=6), {"after_area": Decimal(77)}, True),
    ("DQ55", built(COMPLETION, Method.REBUILD, size=6), {"after_area": Decimal(78)}, False),
]


@pytest.mark.parametrize(("code", "case", "answers", "fires"), WORKS_AND_HOUSE)
def test_works_and_house_raise_their_doubts_at_the_township(code, case, answers, fires):
    assert (code in codes(case, answers)) is fires


JUDGED = [
    ("DQ43", built(INSPECTION, Method.REBUILD, start_date=days(-1)), True),
    ("DQ43", built(INSPECTION, Method.REBUILD), False),
    ("DQ54", built(INSPECTION, Method.REBUILD, after_area=Decimal(73)), True),
    ("DQ54", built(INSPECTION, Method.REBUILD, after_area=Decimal(72)), False),
    ("DQ55", built(INSPECTION, Method.REBUILD, after_area=Decimal(51)), True),
    ("DQ55", built(INSPECTION, Method.REBUILD, after_area=Decimal(52)), False),
    # The auditing side is not asked what only the entry side can say.
    ("DQ50", built(INSPECTION, Method.REBUILD, completion_date=days(3)), False),
]


@pytest.mark.parametrize(("code", "case", "fires"), JUDGED)
def test_the_county_reads_the_same_doubts_in_the_project(code, case, fires):
    assert (code in codes(case, {"fund_central": Decimal(0)})) is fires


@pytest.mark.parametrize(("grade", "fires"), [("A", True), ("B", True), ("C", False), ("D", False)])
def test_dq37_a_safe_house_is_blocked_at_the_approval_and_nowhere_else(grade, fires):
    blocked = [Case(state=state, grade=grade) for state in (APPROVAL, WORKS)]
    found = [[one.code for one in blocks_of(case, {"conclusion": "pass"})] for case in blocked]
    assert found == [["DQ37"] if fires else [], []]


def test_whoever_refuses_is_asked_nothing():
    case = Case(state=REVIEW, grade="D")
    answers = {"proposed_method": Method.REPAIR}
    assert warnings_of(case, {**answers, "conclusion": "pass"})
    assert warnings_of(case, {**answers, "conclusion": "fail"}) == []
    assert blocks_of(Case(state=APPROVAL, grade="A"), {"conclusion": "fail"}) == []


def test_every_doubt_has_a_sentence_an_officer_can_act_on(world):
    texts = [one.text for code, case, answers, fires in WORKS_AND_HOUSE if fires for one in warnings_of(case, answers)]
    assert "5人户新建90.5平方米，高于建村〔2018〕115号的指导面积（65—90平方米）" in texts
    assert "修缮加固后面积由100平方米增加到110.01平方米，增加超过10%" in texts
    assert "新建房屋从开工到竣工只有19天（少于20天）" in texts
    assert "开工日期（2026-05-19）早于审批日期（2026-05-20）" in texts


def test_the_table_asks_at_open_steps_only():
    assert {rule.code for rule in RULES} == {
        "DQ33", "DQ34", "DQ35", "DQ36", "DQ37", "DQ38", "DQ43", "DQ50", "DQ51", "DQ54", "DQ55"
    }  # fmt: skip
    assert all(CaseState(state).value.startswith("pending_") for rule in RULES for state in rule.steps)


# DQ33 and DQ34 ask the ledger.


@pytest.fixture
def case(world):
    """At the approval, of a family that the county knows as low-income (受理 said so)."""
    case = make_case(world, CaseState.PENDING_REVIEW)
    Case.objects.filter(pk=case.pk).update(state=APPROVAL)
    return Case.objects.get(pk=case.pk)


def earlier_project(case: Case, **columns) -> RenovationProject:
    """Of the same family, not yet finished."""
    return make_project(case, is_linked=False, central=0, county=0, plan_year=2021, **columns)


def benefit_of(case: Case, policy_type: str = PolicyType.RENOVATION) -> PolicyBenefit:
    return PolicyBenefit.objects.create(
        household=case.household,
        policy_type=policy_type,
        benefit_on=dt.date(2019, 6, 1),
        source=Source.IMPORT,
        source_uid=case.household.uid,
    )


def test_dq33_a_family_subsidised_before_wants_a_reason(case):
    assert codes(case, {}) == []
    benefit_of(case)
    (doubt,) = warnings_of(case, {"conclusion": "pass"})
    assert (doubt.code, doubt.text) == (
        "DQ33",
        "该户曾于2019年06月享受农村危房改造政策，没有填写再次成为危房的原因",
    )
    case.reentry_reason = "2025年洪水冲毁"
    assert codes(case, {}) == []


def test_dq33_another_policy_is_no_renovation(case):
    benefit_of(case, PolicyType.RELOCATION)
    assert codes(case, {}) == []


def test_dq33_an_earlier_project_counts_once_it_was_finished(case):
    project = earlier_project(case)
    assert codes(case, {}) == []
    RenovationProject.objects.filter(pk=project.pk).update(archive_state=ArchiveState.APPROVED)
    assert codes(case, {}) == ["DQ33"]


def test_dq33_the_cases_own_project_is_no_earlier_one(case):
    project = earlier_project(case, archive_state=ArchiveState.APPROVED)
    RenovationProject.objects.filter(pk=project.pk).update(case=case)
    assert codes(Case.objects.get(pk=case.pk), {}) == []


def test_dq34_a_family_in_no_category_is_doubted_at_the_approval(case):
    HouseholdCategory.objects.filter(household=case.household).delete()
    HouseholdCategory.objects.create(
        household=case.household, category=Category.GENERAL, valid_from=today(), source="case"
    )
    (doubt,) = warnings_of(case, {"conclusion": "pass"})
    assert (doubt.code, doubt.text) == ("DQ34", "该户不在低收入群体六类重点对象名单中")


def test_dq34_a_category_that_ended_is_named_with_its_day(case):
    yesterday = today() - dt.timedelta(days=1)
    rows = HouseholdCategory.objects.filter(household=case.household)
    rows.update(category=Category.DIBAO, valid_to=today())
    assert codes(case, {}) == []
    rows.update(valid_to=yesterday)
    (doubt,) = warnings_of(case, {"conclusion": "pass"})
    assert doubt.text == f"该户的对象类别（低保户）已于{yesterday:%Y-%m-%d}终止"


@pytest.mark.parametrize(("amount", "is_known", "was_known", "fires"), [
    (Decimal(1), False, False, True),
    (Decimal(0), False, False, False),
    (Decimal(1), True, False, False),
    (Decimal(1), False, True, False),
])  # fmt: skip
def test_dq34_central_money_is_for_the_six_categories(case, amount, is_known, was_known, fires):
    if not is_known:
        HouseholdCategory.objects.filter(household=case.household).delete()
    project = earlier_project(case, categories=[Category.TEKUN] if was_known else [])
    RenovationProject.objects.filter(pk=project.pk).update(case=case)
    Case.objects.filter(pk=case.pk).update(state=INSPECTION)
    assert (codes(Case.objects.get(pk=case.pk), {"fund_central": amount}) == ["DQ34"]) is fires


# DQ47 stands in the guards of 审核·通过: here is the proof that each of its three reasons stops the audit.


@pytest.fixture
def audited(world):
    """At 审核, publicised, with every file."""
    case = make_case(world, CaseState.PENDING_TOWNSHIP_AUDIT)
    for slot in (Slot.NOTICE, Slot.SUPPORT):
        attach(case, slot, by=world.township_officer)
    return case


def audit_of(world, case: Case) -> Case:
    return take_step(Case.objects.get(pk=case.pk), by=world.township_officer, answers=audit())


def test_dq47_a_notice_that_ran_its_days_with_a_photo_and_no_objection_passes(world, audited):
    assert audit_of(world, audited).state == CaseState.PENDING_COUNTY_APPROVAL


def spoil_days(world, case):
    case.publicities.update(state=PublicityState.TAKEN_DOWN)


def spoil_photo(world, case):
    case.files(Slot.NOTICE).delete()


def spoil_objection(world, case):
    said = {"is_anonymous": True, "content": "该户另有住房", "registered_by": world.cadre, "registered_by_name": "甲"}
    moment = {"registered_at": now(), "due_on": today(), "due_at": now()}
    Objection.objects.create(publicity=case.last_publicity(), **said, **moment)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (spoil_days, "公示未满7天，不能审核通过"),
        (spoil_photo, "请上传公示照片"),
        (spoil_objection, "公示期间有异议尚未处理"),
    ],
)
def test_dq47_blocks_the_audit(world, audited, spoil, words):
    spoil(world, audited)
    with pytest.raises(Refusal, match=words):
        audit_of(world, audited)
    assert Case.objects.get(pk=audited.pk).state == CaseState.PENDING_TOWNSHIP_AUDIT
