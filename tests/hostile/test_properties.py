"""B-P: forms filled by chance, each field by a strategy made from the field itself. Never a crash, always Chinese.

Half of them begin with right answers of which one or two are put wrong, so that every form is also reached behind its
own judgement. Seeds are fixed (derandomize), so a failure comes again. 20,000 forms with FULL=1, about 200 otherwise.
"""

from decimal import Decimal

import pytest
from django import forms
from django.db import transaction
from django.utils import translation
from hypothesis import HealthCheck, Phase, example, settings
from hypothesis import given as given_by
from hypothesis import strategies as st

from tests.hostile.inventory import NAMES, choices_of, form_classes, is_model_form, make, text_fields, unbound
from tests.hostile.right_answers import right
from tests.hostile.strings import HOSTILE
from tests.hostile.test_text import faults, harm, without_cleaning
from tests.scale import FULL, some

pytestmark = pytest.mark.django_db
FORMS = some(200, 20_000)
EACH = -(-FORMS // len(NAMES))
BY_SEED = {
    "derandomize": True,
    "database": None,
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
}
NUMBERS = st.one_of(
    st.integers(-(10**30), 10**30).map(str),
    st.decimals(allow_nan=True, allow_infinity=True).map(str),
    st.sampled_from(["", "0", "-0", "1.005", "1e9", "1e999999999", "１２３", "1_000", "٣", "0x10", "3.14.15", "5 元"]),
)
DATES = st.one_of(
    st.dates().map(str),
    st.sampled_from(["", "2026-02-30", "0000-00-00", "10000-01-01", "2026年1月5日", "20260105", "1-1-1", "2026-13"]),
)
MONTHS = st.one_of(st.dates().map(lambda day: f"{day:%Y-%m}"), st.sampled_from(["", "0000-00", "2026-1", "9999-12"]))
TEXTS = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=60), st.text("字张三·\u202e\x00\ud800 ", max_size=40))
ANYTHING = st.one_of(TEXTS, NUMBERS, DATES)


def strategy(field) -> st.SearchStrategy:
    """What might be posted for that field: right answers often, wrong kinds too, nothing sometimes."""
    kinds = [st.just("")]
    if hasattr(field, "choices") and not isinstance(field, forms.ModelChoiceField):
        right = st.sampled_from(choices_of(field) or [""])
        is_several = isinstance(field, forms.MultipleChoiceField)
        kinds += [st.lists(right, max_size=4) if is_several else right, st.lists(TEXTS, max_size=3)]
    elif isinstance(field, forms.DateField):
        kinds.append(DATES)
    elif isinstance(field, forms.IntegerField | forms.DecimalField):
        kinds.append(NUMBERS)
    elif isinstance(field, forms.BooleanField) or type(field).__name__ == "YesNoField":
        kinds.append(st.sampled_from(["true", "false", "on", "是", "2"]))
    elif type(field).__name__ == "MonthField":
        kinds.append(MONTHS)
    elif isinstance(field, forms.CharField):
        kinds.append(TEXTS)
    else:
        kinds.append(st.lists(NUMBERS, max_size=8))
    return st.one_of(*kinds, ANYTHING)


def answers(form, given: dict) -> st.SearchStrategy:
    """All fields by chance, some left out, and one that nobody asked for; or right answers with a few put wrong."""
    asked = {name: strategy(field) for name, field in form.fields.items()} | {"state": TEXTS, "id": NUMBERS}
    anyhow = st.fixed_dictionaries({}, optional=asked)
    wrong = st.lists(st.sampled_from(sorted(asked)), max_size=2, unique=True).flatmap(
        lambda names: st.fixed_dictionaries({name: asked[name] for name in names})
    )
    return anyhow | wrong.map(lambda some_wrong: given | some_wrong)


def judged(name: str, data: dict, desk) -> bool:
    """Whether the form takes these answers; a fault of the form's own fails the assertions in here."""
    with transaction.atomic():
        form = make(name, data, desk)
        is_right = form.is_valid()
        assert faults(form) == []
        for one in set(text_fields(form)) - set(form.errors):
            assert not harm(form.cleaned_data.get(one) or "")
        if is_right and hasattr(form, "payload"):
            form.payload()
        if is_right and is_model_form(form):
            str(form.instance)
        transaction.set_rollback(True)
    return is_right


def filled_by_chance(name: str, desk, times: int, **options) -> list[bool]:
    """Fill in the form so many times, first with right answers; what came of each."""
    asked, seen = unbound(name, desk), []
    given = right(name, desk, asked.fields)

    @settings(max_examples=times, **BY_SEED, **options)
    @given_by(answers(asked, given))
    @example(given)
    def fill(data):
        seen.append(judged(name, data, desk))

    fill()
    return seen


@pytest.mark.parametrize("name", NAMES)
def test_form_filled_by_chance_is_judged_and_never_breaks(desk, name, tried):
    seen = filled_by_chance(name, desk, EACH)
    assert seen[0], "the right answers are right: whatever comes after that judgement is reached too"
    assert not FULL or not all(seen), "and wrong ones are wrong"
    tried("B-P", len(seen), "forms filled by chance", "test_control_a_careless_form_is_found_by_chance")


def cleans_nothing(monkeypatch) -> None:
    without_cleaning(monkeypatch)


def speaks_english(monkeypatch) -> None:
    monkeypatch.setattr("common.forms.base.speak_plainly", lambda field, label: None)
    translation.activate("en")


def crashes(monkeypatch) -> None:
    monkeypatch.setattr(forms.IntegerField, "to_python", lambda field, value: int(value))
    monkeypatch.setattr(forms.DecimalField, "to_python", lambda field, value: Decimal(value))


CARELESS = [
    (cleans_nothing, "applicants.forms.answers.DescriptionForm"),
    (cleans_nothing, "renovation.forms.returns.ReturnForm"),
    (speaks_english, "renovation.forms.acceptance.AcceptanceForm"),
    (speaks_english, "applicants.forms.persons.MemberForm"),
    (crashes, "renovation.forms.payment.PaymentForm"),
    (crashes, "admin.DeadlineRule"),
]


@pytest.mark.parametrize(("careless", "name"), CARELESS)
def test_control_a_careless_form_is_found_by_chance(desk, name, careless, monkeypatch):
    """Without cleaning, without our words, without a look at numbers: chance finds it within five hundred forms."""
    with translation.override("zh-hans"):
        careless(monkeypatch)
        with pytest.raises((AssertionError, ValueError, TypeError, ArithmeticError)):
            filled_by_chance(name, desk, 500, phases=[Phase.explicit, Phase.generate])


OF_DRAFTS = [name for name in NAMES if name.startswith("applicants.forms.answers")]


def drafted(name: str, desk, times: int, **options) -> int:
    """Save a draft so many times from answers by chance; the assertions say what must never be stored."""
    asked, seen = unbound(name, desk), []

    @settings(max_examples=times, **BY_SEED, **options)
    @given_by(answers(asked, right(name, desk, asked.fields)))
    def saved(data):
        form = make(name, data, desk, strict=False)
        form.is_valid()
        kept = form.answers()
        assert not set(kept) & {"state", "id"}
        assert not [value for value in kept.values() if isinstance(value, str) and harm(value)]
        seen.append(1)

    saved()
    return len(seen)


@pytest.mark.parametrize("name", OF_DRAFTS)
def test_draft_keeps_only_what_is_right(desk, name, tried):
    """Autosave judges loosely and stores at once: what it takes must be as clean as what 继续 takes."""
    count = drafted(name, desk, some(3, 100))
    tried("B-P", count, "drafts saved from answers by chance", "test_control_a_draft_that_keeps_what_comes_is_found")


@pytest.mark.parametrize("name", OF_DRAFTS)
def test_control_a_draft_that_keeps_what_comes_is_found(desk, name, monkeypatch):
    monkeypatch.setattr(form_classes()[name], "answers", lambda form: form.data.dict())
    with pytest.raises(AssertionError):
        drafted(name, desk, 100, phases=[Phase.generate])
