"""B-P: forms filled by chance, each field by a strategy made from the field itself. Never a crash, always Chinese.

Seeds are fixed (derandomize), so a failure comes again. 20,000 forms with FULL=1, about 200 in every run.
"""

import pytest
from django import forms
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hostile.inventory import NAMES, choices_of, is_model_form, make, text_fields, unbound
from tests.hostile.strings import HOSTILE
from tests.hostile.test_text import faults, harm
from tests.scale import some

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


def answers(form) -> st.SearchStrategy:
    """All fields of the form, some of them left out, and one that nobody asked for."""
    asked = {name: strategy(field) for name, field in form.fields.items()}
    return st.fixed_dictionaries({}, optional=asked | {"state": TEXTS, "id": NUMBERS})


@pytest.mark.parametrize("name", NAMES)
def test_form_filled_by_chance_is_judged_and_never_breaks(desk, name, tried):
    asked, seen = unbound(name, desk), []

    @settings(max_examples=EACH, **BY_SEED)
    @given(answers(asked))
    def judged(data):
        seen.append(1)
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

    judged()
    tried("B-P", len(seen), "forms filled by chance")


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("applicants.forms.answers")])
def test_draft_keeps_only_what_is_right(desk, name, tried):
    """Autosave judges loosely and stores at once: what it takes must be as clean as what 继续 takes."""
    asked = unbound(name, desk)

    @settings(max_examples=some(3, 100), **BY_SEED)
    @given(answers(asked))
    def saved(data):
        form = make(name, data, desk, strict=False)
        form.is_valid()
        kept = form.answers()
        assert not set(kept) & {"state", "id"}
        assert not [value for value in kept.values() if isinstance(value, str) and harm(value)]

    saved()
    tried("B-P", some(3, 100), "drafts saved from answers by chance")
