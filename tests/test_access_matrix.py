"""Every address of the site against everybody who might type it; the table itself says how to read it."""

import inspect
from functools import cache
from pathlib import Path

import pytest
import yaml
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.choices import Duty
from tests.factories.accounts import make_administrator, make_phone_account, make_user
from tests.factories.renovation import make_villager, make_world
from tests.house import objects

TABLE = yaml.safe_load((Path(__file__).parent / "access_matrix.yaml").read_text("utf-8"))
STAFF = ("village", "township", "county", "province", "auditor")
PERSONAS = ("anonymous", "phone", "villager", *STAFF, "newcomer")
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
    if persona == "newcomer" and "newcomer" not in answers:
        # Every page but one sends them to their first log-in (L-03).
        return 302
    groups = [persona, *(["staff"] if persona in STAFF else []), "others"]
    return next((answers[group] for group in groups if group in answers), None)


def make_person(persona: str):
    """That persona, in the invented county."""
    world = make_world()
    makers = {
        "phone": make_phone_account,
        "villager": lambda: make_villager(world.village),
        "village": lambda: world.cadre,
        "township": lambda: world.township_officer,
        "county": lambda: world.officer,
        "province": lambda: make_user(region=world.regions["990000000000"]),
        "newcomer": lambda: make_user(region=world.county, must_change_password=True),
        "auditor": lambda: make_administrator(Duty.AUDIT_ADMIN, region=world.county),
    }
    return makers[persona]()


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
    parents = inspect.getmro(view)[:-1] if inspect.isclass(view) else [view]
    ours = [inspect.getmodule(parent) for parent in parents if not parent.__module__.startswith("django.")]
    assert any("visible_" in inspect.getsource(module) for module in ours)


@pytest.mark.django_db
@pytest.mark.parametrize("persona", PERSONAS)
def test_everybody_gets_the_answers_the_table_gives_them(persona, client):
    wrong = {}
    if persona != "anonymous":
        sign_in(client, person := make_person(persona))
    for address, row in TABLE.items():
        if persona != "anonymous" and "sessionid" not in client.cookies:
            # The page before was the way out.
            sign_in(client, person)
        status = client.get(row.get("address") or sample(address)).status_code
        if status != expected(row, persona):
            wrong[address] = f"{status}, the table says {expected(row, persona)}"
        if "logout" in address:
            client.cookies.clear()
    assert wrong == {}


WITH_OBJECT = [address for address, row in TABLE.items() if str(row.get("object", "none")) != "none"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", WITH_OBJECT)
def test_neighbour_gets_404_where_the_owner_gets_in(address, client):
    """`object` names a function of tests/house/objects.py: `f(world) -> (values of the address, owner, neighbour)`."""
    row = TABLE[address]
    values, owner, neighbour = getattr(objects, row["object"])(make_world())
    path = f"/{address}"
    for placeholder, value in ({"<slug:what>": "id_number"} | values).items():
        path = path.replace(placeholder, str(value))
    assert "<" not in path, f"no value for a placeholder of {path}"
    ask = getattr(client, row.get("method", "get"))
    sign_in(client, neighbour)
    assert ask(path).status_code == 404
    client.logout()
    sign_in(client, owner)
    answer = ask(path)
    if answer.streaming:
        # Read to its end, the stream closes its file.
        assert b"".join(answer.streaming_content)
    assert answer.status_code == row.get("owner", 200)


def sign_in(client, user):
    """A session as the login pages make it, for the person whose name was tapped."""
    client.force_login(user)
    claim = getattr(user, "claim", None)
    if claim:
        session = client.session
        session["claim"] = claim.pk
        session.save()
