"""The table itself: complete, and true to the code it speaks of."""

import inspect

import pytest

from tests.access.holdings import SEEN_BY
from tests.access.people import PERSONAS
from tests.access.table import TABLE, addresses, expected

KINDS = {"open", "staff", "villager", "scoped", "development", "admin"}


def test_every_address_stands_in_the_table_and_nothing_else():
    assert set(addresses()) - set(TABLE) == set(), "addresses without a row in tests/access_matrix.yaml"
    assert set(TABLE) - set(addresses()) == set(), "rows without an address"


@pytest.mark.parametrize("address", TABLE)
def test_row_is_complete(address):
    row = TABLE[address]
    assert row["view"] in KINDS
    assert row["view"] not in ("open", "development") or row.get("reason"), "an open door needs a reason"
    answers = [(persona, method) for persona in PERSONAS for method in ("get", "post")]
    assert [one for one in answers if expected(row, *one) is None] == []
    assert row.get("object", "none") in {"none", *SEEN_BY}
    assert "<" not in address or row["view"] in ("open", "development") or row.get("object"), (
        "an address with an id needs a kind of object for the foreigners' test, or `object: none` with a reason"
    )


@pytest.mark.parametrize("address", [address for address, row in TABLE.items() if row["view"] in ("staff", "villager")])
def test_view_stands_behind_the_door_the_table_names(address):
    callback = addresses()[address].callback
    doors = {"staff": "StaffMixin", "villager": "PhoneMixin"}
    classes = [parent.__name__ for parent in inspect.getmro(getattr(callback, "view_class", type(None)))]
    assert doors[TABLE[address]["view"]] in classes


@pytest.mark.parametrize("address", [address for address, row in TABLE.items() if row["view"] == "scoped"])
def test_view_without_a_door_asks_for_what_the_person_may_see(address):
    view = getattr(addresses()[address].callback, "view_class", addresses()[address].callback)
    parents = inspect.getmro(view)[:-1] if inspect.isclass(view) else [view]
    ours = [inspect.getmodule(parent) for parent in parents if not parent.__module__.startswith("django.")]
    assert any("visible_" in inspect.getsource(module) for module in ours)
