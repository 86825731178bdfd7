"""Every address of the site against everybody who might type it; the table itself says how to read it."""

import inspect
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
import yaml
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.choices import Duty
from tests.factories.accounts import make_administrator, make_phone_account, make_user
from tests.factories.regions import make_tree

TABLE = yaml.safe_load((Path(__file__).parent / "access_matrix.yaml").read_text("utf-8"))
PERSONAS = ("anonymous", "villager", "village", "township", "county", "province", "newcomer", "auditor")
STAFF = PERSONAS[2:6]
SAMPLES = {"int": "987654321", "uuid": "00000000-0000-4000-8000-000000000000", "str": "x", "slug": "x", "path": "x"}
KINDS = {"open", "staff", "villager", "scoped", "development", "admin"}


@cache
def addresses() -> dict[str, URLPattern]:
    """Every pattern of the site as Django knows it; the admin counts as one."""
    return dict(_walk(get_resolver(), ""))


def _walk(resolver, prefix):
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            if getattr(entry, "namespace", None) == "admin":
                yield address, entry
            else:
                yield from _walk(entry, address)
        else:
            yield address, entry


def sample(address: str) -> str:
    """The address with every placeholder filled by an id that nothing has."""
    for converter, value in SAMPLES.items():
        while (start := address.find(f"<{converter}:")) >= 0:
            address = address[:start] + value + address[address.index(">", start) + 1 :]
    return f"/{address}"


def expected(row: dict, persona: str) -> int | None:
    """What the row says about this person: by name, else for staff at large, else for everybody."""
    answers = row["expect"]
    if isinstance(answers, int):
        return answers
    group = answers.get("staff") if persona in STAFF else None
    return answers.get(persona, group if group is not None else answers.get("others"))


@pytest.fixture
def person(db):
    """Logs the asked-for persona in (villages and counties of the invented tree)."""
    tree = make_tree()
    makers = {
        "villager": lambda: make_phone_account(),
        "village": lambda: make_user(region=tree["990101100201"]),
        "township": lambda: make_user(region=tree["990101100000"]),
        "county": lambda: make_user(region=tree["990101000000"]),
        "province": lambda: make_user(region=tree["990000000000"]),
        "newcomer": lambda: make_user(region=tree["990101000000"], must_change_password=True),
        "auditor": lambda: make_administrator(Duty.AUDIT_ADMIN, region=tree["990101000000"]),
    }
    return lambda name: makers[name]()


def test_every_address_stands_in_the_table_and_nothing_else():
    assert set(addresses()) - set(TABLE) == set(), "addresses without a row in tests/access_matrix.yaml"
    assert set(TABLE) - set(addresses()) == set(), "rows without an address"


@pytest.mark.parametrize("address", TABLE)
def test_row_is_complete(address):
    row = TABLE[address]
    assert row["view"] in KINDS
    assert row["view"] not in ("open", "development", "admin") or row.get("reason"), "an open door needs a reason"
    assert [name for name in PERSONAS if expected(row, name) is None] == []
    assert "<" not in address or row["view"] in ("admin", "open", "development") or row.get("object"), (
        "an address with an id needs an object for the neighbour's test, or `object: none` with a reason"
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
    parents = [parent for parent in inspect.getmro(view) if parent is not object] if inspect.isclass(view) else [view]
    ours = [parent for parent in parents if not parent.__module__.startswith("django.")]
    assert any("visible_" in inspect.getsource(parent) for parent in ours)


@pytest.mark.parametrize("address", TABLE)
def test_everybody_gets_the_answer_the_table_gives_them(address, client, person, django_user_model):
    row, wrong = TABLE[address], {}
    for name in PERSONAS:
        client.logout()
        if name != "anonymous":
            sign_in(client, person(name))
        status = client.get(row.get("address") or sample(address)).status_code
        if status != expected(row, name):
            wrong[name] = f"{status}, the table says {expected(row, name)}"
    assert wrong == {}


WITH_OBJECT = [address for address, row in TABLE.items() if row.get("object", "none") != "none"]


@pytest.mark.parametrize("address", WITH_OBJECT)
def test_neighbour_gets_404_where_the_owner_gets_in(address, client, db):
    """`object` names a function `f(tree) -> (values of the address, owner, neighbour)`."""
    module, _, name = TABLE[address]["object"].partition(":")
    values, owner, neighbour = getattr(import_module(module), name)(make_tree())
    path = address
    for placeholder, value in values.items():
        path = path.replace(placeholder, str(value))
    assert "<" not in path, f"no value for a placeholder of {path}"
    allowed = TABLE[address].get("owner", 200)
    sign_in(client, owner)
    assert client.get(f"/{path}").status_code == allowed
    client.logout()
    sign_in(client, neighbour)
    assert client.get(f"/{path}").status_code == 404


def sign_in(client, user):
    """A session as the login pages make it; `user.test_session` adds what the person chose in it (a claim, say)."""
    client.force_login(user)
    session = client.session
    session.update(getattr(user, "test_session", {}))
    session.save()
