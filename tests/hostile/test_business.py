"""B-D: answers that no office could give, to every form of a step. Each is refused beside its field, in Chinese.

What a form does with right answers is in tests/renovation/test_forms_*.py.
"""

import datetime as dt

import pytest
from django.core.validators import DecimalValidator
from django.forms import DecimalField
from django.utils.timezone import make_aware

from common.clock import freeze, today
from renovation.forms import STEP_FORMS
from renovation.forms.payment import PaymentForm
from tests.factories import steps
from tests.factories.renovation import acceptance, appraisal
from tests.hostile.inventory import fresh, posted
from tests.hostile.test_text import HAN
from tests.renovation import step_answers

pytestmark = pytest.mark.django_db


def day(offset: int) -> str:
    return (today() + dt.timedelta(days=offset)).isoformat()


# Dates that are none, that lie ahead, or that lie before anybody kept registers.
NO_DATES = ("明天", "2026-02-30", "2026-13-01", "0000-00-00", "99999-01-01", "1", "2026-1-1-1")
TOO_EARLY = ("0001-01-01", "0206-05-01", "1899-12-31", "1949-09-30")
DATES = (*NO_DATES, *TOO_EARLY, day(1), day(400), "2099-01-01")
AREAS = ("0", "-1", "1000000000", "1e9", "1.005", "nan", "inf", "六十", "1e999999999")
SUMS = ("-1", "-0.01", "1.234", "1000000000000", "1e12", "nan", "-inf", "很多", "0x10", "1e999999999")
PEOPLE = ("0", "-1", "31", "99", "1.5", "三", "9" * 30)
CHOICES = ("", "yes", "0", "通过", "pass\x00", "PASS ", "C;D")
GIVEN_UP = {"reason": "given_up", "opinion": "书面放弃", "recovery": "recover", "recovery_reason": "没有开工"}
AGAIN = {"had_policy": "true", "policy_date": "2015-03", "policy_amount": "8000", "reentry_reason": "地震"}
# form, right answers, {field: wrong answers}
TABLE = (
    ("AcceptanceForm", acceptance, {"conclusion": CHOICES, "is_low_income": ("", "也许", "2")}),
    (
        "AcceptanceForm",
        lambda **more: acceptance(**(AGAIN | more)),
        {"policy_date": ("", "2099-01", "2026-13", "0001-01", "去年"), "policy_amount": ("", "0", *SUMS)},
    ),
    (
        "AppraisalForm",
        appraisal,
        {
            "grade": ("", "E", "c", "CD", "0"),
            "era": ("", "99"),
            "structure_archive": ("", "99", "-1"),
            "appraised_on": ("", *DATES, day(-3650), "2015-12-31"),
            "appraisal_org_uscc": ("91990101MA00000023", "1" * 18, "无"),
            "opinion": ("", "……", "字" * 1001),
        },
    ),
    (
        "ReviewForm",
        steps.review,
        {
            "conclusion": CHOICES,
            "review_date": ("", *DATES, day(-1)),
            "family_size": ("", *PEOPLE),
            "house_area": ("", *AREAS, "2001"),
            "era": ("", "99"),
            "proposed_method": ("", "burn"),
            "has_veteran": ("", "2"),
        },
    ),
    ("TownshipAuditForm", steps.audit, {"conclusion": CHOICES, "opinion": ("字" * 1001,)}),
    (
        "ApprovalForm",
        step_answers.approval,
        {
            "conclusion": CHOICES,
            "plan_year": ("", "2019", str(today().year - 1), str(today().year + 2), "9999", "-1", "今年"),
            "type": ("", "0"),
            "proposed_method": ("", "burn"),
            "energy_saving": ("", "2"),
        },
    ),
    (
        "ImplementationForm",
        steps.implementation,
        {"method": ("", "burn"), "start_date": ("", *DATES), "build_mode": ("", "0"), "builder_kind": ("", "0")},
    ),
    (
        "CompletionForm",
        steps.completion,
        {
            "completion_date": ("", *DATES),
            "after_area": ("", *AREAS, "2001", "0.99"),
            "after_floors": ("0", "-1", "21", "1.5", "9" * 30),
            "after_structure": ("", "1", "4", "12"),
        },
    ),
    (
        "InspectionForm",
        step_answers.inspection,
        {
            "conclusion": CHOICES,
            "accepted_on": ("", *DATES),
            "fund_central": ("", *SUMS),
            "fund_county": ("", *SUMS),
            "loan": SUMS,
            "subsidy_types": ("nothing", ""),
        },
    ),
    (
        "TerminationForm",
        lambda **more: {**GIVEN_UP, **more},
        {
            "reason": ("", "tired"),
            "recovery": ("", "no", "KEEP"),
            "recovery_reason": ("", "字" * 501),
            "opinion": ("", "……"),
        },
    ),
)
CASES = [(row, name, wrong) for row, (_, _, fields) in enumerate(TABLE) for name in fields for wrong in fields[name]]
PAID = {"paid_on": today().isoformat(), "amount": "6000", "payee": "张石山", "bank_last4": "0123"}
PAYMENTS = [("amount", wrong) for wrong in ("", "0", *SUMS)] + [
    ("paid_on", wrong) for wrong in ("", *NO_DATES, "0001-01-01", "1899-12-31")
]
PAYMENTS += [("bank_last4", wrong) for wrong in ("123", "12345", "622202", "٤٤٤٤", "abcd")]


def judged(name: str, answers: dict, case):
    return STEP_FORMS[name](posted(answers), instance=fresh(case))


def test_there_are_150_cases():
    assert len(CASES) + len(PAYMENTS) + len(HIDDEN) >= 150


def is_taken(form, field: str) -> bool:
    """Whether the form says nothing about that answer, or nothing in Chinese."""
    said = [str(text) for text in form.errors.get(field, ())]
    return not said or not all(HAN.search(text) for text in said)


def taken_by(case, row: int, fields=None) -> list[str]:
    """Wrong answers of that row of the table that its form takes."""
    name, right, _ = TABLE[row]
    mine = [(field, wrong) for number, field, wrong in CASES if number == row and field in (fields or (field,))]
    found = []
    for field, wrong in mine:
        if is_taken(judged(name, right(**{field: wrong}), case), field):
            found.append(f"{field}={wrong[:20]}")
    return found


def paid_by(fields=("amount", "paid_on", "bank_last4")) -> list[str]:
    """Wrong payments that the form takes."""
    mine = [(field, wrong) for field, wrong in PAYMENTS if field in fields]
    return [f"{field}={wrong}" for field, wrong in mine if is_taken(PaymentForm(posted(PAID | {field: wrong})), field)]


CONTROL = "test_control_each_field_without_its_rules_takes_one"


@pytest.mark.parametrize("row", range(len(TABLE)))
def test_answers_that_cannot_be_are_refused_beside_their_field(desk, row, tried):
    name, right, fields = TABLE[row]
    assert judged(name, right(), desk.case).errors == {}, "the answers must be right but for the one"
    assert taken_by(desk.case, row) == []
    tried("B-D", sum(map(len, fields.values())), "impossible answers to the forms of the steps", CONTROL)


def test_payments_that_cannot_be_are_refused(desk, tried):
    assert PaymentForm(posted(PAID)).errors == {}
    assert paid_by() == []
    tried("B-D", len(PAYMENTS), "impossible payments", "test_control_payments_without_rules_are_taken")


def lawless(monkeypatch, form_class, name: str) -> None:
    """The field takes whatever can be read at all: its own rules, those of the form and of the model are gone."""
    made = form_class.__init__

    def without_rules(self, *args, **kwargs):
        made(self, *args, **kwargs)
        field = self.fields[name]
        field.required = field.asked = False
        # Numbers stay finite and short enough to be summed up; that alone is no rule of this house.
        field.validators = [one for one in field.validators if isinstance(one, DecimalValidator)]
        if not isinstance(field, DecimalField):
            field.validate = lambda value: None
        setattr(self, f"clean_{name}", lambda: self.cleaned_data.get(name))
        self.is_required = lambda one: one != name and form_class.is_required(self, one)
        self._post_clean = lambda: None

    monkeypatch.setattr(form_class, "__init__", without_rules)


@pytest.mark.parametrize("row", range(len(TABLE)))
def test_control_each_field_without_its_rules_takes_one(desk, row, monkeypatch):
    """Field by field: without its rules the proof above fails."""
    name, _, fields = TABLE[row]
    for field in fields:
        with monkeypatch.context() as patched:
            lawless(patched, STEP_FORMS[name], field)
            assert taken_by(desk.case, row, (field,)), field


@pytest.mark.parametrize("field", ["amount", "paid_on", "bank_last4"])
def test_control_payments_without_rules_are_taken(desk, field, monkeypatch):
    lawless(monkeypatch, PaymentForm, field)
    assert paid_by((field,))


# A question whose parent says no: (form, answers, the hidden field, what is sent for it, what must be kept).
HIDDEN = (
    ("AcceptanceForm", lambda: acceptance(policy_date="2015-03"), "policy_date", None),
    ("AcceptanceForm", lambda: acceptance(policy_amount="8000"), "policy_amount", None),
    ("AcceptanceForm", lambda: acceptance(policy_amount="-1"), "policy_amount", None),
    ("AcceptanceForm", lambda: acceptance(reentry_reason="地震"), "reentry_reason", ""),
    ("ReviewForm", lambda: steps.review(conclusion="fail"), "proposed_method", ""),
    ("ReviewForm", lambda: steps.review(conclusion="fail"), "publicity_place", ""),
    ("ReviewForm", lambda: steps.review(era_reason="没有改"), "era_reason", ""),
    ("ApprovalForm", lambda: steps.approval(home_visit="false"), "visit_note", ""),
    ("ApprovalForm", lambda: steps.approval(conclusion="fail"), "plan_year", None),
    ("ApprovalForm", lambda: steps.approval(conclusion="fail", plan_year="1"), "plan_year", None),
    ("ApprovalForm", lambda: steps.approval(conclusion="fail"), "type", ""),
    ("ApprovalForm", lambda: steps.approval(conclusion="fail"), "proposed_method", ""),
    ("ApprovalForm", lambda: steps.approval(conclusion="fail", energy_saving="true"), "energy_saving", None),
    ("ImplementationForm", lambda: steps.implementation(builder_name="某公司"), "builder_name", ""),
    ("ImplementationForm", lambda: steps.implementation(builder_uscc="1"), "builder_uscc", ""),
    ("ImplementationForm", lambda: steps.implementation(artisan="王师傅"), "artisan", None),
    ("InspectionForm", lambda: steps.inspection(conclusion="fail"), "fund_central", None),
    ("InspectionForm", lambda: steps.inspection(conclusion="fail", fund_central="-1"), "fund_central", None),
    ("InspectionForm", lambda: steps.inspection(conclusion="fail"), "inspector", ""),
    ("InspectionForm", lambda: steps.inspection(conclusion="fail"), "subsidy_types", []),
    ("InspectionForm", lambda: steps.inspection(conclusion="fail", accepted_on="x"), "accepted_on", None),
)


def test_answer_to_a_question_that_was_not_asked_is_dropped(desk, tried):
    kept = {}
    for name, answers, field, empty in HIDDEN:
        form = judged(name, answers(), desk.case)
        if not form.is_valid() or form.cleaned_data[field] not in (empty, "", None, []):
            kept[f"{name}.{field}"] = form.errors or form.cleaned_data[field]
    assert kept == {}
    tried(
        "B-D",
        len(HIDDEN),
        "answers to questions whose parent says no",
        "test_control_without_the_table_of_conditions_it_is_kept",
    )


def test_control_without_the_table_of_conditions_it_is_kept(desk, monkeypatch):
    monkeypatch.setattr(STEP_FORMS["AcceptanceForm"], "CONDITIONS", ())
    form = judged("AcceptanceForm", acceptance(**AGAIN | {"had_policy": "false"}), desk.case)
    assert form.is_valid()
    assert form.cleaned_data["policy_amount"] == 8000


ORDER = [("CompletionForm", steps.completion, "completion_date", "start_date", "不能早于开工日期")]
ORDER += [("InspectionForm", step_answers.inspection, "accepted_on", "completion_date", "不能早于竣工日期")]


def out_of_order(desk, row, offset: int) -> list[str]:
    """What the form says of a date so many days off the one before it, which is today."""
    name, right, field, before, _ = row
    case = fresh(desk.case)
    setattr(case.project, before, today())
    form = STEP_FORMS[name](posted(right(**{field: day(offset)})), instance=case)
    return [str(text) for text in form.errors.get(field, ())]


@pytest.mark.parametrize("row", ORDER)
def test_dates_keep_the_order_of_the_steps(desk, row, tried):
    """竣工 before 开工, 验收 before 竣工; of the same day they may be (domain §11 V12)."""
    for offset in (-1, -40):
        assert row[-1] in out_of_order(desk, row, offset)[0]
    assert out_of_order(desk, row, 0) == []
    tried("B-D", 3, "dates in the order of the steps", "test_control_without_the_rule_works_end_before_they_begin")


@pytest.mark.parametrize("row", ORDER)
def test_control_without_the_rule_works_end_before_they_begin(desk, row, monkeypatch):
    lawless(monkeypatch, STEP_FORMS[row[0]], row[2])
    assert out_of_order(desk, row, -40) == []


@pytest.mark.parametrize(
    ("appraised_on", "is_young"), [("2020-12-31", False), ("2021-01-01", True), ("2026-01-05", True)]
)
def test_appraisal_of_five_years_before_the_application_is_the_oldest(desk, appraised_on, is_young, tried):
    """Applied on the first day of 2026: the first day of 2021 is just young enough (domain §4.5)."""
    case = fresh(desk.case)
    case.submitted_at = make_aware(dt.datetime(2026, 1, 1, 9))
    with freeze(dt.date(2026, 1, 5)):
        form = STEP_FORMS["AppraisalForm"](posted(appraisal(appraised_on=appraised_on)), instance=case)
        assert ("appraised_on" not in form.errors) is is_young
    tried("B-D", 1, "ages of an appraisal", CONTROL)
