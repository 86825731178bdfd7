"""The conditional rules of 评议, 审核 and 审批 (domain §4.6–4.8, §11)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from common.clock import today
from households.models import Person
from renovation.choices import CaseState, Slot
from renovation.forms import ApprovalForm, ReviewForm, TownshipAuditForm
from renovation.models import Case, CaseNode
from tests.factories.people import make_id_number
from tests.renovation.step_answers import approval, at, audit, review

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(world) -> Case:
    return at(world, CaseState.PENDING_REVIEW)


REVIEWS = [
    ({}, ""),
    ({"conclusion": ""}, "conclusion"),
    ({"conclusion": "fail", "opinion": "不符合条件"}, ""),
    ({"conclusion": "fail"}, "opinion"),
    ({"conclusion": "fail", "opinion": "，。 ！"}, "opinion"),
    ({"opinion": "字" * 1001}, "opinion"),
    ({"family_size": ""}, "family_size"),
    ({"family_size": "0"}, "family_size"),
    ({"family_size": "31"}, "family_size"),
    ({"family_size": "三"}, "family_size"),
    ({"house_area": ""}, "house_area"),
    ({"house_area": "0"}, "house_area"),
    ({"house_area": "2001"}, "house_area"),
    ({"house_area": "2000平方米"}, ""),
    ({"has_veteran": ""}, "has_veteran"),
    ({"has_disabled": ""}, "has_disabled"),
    ({"proposed_method": ""}, "proposed_method"),
    ({"conclusion": "fail", "opinion": "不符合条件", "proposed_method": ""}, ""),
    ({"publicity_place": ""}, "publicity_place"),
    ({"conclusion": "fail", "opinion": "不符合条件", "publicity_place": ""}, ""),
    ({"era": ""}, "era"),
    ({"era": "3"}, "era_reason"),
    ({"era": "3", "era_reason": "房产证载明建于1995年"}, ""),
    ({"review_date": ""}, "review_date"),
]


@pytest.mark.parametrize(("answers", "wrong"), REVIEWS)
def test_rules_of_the_review(case, answers, wrong):
    form = ReviewForm(review(**answers), instance=case)
    assert list(form.errors) == ([wrong] if wrong else [])


@pytest.mark.parametrize(("days", "is_right"), [(0, True), (1, False), (-1, False)])
def test_review_is_held_between_the_appraisal_and_today(case, days, is_right):
    # The appraisal of the factory was decided today.
    form = ReviewForm(review(review_date=(today() + timedelta(days=days)).isoformat()), instance=case)
    assert form.is_valid() is is_right


def test_review_may_be_as_old_as_the_appraisal(case):
    node = CaseNode.objects.get(case=case, code=CaseState.PENDING_APPRAISAL)
    node.handled_at -= timedelta(days=3)
    node.save()
    day = timezone.localtime(node.handled_at).date()
    assert ReviewForm(review(review_date=day.isoformat()), instance=case).is_valid()
    early = ReviewForm(review(review_date=(day - timedelta(days=1)).isoformat()), instance=case)
    assert f"不能早于认定日期（{day:%Y-%m-%d}）" in early.errors["review_date"][0]


def test_review_writes_the_case_and_its_conclusion(case):
    form = ReviewForm(review(era="3", era_reason="房产证载明"), instance=case)
    assert form.is_valid(), form.errors
    locked = Case.objects.get(pk=case.pk)
    form.apply_to(locked)
    assert (locked.review_conclusion, locked.era, locked.family_size) == ("pass", "3", 3)
    assert form.payload()["era_reason"] == "房产证载明"
    assert Case.objects.get(pk=case.pk).review_conclusion == ""


def test_failed_review_keeps_no_hidden_answers(case):
    form = ReviewForm(review(conclusion="fail", opinion="不符合条件"), instance=case)
    assert form.is_valid()
    form.apply_to(case)
    assert (case.review_conclusion, case.proposed_method, case.publicity_place) == ("fail", "", "")


def test_review_suggests_what_is_known(case):
    case.members.create(name="张小山", relation="20", id_number=(number := make_id_number("19990101")))
    Person.objects.create(name="张小山", id_number=number, gender="male", birth_year=1999, is_veteran=True)
    form = ReviewForm(instance=case)
    assert form["family_size"].value() == 2
    assert form["has_veteran"].value() is True
    assert form["has_disabled"].value() is None
    assert form["proposed_method"].value() == "rebuild"
    assert form["era"].value() == case.era


def test_review_asks_for_site_and_result_photos(case):
    assert [(one.slot, one.minimum, one.is_photo) for one in ReviewForm(instance=case).uploads()] == [
        (Slot.SITE, 1, True),
        (Slot.REVIEW_RESULT, 1, True),
    ]


AUDITS = [
    ("pass", {}, ""),
    ("pass", {"conclusion": "fail"}, "opinion"),
    ("pass", {"conclusion": "fail", "opinion": "材料不齐全"}, ""),
    ("pass", {"conclusion": ""}, "conclusion"),
    ("fail", {}, "opinion"),
    ("fail", {"opinion": "同意评议结论"}, ""),
    ("fail", {"conclusion": "fail"}, "opinion"),
]


@pytest.mark.parametrize(("reviewed", "answers", "wrong"), AUDITS)
def test_rules_of_the_audit(case, reviewed, answers, wrong):
    case.review_conclusion = reviewed
    form = TownshipAuditForm(audit(**answers), instance=case)
    assert list(form.errors) == ([wrong] if wrong else [])
    if not wrong:
        assert form.cleaned_data["review"] == reviewed


def test_audit_wants_the_photo_of_the_notice_only_where_there_was_one(case):
    case.review_conclusion = "pass"
    notice, support = TownshipAuditForm(instance=case).uploads()
    assert (notice.slot, support.slot) == (Slot.NOTICE, Slot.SUPPORT)
    assert notice.is_required({"conclusion": "pass"})
    assert not notice.is_required({"conclusion": "fail"})
    assert not support.is_required({"conclusion": "pass"})
    case.review_conclusion = "fail"
    assert [one.slot for one in TownshipAuditForm(instance=case).uploads()] == [Slot.SUPPORT]


def test_audit_of_a_failed_review_says_where_each_answer_leads(case):
    case.review_conclusion = "fail"
    form = TownshipAuditForm(audit(opinion="同意评议结论"), instance=case)
    assert form.is_valid()
    assert form.conclusion_label() == "通过（确认评议不通过）"


APPROVALS = [
    ({}, ""),
    ({"conclusion": ""}, "conclusion"),
    ({"conclusion": "fail"}, "opinion"),
    ({"conclusion": "fail", "opinion": "不符合条件"}, ""),
    ({"home_visit": ""}, "home_visit"),
    ({"home_visit": "true"}, "visit_note"),
    ({"home_visit": "true", "visit_note": "情况属实"}, ""),
    ({"plan_year": ""}, "plan_year"),
    ({"plan_year": "2019"}, "plan_year"),
    ({"type": ""}, "type"),
    ({"proposed_method": ""}, "proposed_method"),
    ({"energy_saving": ""}, "energy_saving"),
    ({"accessibility": ""}, "accessibility"),
    ({"conclusion": "fail", "opinion": "不符合条件", "plan_year": "", "type": "", "energy_saving": ""}, ""),
]


@pytest.mark.parametrize(("answers", "wrong"), APPROVALS)
def test_rules_of_the_approval(case, answers, wrong):
    form = ApprovalForm(approval(**answers), instance=case)
    assert list(form.errors) == ([wrong] if wrong else [])


def test_plan_is_for_this_year_or_the_next(case):
    year = today().year
    assert [code for code, _ in ApprovalForm(instance=case).fields["plan_year"].choices] == [year, year + 1]
    form = ApprovalForm(approval(plan_year=str(year + 1)), instance=case)
    assert form.is_valid()
    assert form.cleaned_data["plan_year"] == year + 1


def test_approval_shows_the_proposed_method_and_confirms_it_only_by_passing(case):
    case.proposed_method = "relocate"
    assert ApprovalForm(instance=case)["proposed_method"].value() == "relocate"
    failed = ApprovalForm(approval(conclusion="fail", opinion="不符合条件"), instance=Case.objects.get(pk=case.pk))
    assert failed.is_valid()
    failed.apply_to(case)
    assert case.proposed_method == "relocate"
    passed = ApprovalForm(approval(), instance=Case.objects.get(pk=case.pk))
    assert passed.is_valid()
    passed.apply_to(case)
    assert case.proposed_method == "rebuild"


@pytest.fixture
def audited(world, case) -> Case:
    CaseNode.objects.filter(case=case, handled_at__isnull=True).update(
        code=CaseState.PENDING_TOWNSHIP_AUDIT, handled_at=timezone.now(), handler_name="李乡镇", opinion="同意上报。"
    )
    return case


@pytest.mark.parametrize(
    ("words", "kept"), [("同意上报。", ""), ("", ""), ("经核实，同意上报。", "经核实，同意上报。")]
)
def test_only_a_changed_opinion_of_the_township_is_an_amendment(audited, words, kept):
    assert ApprovalForm(instance=audited)["amended_township_opinion"].value() == "同意上报。"
    form = ApprovalForm(approval(amended_township_opinion=words), instance=audited)
    assert form.is_valid()
    assert form.cleaned_data["amended_township_opinion"] == kept


def test_visit_photos_are_asked_for_after_a_visit(case):
    (visit,) = ApprovalForm(instance=case).uploads()
    assert (visit.slot, visit.minimum) == (Slot.VISIT, 0)
    assert visit.condition_attrs() == {"data-show-if": '[{"home_visit": ["true"]}]'}
