"""B-H: what a page never sends. Fields nobody asked for, shapes no browser makes, tokens with a bit changed.

Hidden fields through the pages, wrong ids, `next` and unknown orderings are in tests/access/test_swaps.py.
"""

import base64
import json
import random

import pytest
from django.core import signing
from django.forms import BaseForm, modelform_factory

from accounts.actions import submissions
from accounts.actions.submissions import BadToken, issue_token, once
from common.forms import house_formfield
from renovation.forms import STEP_FORMS
from renovation.models import Case
from tests.hostile.inventory import NAMES, filled, fresh, is_model_form, make, unbound
from tests.scale import some

pytestmark = pytest.mark.django_db
UNASKED = (
    "state", "region", "region_id", "region_key", "county", "household", "household_id", "created_by", "created_by_id",
    "amount", "is_staff", "is_superuser", "level", "status", "pk", "id", "uid", "version", "number", "claim", "due_at",
    "office", "password", "handled_at",
)  # fmt: skip
SHAPES = {
    "plain": lambda name: {name: "1"},
    "twice": lambda name: {name: ["1", "2"]},
    "brackets": lambda name: {f"{name}[]": "1"},
    "index": lambda name: {f"{name}[0]": "1", f"{name}.0": "1"},
    "prefix": lambda name: {f"form-0-{name}": "1", f"{name}_id": "1", f"{name}__pk": "1"},
}
TAMPERINGS = [(shape, name) for shape in SHAPES for name in UNASKED]


def columns(form) -> dict:
    """What the form would write to its row."""
    row = form.instance if is_model_form(form) else None
    return {} if row is None else {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def outcome(form) -> tuple:
    form.is_valid()
    own = {name: repr(value) for name, value in form.cleaned_data.items()}
    return own, {k: repr(v) for k, v in columns(form).items() if k not in ("uid",)}, form.errors.as_json()


def test_there_are_120_tamperings():
    assert len(TAMPERINGS) == 120


def changed_by(desk, name: str, tamperings) -> list[tuple]:
    """Tamperings that make a difference to what the form says, keeps or would write."""
    asked = unbound(name, desk)
    honest = filled(asked, "三组十二号", 0)
    plain, wrong = outcome(make(name, honest, desk)), []
    for shape, field in tamperings:
        extra = {key: value for key, value in SHAPES[shape](field).items() if key not in asked.fields}
        if outcome(make(name, honest | extra, desk)) != plain:
            wrong.append((shape, field))
    return wrong


@pytest.mark.parametrize("name", NAMES)
def test_fields_nobody_asked_for_change_nothing(desk, name, tried):
    tamperings = some(TAMPERINGS[len(name) % 8 :: 8], TAMPERINGS)
    assert changed_by(desk, name, tamperings) == []
    tried(
        "B-H",
        len(tamperings),
        "fields nobody asked for, in every form",
        "test_control_a_form_that_takes_what_comes_is_changed",
    )


@pytest.mark.parametrize("name", NAMES)
def test_control_a_form_that_takes_what_comes_is_changed(desk, name, monkeypatch):
    """Mass assignment, as many sites still have it: every name posted goes to the row, or to what the view gets."""
    honest = BaseForm.full_clean

    def full_clean(form):
        honest(form)
        if form.is_bound:
            form.cleaned_data |= {one: form.data[one] for one in form.data}
            for one in form.data if is_model_form(form) else ():
                form.instance.__dict__[one] = form.data[one]

    monkeypatch.setattr(BaseForm, "full_clean", full_clean)
    assert changed_by(desk, name, [("plain", "state"), ("brackets", "amount")])


def test_control_a_form_of_all_columns_is_changed(desk):
    """`fields = "__all__"`: the number of the case is anybody's to write."""
    every = modelform_factory(Case, form=STEP_FORMS["ReturnForm"], fields="__all__", formfield_callback=house_formfield)
    form = every({"number": "1", "opinion": "请补充"}, instance=fresh(desk.case))
    form.is_valid()
    assert (form.instance.number, desk.case.number != "1") == ("1", True)


def flipped(token: str, chance: random.Random) -> str:
    at = chance.randrange(len(token))
    return token[:at] + chr(ord(token[at]) ^ 1 << chance.randrange(7)) + token[at + 1 :]


def never() -> dict:
    raise AssertionError("the work was done")


def test_token_with_one_bit_changed_opens_nothing(desk, tried):
    chance, by = random.Random(4), desk.world.officer
    token = issue_token(by, "step:1")
    for _ in range(200):
        with pytest.raises(BadToken, match="页面已过期"):
            once(token=flipped(token, chance), by=by, purpose="step:1", work=never)
    tried("B-H", 200, "submit tokens with one bit changed", "test_control_unsigned_token_is_believed")


def test_token_of_somebody_or_something_else_opens_nothing(desk, tried):
    by, other = desk.world.officer, desk.world.stranger
    wrong = (
        issue_token(other, "step:1"), issue_token(by, "step:2"), issue_token(desk.villager, "step:1"), "", "null",
        signing.dumps({"n": "1", "o": str(by.uid), "p": "step:1"}, salt="anju.reset"),
        signing.dumps(["n"], salt=submissions.SALT), signing.dumps({"n": "x"}, salt=submissions.SALT),
        forged(by), "a:b:c", "::", "\ufffd" * 50, "x" * 50_000,
    )  # fmt: skip
    for token in wrong:
        with pytest.raises(BadToken, match="页面已过期"):
            once(token=token, by=by, purpose="step:1", work=never)
    tried("B-H", len(wrong), "foreign and forged submit tokens", "test_control_unsigned_token_is_believed")


def test_replayed_token_gives_the_first_answer(desk):
    by = desk.world.officer
    token = issue_token(by, "step:9")
    assert once(token=token, by=by, purpose="step:9", work=lambda: {"n": 1}).value == {"n": 1}
    again = once(token=token, by=by, purpose="step:9", work=never)
    assert (again.value, again.is_repeat) == ({"n": 1}, True)


def forged(by) -> str:
    """A token without our key."""
    said = {"n": "12345678-1234-4234-8234-123456789012", "o": str(by.uid), "p": "step:1"}
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=") + ":1uTLKK:" + "A" * 43


def test_control_unsigned_token_is_believed(desk, monkeypatch):
    def believing(token, **_):
        body = token.split(":")[0]
        return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))

    monkeypatch.setattr(submissions.signing, "loads", believing)
    by = desk.world.officer
    assert once(token=forged(by), by=by, purpose="step:1", work=lambda: {"done": 1}).value == {"done": 1}
