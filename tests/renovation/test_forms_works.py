"""The rules of 组织实施, 提交验收, 验收 and of the small forms behind buttons (domain §4.9–4.11, §11)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from artisans.models import Artisan
from common.clock import today
from regions.options import load_options
from renovation.choices import CaseState, Slot
from renovation.forms import (
    CompletionForm,
    ImplementationForm,
    InspectionForm,
    ReopeningForm,
    ReturnForm,
    TerminationForm,
    UpheldObjectionForm,
)
from renovation.models import Case
from tests.factories.people import make_id_number
from tests.factories.steps import completion, implementation
from tests.renovation.step_answers import at, inspection, with_project

pytestmark = pytest.mark.django_db
# A made-up company; the last character is the check digit of GB 32100.
USCC = "99990000MA00000006"


@pytest.fixture
def case(world) -> Case:
    return with_project(at(world, CaseState.PENDING_IMPLEMENTATION, proposed_method="rebuild"))


@pytest.fixture
def uscc() -> str:
    from common.identity import validate_uscc

    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    for last in alphabet:
        try:
            validate_uscc(USCC[:-1] + last)
        except Exception:  # noqa: BLE001, S112
            continue
        return USCC[:-1] + last
    raise AssertionError("no check digit fits")


def make_artisan(world, name: str = "李师傅", region=None) -> Artisan:
    region = region or world.county
    return Artisan.objects.create(
        region=region,
        region_key=region.key,
        name=name,
        id_number=make_id_number(),
        phone="15400000001",
        is_lead=False,
        is_certified=True,
        trades=["mason"],
        person_types=["migrant_worker"],
        created_by=world.officer,
    )


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({}, []),
        ({"method": ""}, ["method"]),
        ({"start_date": ""}, ["start_date"]),
        ({"start_date": "2099-01-01"}, ["start_date"]),
        ({"build_mode": ""}, ["build_mode"]),
        ({"builder_kind": ""}, ["builder_kind"]),
        ({"builder_kind": "artisan"}, ["artisan"]),
        ({"builder_kind": "artisan", "artisan": "无此人"}, ["artisan"]),
        ({"builder_kind": "firm"}, ["builder_name", "builder_uscc"]),
        ({"builder_kind": "firm", "builder_name": "建筑公司", "builder_uscc": "123"}, ["builder_uscc"]),
        ({"builder_kind": "self", "artisan": "无此人", "builder_uscc": "123"}, []),
    ],
)
def test_rules_of_the_works(case, answers, wrong):
    form = ImplementationForm(implementation(**answers), instance=case)
    assert list(form.errors) == wrong


def test_firm_is_known_by_its_credit_code(case, uscc):
    answers = implementation(builder_kind="firm", builder_name="建筑公司", builder_uscc=uscc.lower())
    form = ImplementationForm(answers, instance=case)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["builder_uscc"] == uscc


def test_artisan_is_found_by_name_in_the_county(world, case):
    artisan = make_artisan(world)
    make_artisan(world, region=world.regions["990102000000"])
    form = ImplementationForm(implementation(builder_kind="artisan", artisan="李师傅"), instance=case)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["artisan"] == artisan
    assert "李师傅" in form.payload()["artisan"]
    form.apply_to(case)
    assert case.project.artisan == artisan
    assert f"编号{artisan.pk}" in str(ImplementationForm(instance=case)["artisan"].value())


def test_two_artisans_of_one_name_are_told_apart_by_number(world, case):
    first, second = make_artisan(world), make_artisan(world)
    page = str(ImplementationForm(instance=case)["artisan"])
    assert f"编号{first.pk}" in page
    form = ImplementationForm(implementation(builder_kind="artisan", artisan="李师傅"), instance=case)
    assert "有2名同名工匠" in form.errors["artisan"][0]
    chosen = f"李师傅（{second.region.name}，编号{second.pk}）"
    form = ImplementationForm(implementation(builder_kind="artisan", artisan=chosen), instance=case)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["artisan"] == second


def test_artisan_of_another_county_is_not_offered(world, case):
    foreign = make_artisan(world, "王师傅", world.regions["990102000000"])
    assert "王师傅" not in str(ImplementationForm(instance=case)["artisan"])
    for words in ("王师傅", f"王师傅（邻县，编号{foreign.pk}）"):
        form = ImplementationForm(implementation(builder_kind="artisan", artisan=words), instance=case)
        assert "artisan" in form.errors


def test_works_fill_the_project_without_saving_it(case):
    assert ImplementationForm(instance=case)["method"].value() == "rebuild"
    form = ImplementationForm(implementation(method="repair"), instance=case)
    assert form.is_valid()
    locked = Case.objects.get(pk=case.pk)
    form.apply_to(locked)
    assert (locked.project.method, locked.project.start_date) == ("repair", today())
    assert Case.objects.get(pk=case.pk).project.method == ""


def test_works_want_photos_before_and_the_agreement(case):
    uploads = ImplementationForm(instance=case).uploads()
    assert {one.slot for one in uploads if one.is_required({})} == {Slot.BEFORE, Slot.AGREEMENT}
    assert {one.slot for one in uploads if one.is_photo} == {Slot.BEFORE}


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({}, []),
        ({"after_structure": ""}, ["after_structure"]),
        ({"after_structure": "4"}, ["after_structure"]),
        ({"after_structure": "11"}, []),
        ({"after_area": ""}, ["after_area"]),
        ({"after_area": "0.5"}, ["after_area"]),
        ({"after_area": "2001"}, ["after_area"]),
        ({"after_floors": ""}, []),
        ({"after_floors": "21"}, ["after_floors"]),
        ({"after_ownership": ""}, ["after_ownership"]),
        ({"old_house_disposal": ""}, ["old_house_disposal"]),
        ({"completion_date": ""}, ["completion_date"]),
        ({"completion_date": "2099-01-01"}, ["completion_date"]),
    ],
)
def test_rules_of_the_completion(case, answers, wrong):
    form = CompletionForm(completion(**answers), instance=case)
    assert list(form.errors) == wrong


@pytest.mark.parametrize(("days", "is_right"), [(0, True), (-1, False)])
def test_works_are_not_finished_before_they_began(case, days, is_right):
    start = today() - timedelta(days=10)
    type(case.project).objects.filter(pk=case.project.pk).update(start_date=start)
    case = Case.objects.get(pk=case.pk)
    form = CompletionForm(completion(completion_date=(start + timedelta(days=days)).isoformat()), instance=case)
    assert form.is_valid() is is_right


def test_completion_offers_sound_structures_only_and_wants_photos(case):
    form = CompletionForm(instance=case)
    assert [code for code, _ in form.fields["after_structure"].choices] == ["", *(str(n) for n in range(5, 12))]
    assert [one.slot for one in form.uploads() if one.is_required({}) and one.is_photo] == [Slot.DURING, Slot.AFTER]


@pytest.fixture
def finished(case) -> Case:
    load_options()
    type(case.project).objects.filter(pk=case.project.pk).update(
        start_date=today() - timedelta(days=60), completion_date=today() - timedelta(days=5)
    )
    return Case.objects.get(pk=case.pk)


FAILED = {"conclusion": "fail", "accepted_on": "", "inspector": "", "subsidy_types": [], "fund_central": "", "loan": ""}


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({}, []),
        ({"conclusion": ""}, ["conclusion"]),
        ({"opinion": ""}, ["opinion"]),
        (FAILED, []),
        (FAILED | {"opinion": ""}, ["opinion"]),
        ({"accepted_on": ""}, ["accepted_on"]),
        ({"accepted_on": "2099-01-01"}, ["accepted_on"]),
        ({"inspector": ""}, ["inspector"]),
        ({"subsidy_types": []}, ["subsidy_types"]),
        ({"subsidy_types": ["nothing"]}, ["subsidy_types"]),
        ({"fund_central": ""}, ["fund_central"]),
        ({"fund_province": "-1"}, ["fund_province"]),
        ({"fund_city": "1.234"}, ["fund_city"]),
        ({"fund_county": "很多"}, ["fund_county"]),
        ({"self_raised": ""}, ["self_raised"]),
        ({"loan": "5000"}, []),
        ({"fund_central": "9999999999.99", "loan": "1"}, ["__all__"]),
    ],
)
def test_rules_of_the_inspection(finished, answers, wrong):
    form = InspectionForm(inspection(**answers), instance=finished)
    assert list(form.errors) == wrong


@pytest.mark.parametrize(("days", "is_right"), [(-5, True), (-6, False)])
def test_house_is_not_accepted_before_it_was_finished(finished, days, is_right):
    form = InspectionForm(inspection(accepted_on=(today() + timedelta(days=days)).isoformat()), instance=finished)
    assert form.is_valid() is is_right


def test_amounts_are_read_as_people_type_them_and_added(finished):
    form = InspectionForm(inspection(loan="1000"), instance=finished)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["fund_province"] == Decimal("8000.50")
    (_, government), (_, everything) = form.SUMS
    assert form.sum_of(government) == Decimal("30000.50")
    assert form.sum_of(everything) == Decimal("46000.50")


def test_failed_inspection_keeps_no_money_and_wants_no_sheet(finished):
    form = InspectionForm(inspection(conclusion="fail", opinion="质量有问题"), instance=finished)
    assert form.is_valid()
    assert form.cleaned_data["fund_central"] is None
    assert form.cleaned_data["subsidy_types"] == []
    assert [one.slot for one in form.uploads() if one.is_required(form.cleaned_data)] == []
    passed = InspectionForm(inspection(), instance=finished)
    assert passed.is_valid()
    wanted = [one.slot for one in passed.uploads() if one.is_required(passed.cleaned_data)]
    assert wanted == [Slot.INSPECTION, Slot.INSPECTION_SUPPORT]


@pytest.mark.parametrize("form_class", [ReturnForm, UpheldObjectionForm, ReopeningForm])
@pytest.mark.parametrize(
    ("words", "is_right"), [("材料不齐全", True), ("", False), ("…… ", False), ("字" * 1001, False)]
)
def test_returns_want_a_reason(case, form_class, words, is_right):
    form = form_class({"opinion": words}, instance=case)
    assert form.is_valid() is is_right
    if is_right:
        assert (form.payload(), form.conclusion_label()) == ({}, form_class.RESULT)


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({"reason": "death", "opinion": "已核实"}, []),
        ({"reason": "", "opinion": "已核实"}, ["reason"]),
        ({"reason": "tired", "opinion": "已核实"}, ["reason"]),
        ({"reason": "other", "opinion": ""}, ["opinion"]),
    ],
)
def test_rules_of_the_termination(case, answers, wrong):
    form = TerminationForm(answers, instance=case)
    assert list(form.errors) == wrong
    assert "recovery" not in form.fields


def test_termination_writes_its_reason_to_the_case(case):
    form = TerminationForm({"reason": "given_up", "opinion": "书面放弃"}, instance=case)
    assert form.is_valid()
    form.apply_to(case)
    assert case.termination_reason == "given_up"
    assert form.conclusion_label() == "终止（放弃改造）"


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({}, ["recovery"]),
        ({"recovery": "recover"}, ["recovery_reason"]),
        ({"recovery": "keep", "recovery_reason": "已用于购买建材"}, []),
    ],
)
def test_money_already_paid_is_decided_upon(world, finished, answers, wrong):
    type(finished.project).objects.filter(pk=finished.project.pk).update(paid_total=5000, payment_state="full")
    finished.project.payments.create(paid_on=today(), amount=5000, payee="张石山", recorded_by=world.officer)
    form = TerminationForm({"reason": "given_up", "opinion": "书面放弃", **answers}, instance=finished)
    assert list(form.errors) == wrong
