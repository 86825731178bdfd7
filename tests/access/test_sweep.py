"""A-01 to A-03: every address × everybody × own, foreign and unknown ids, by GET and by POST.

What is somebody else's answers exactly as what does not exist, says nothing of it, and nothing is written.
"""

import pytest

from tests.access.asking import ask, digest, everything, made
from tests.access.holdings import ABOVE_BOTH, PLACES, SEEN_BY
from tests.access.people import TRIED
from tests.access.table import TABLE, expected, filled, own

pytestmark = pytest.mark.django_db
WITH_OBJECT = [address for address, row in TABLE.items() if row.get("object", "none") != "none"]
# Pages without an object in their address: lists, forms, one's own desk.
LISTS = [
    address
    for address, row in TABLE.items()
    if row["view"] in ("staff", "villager", "scoped") and address not in WITH_OBJECT
]
# Lists that may be narrowed to a place, which is 404 where it is foreign.
BY_PLACE = ("staff/cases/search/", "staff/cases/statistics/")
CONTROL = "test_mutations.py::test_sweep_notices_a_view_without_its_scope"
CROWD = [name for name in TRIED if name not in ("other", "anonymous", "phone", "newcomer", "disabled")]


@pytest.fixture(scope="module")
def town(town):
    made.cache_clear()
    made()
    return town


def wrong_headers(answer, persona: str, address: str) -> str:
    """Why the headers of this answer are not what every page has (P-05), or ''."""
    headers, is_file = answer.headers, address.startswith("files/")
    if not headers:
        return ""
    wanted = {"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin"}
    missing = [name for name, value in wanted.items() if headers.get(name) != value]
    policy = headers.get("Content-Security-Policy", "")
    if "unsafe-inline" in policy or "unsafe-eval" in policy or "default-src" not in policy:
        missing.append("Content-Security-Policy")
    if not is_file and "frame-ancestors 'none'" not in policy:
        missing.append("frame-ancestors")
    if persona != "anonymous" and "no-store" not in headers.get("Cache-Control", ""):
        missing.append("no-store")
    return f" headers: {missing}" if missing else ""


def body_of(town, persona, method, path, values) -> dict:
    return everything(town, persona, path, values) if method == "post" else {}


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("persona", TRIED)
def test_address_with_ids_that_nothing_has(town, persona, method, tried):
    wrong, before = {}, digest(town.media)
    for address, row in TABLE.items():
        path = row.get("address") or filled(address)
        answer = ask(town, persona, method, path, body_of(town, persona, method, path, {}))
        wanted, fault = expected(row, persona, method), wrong_headers(answer, persona, address)
        if answer.status != wanted or fault:
            wrong[address] = f"{answer.status}, the table says {wanted}{fault}"
    assert wrong == {}
    assert digest(town.media) == before
    tried("A-01", len(TABLE), "requests of the table with ids that nothing has", CONTROL)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("persona", CROWD)
def test_object_of_one_villager(town, persona, method, tried):
    """Of `home`: whoever may see it gets in, everybody else gets what an unknown id gets."""
    assert [fault for address in WITH_OBJECT for fault in faults_at_home(town, address, method, persona)] == []
    tried("A-01", len(WITH_OBJECT), "requests for the object of one villager", CONTROL)


def faults_at_home(town, address: str, method: str, persona: str) -> list[str]:
    """What is wrong with the answer to this person at the address with the object of `home`."""
    row = TABLE[address]
    values = town.values["home"][row["object"]]
    path = filled(address, values)
    answer = ask(town, persona, method, path, body_of(town, persona, method, path, values))
    sees = persona in SEEN_BY[row["object"]]
    wanted = own(row, persona, method) if sees else expected(row, persona, method)
    shown = [] if sees else leaked(town, "home", answer)
    wrote = [] if sees else sorted(answer.wrote)
    fault = wrong_headers(answer, persona, address)
    if answer.status == wanted and not (shown or wrote or fault):
        return []
    return [f"{persona} {address}: {answer.status}, wanted {wanted} {shown} {wrote}{fault}"]


def leaked(town, place: str, answer) -> list[str]:
    """Words of that place in this answer: there is nothing innocent about one."""
    return sorted(word for word in town.canaries[place] if word in answer.text)


def strangers(place: str, kind: str) -> list[str]:
    """Who must not find an object of that place: all but those whose region holds both counties, or the owner."""
    county = PLACES[place][1]
    same_county = county == PLACES["home"][1]
    others = [name for name in ("other", "anonymous", "phone") if name in TRIED]
    everyone = [persona for persona in CROWD + others if persona != PLACES[place][0]]
    if same_county:
        return [persona for persona in everyone if persona in ("villager", "neighbour", "anonymous", "phone")]
    return [one for one in everyone if one != "neighbour" and not (one in ABOVE_BOTH and one in SEEN_BY[kind])]


def foreign_answers(town, address: str, method: str):
    """(place, persona, answer, wanted) for everybody to whom the object of this address is foreign."""
    row = TABLE[address]
    for place in ("lane", "next door"):
        values = town.values[place][row["object"]]
        path = filled(address, values)
        for persona in strangers(place, row["object"]):
            answer = ask(town, persona, method, path, body_of(town, persona, method, path, values))
            yield place, persona, answer, expected(row, persona, method)


def faults(town, address: str, method: str, asked: list | None = None) -> dict[str, str]:
    """What is wrong with the answers to strangers at this address; who asked is appended to `asked`."""
    found = {}
    for place, persona, answer, wanted in foreign_answers(town, address, method):
        if asked is not None:
            asked.append(persona)
        shown = leaked(town, place, answer)
        if answer.status != wanted or shown or answer.wrote:
            found[f"{persona} {place}"] = f"{answer.status}, wanted {wanted} {shown} {sorted(answer.wrote)}"
    return found


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("address", WITH_OBJECT)
def test_foreign_object_answers_as_if_it_did_not_exist(town, address, method, tried):
    before, asked = digest(town.media), []
    assert faults(town, address, method, asked) == {}
    assert digest(town.media) == before
    tried("A-02", len(asked), "foreign answers read for words that stand nowhere else", CONTROL)
    if method == "post":
        tried("A-03", len(asked), "refused writes compared with tables and files before", CONTROL)


def foreign_places(persona: str) -> list[str]:
    """Whose words must stand on none of this person's lists."""
    own = {"villager": ["home"], "other": ["lane"], "anonymous": [], "phone": [], "neighbour": ["next door"]}
    seen = list(PLACES) if persona in ABOVE_BOTH else own.get(persona, ["home", "lane"])
    return [place for place in PLACES if place not in seen]


def words_of(town, place: str) -> set[str]:
    """What stands there alone, the numbers of its objects in the addresses of links included."""
    ids = {str(values[key]) for values in town.values[place].values() for key in values if key.startswith("<uuid:")}
    return town.canaries[place] | ids


def faults_of_list(town, address: str, method: str, persona: str) -> list[str]:
    """What is wrong with the answer to this person at a page without an object."""
    row, found, places = TABLE[address], [], foreign_places(persona)
    path, wanted = row.get("address") or filled(address), expected(row, persona, method)
    asked = {path: wanted}
    if address in BY_PLACE and places:
        foreign = town.village(PLACES[places[-1]][1] if persona != "neighbour" else PLACES["home"][1])
        asked[f"{path}?region={foreign.key}"] = 404 if wanted == 200 else wanted
    for path, status in asked.items():
        answer = ask(town, persona, method, path, body_of(town, persona, method, path, {}))
        shown = sorted(word for place in places for word in words_of(town, place) if word in answer.text)
        if answer.status != status or shown:
            found.append(f"{persona} {path}: {answer.status}, wanted {status} {shown}")
    return found


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("address", LISTS)
def test_list_names_nobody_elsewhere(town, address, method, tried):
    assert [fault for persona in TRIED for fault in faults_of_list(town, address, method, persona)] == []
    tried("A-02", len(TRIED), "lists read for words that stand nowhere else", CONTROL)


@pytest.mark.parametrize("address", TABLE)
def test_post_without_the_forms_token_is_refused(town, address):
    """CSRF: a page elsewhere cannot make a logged-in person's browser write here."""
    row = TABLE[address]
    persona = "villager" if row["view"] in ("villager", "scoped") else "county"
    client = town.client(persona)
    client.handler.enforce_csrf_checks = True
    answer = client.post(row.get("address") or filled(address), {"opinion": "x"}, HTTP_REFERER="https://evil.example/")
    assert answer.status_code in (403, 405)
