"""Everybody who might type an address: one account a persona, all in or around one invented county."""

from dataclasses import dataclass, field

from django.test import Client

from accounts.choices import Duty, Status
from accounts.models import User
from households.actions.claims import claim_identity
from households.middleware import scope_of
from tests.factories.accounts import make_administrator, make_office, make_phone_account, make_user
from tests.factories.people import make_id_number
from tests.factories.regions import enable, make_tree
from tests.scale import some

HOME, NEXT_DOOR = "990101000000", "990102000000"
VILLAGES = {HOME: "990101100201", NEXT_DOOR: "990102100201"}
# A second province, for what lies furthest away: code, level, name, code of the parent.
OTHER_PROVINCE = (
    ("980000000000", "province", "海屿省", "000000000000"),
    ("980100000000", "city", "沙洲市", "980000000000"),
    ("980101000000", "county", "沙洲县", "980100000000"),
    ("980101100000", "township", "沙洲镇", "980101000000"),
    ("980101100201", "village", "沙洲村", "980101100000"),
)
STAFF = (
    "village", "township", "county", "neighbour", "city", "province", "ministry", "reader",
    "system", "security", "auditor",
)  # fmt: skip
PERSONAS = ("anonymous", "phone", "villager", "other", *STAFF, "newcomer", "disabled")
# Who tries every address in each run, and every page of the admin; in the long runs all of them do.
TRIED = some(("anonymous", "villager", "village", "county", "neighbour"), PERSONAS)
ADMIN_TRIED = some(("villager", "village", "county", "neighbour", "system"), PERSONAS)
# Who follows every link.
CRAWLERS = some(("villager", "village", "county", "system"), ("villager", *STAFF))
# Who answers like whom unless the table names them.
LIKE = {
    "other": ("villager",),
    "neighbour": ("county",),
    "city": ("province",),
    "ministry": ("province",),
    "reader": ("province",),
    "system": ("administrator",),
    "security": ("administrator",),
    "disabled": ("anonymous",),
}


@dataclass
class Town:
    """Two counties under one city with their people; `users` by persona, `claims` of the villagers."""

    regions: dict
    users: dict = field(default_factory=dict)
    claims: dict = field(default_factory=dict)
    cookies: dict = field(default_factory=dict)
    # What each place holds, by kind of object, and the strings that may be seen there alone (tests/access/holdings.py).
    values: dict = field(default_factory=dict)
    canaries: dict = field(default_factory=dict)
    # place → its village, and the account whose messages lie there as those of an officer.
    places: dict = field(default_factory=dict)
    officers: dict = field(default_factory=dict)

    def village(self, county: str = HOME):
        return self.regions[VILLAGES[county]]

    def client(self, persona: str) -> Client:
        """A browser in which that persona is logged in; a disabled one was, until a moment ago."""
        client = Client()
        client.cookies = self.cookies[persona].copy()
        return client


def settle() -> Town:
    """The town with an account of every persona, each with an open session."""
    town = Town(make_tree())
    regions, users = town.regions, town.users
    for code in VILLAGES:
        enable(regions[code])
    make_office(regions["000000000000"], "ministry")
    for persona, code in (("village", VILLAGES[HOME]), ("township", "990101100000"), ("county", HOME)):
        users[persona] = make_user(region=regions[code])
    users |= {
        "neighbour": make_user(region=regions[NEXT_DOOR]),
        "city": make_user(region=regions["990100000000"]),
        "province": make_user(region=regions["990000000000"]),
        "ministry": make_user(region=regions["000000000000"], duties=[Duty.READ_ONLY]),
        "reader": make_user(region=regions[HOME], duties=[Duty.READ_ONLY]),
        "system": make_administrator(Duty.SYSTEM_ADMIN, region=regions[HOME]),
        "security": make_administrator(Duty.SECURITY_ADMIN, region=regions[HOME]),
        "auditor": make_administrator(Duty.AUDIT_ADMIN, region=regions[HOME]),
        "newcomer": make_user(region=regions[HOME], must_change_password=True),
        "disabled": make_user(region=regions[HOME]),
        "phone": make_phone_account(),
    }
    # Needed next door, never logged in.
    town.users["next cadre"] = make_user(region=town.village(NEXT_DOOR))
    town.users["next township"] = make_user(region=regions["990102100000"])
    for persona, name, county in (
        ("villager", "岱山雀", HOME),
        ("other", "岫石雁", HOME),
        ("next door", "巉岩鹭", NEXT_DOOR),
    ):
        users[persona] = town_villager(town, persona, name, town.village(county))
    for persona in PERSONAS:
        town.cookies[persona] = _log_in(town, persona)
    User.objects.filter(pk=users["disabled"].pk).update(status=Status.CANCELLED)
    return town


def town_villager(town: Town, persona: str, name: str, village):
    """A phone account that speaks for a person of that name, with addresses nobody else has."""
    account = make_phone_account()
    claim = claim_identity(
        by=account,
        name=name,
        id_number=make_id_number("19510203"),
        home_region=village,
        home_address=f"{name}家的院子",
    )
    account.act_as(scope_of(claim))
    account.claim = town.claims[persona] = claim
    return account


def _log_in(town: Town, persona: str):
    client = Client()
    if persona != "anonymous":
        client.force_login(town.users[persona])
        if persona in town.claims:
            session = client.session
            session["claim"] = town.claims[persona].pk
            session.save()
    return client.cookies
