"""A-01 to A-03 for objects: every address with an id × everybody × own, child, parent, sibling, other county and other
province, by GET and by POST. Who may see one gets in; everybody else gets what an id that nothing has would get.
"""

from collections import Counter

import pytest

from tests.access.asking import ask, digest, made
from tests.access.holdings import FURTHER, PLACES, SEEN_BY, furnish_further
from tests.access.people import LIKE, PERSONAS, STAFF
from tests.access.table import TABLE, expected, filled, own
from tests.access.test_sweep import CONTROL, WITH_OBJECT, body_of, leaked
from tests.scale import some

pytestmark = pytest.mark.django_db
EVERYWHERE = (*PLACES, *FURTHER)
# In each run a quarter of the addresses, another one for each of these people and places:
# one village beside the own one and the place furthest away; home, lane and next door are test_sweep's.
WHERE = some(("sibling village", "other province"), EVERYWHERE)
WHO = some(("villager", "village", "township", "county", "ministry"), PERSONAS)
RELATIONS = ("own", "child", "parent", "sibling", "other county", "other province")


@pytest.fixture(scope="module")
def town(town):
    furnish_further(town)
    made.cache_clear()
    made()
    return town


def unit_of(town, place: str, kind: str):
    """The region an object belongs to: the household's village, or the unit of whoever a message was sent to."""
    return town.officers[place].region if kind == "officers_message" else town.places[place]


def is_owner(town, persona: str, place: str, kind: str) -> bool:
    """Whether it is this person's own, whatever their region."""
    if kind == "officers_message":
        return town.users.get(persona) == town.officers[place]
    return "villager" in SEEN_BY[kind] and persona in ("villager", "other") and persona == PLACES.get(place, ("",))[0]


def holds(town, persona: str, unit) -> bool:
    """Whether the region of this officer is that unit or lies above it."""
    region = town.users[persona].region
    return type(region).objects.within(region).filter(pk=unit.pk).exists()


def sees(town, persona: str, place: str, kind: str) -> bool:
    """Whether the table of holdings lets this persona see the object of that place."""
    if is_owner(town, persona, place, kind):
        return True
    names = (persona, *LIKE.get(persona, ())) if persona == "neighbour" else (persona,)
    named = persona in STAFF and any(name in SEEN_BY[kind] for name in names)
    return kind != "officers_message" and named and holds(town, persona, unit_of(town, place, kind))


def relation(town, persona: str, place: str, kind: str) -> str:
    """How the object lies to the person: one of RELATIONS, or '' for whoever belongs nowhere."""
    home = getattr(town.users.get(persona), "region", None)
    if persona in town.claims:
        home = town.claims[persona].home_region
    unit = unit_of(town, place, kind)
    if home is None:
        return ""
    if is_owner(town, persona, place, kind) or (unit == home and persona in STAFF):
        return "own"
    above = {"nation": 0, "province": 2, "city": 4, "county": 6, "township": 9, "village": 12}
    if unit.key[: above[home.level]] == home.key[: above[home.level]] and above[unit.level] > above[home.level]:
        return "child"
    if unit.key[: above[unit.level]] == home.key[: above[unit.level]] and above[unit.level] < above[home.level]:
        return "parent"
    same = next(digits for digits in (6, 2, 0) if unit.key[:digits] == home.key[:digits])
    return {6: "sibling", 2: "other county", 0: "other province"}[same]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("place", WHERE)
@pytest.mark.parametrize("persona", WHO)
def test_object_in_every_relation(town, persona, place, method, tried):
    wrong, tally, before = {}, Counter(), digest(town.media)
    denied, addresses = 0, some(WITH_OBJECT[len(persona + place + method) % 4 :: 4], WITH_OBJECT)
    for address in addresses:
        row = TABLE[address]
        kind = row["object"]
        values = town.values[place][kind]
        path = filled(address, values)
        answer = ask(town, persona, method, path, body_of(town, persona, method, path, values))
        may_see = sees(town, persona, place, kind)
        wanted = own(row, persona, method) if may_see else expected(row, persona, method)
        shown = [] if may_see else leaked(town, place, answer)
        denied += not may_see
        tally[relation(town, persona, place, kind)] += 1
        if answer.status != wanted or shown or (answer.wrote and not may_see):
            wrong[address] = f"{answer.status}, wanted {wanted} {shown} {sorted(answer.wrote) if not may_see else ''}"
    assert wrong == {}
    # Whoever may write may leave a file behind: only the database is rolled back here.
    assert denied < len(addresses) or digest(town.media) == before
    for name, count in tally.items():
        tried("A-01", count, f"requests for an object that is {name or 'of somebody without a place'}", CONTROL)
    tried("A-02", denied, "foreign answers read for words that stand nowhere else", CONTROL)
    if method == "post":
        tried("A-03", denied, "refused writes compared with tables and files before", CONTROL)


def test_every_relation_is_among_them(town):
    """The table of places would prove little if one of the six kinds of nearness were in none of them."""
    everything = [(persona, place, kind) for persona in PERSONAS for place in EVERYWHERE for kind in SEEN_BY]
    assert set(RELATIONS) <= {relation(town, *one) for one in everything}
