"""A-01 once more over real HTTP: a server thread, a socket, cookies and form tokens as a browser sends them.

What the test client cannot see: headers as they leave the server, and nothing shared between page and test but the
database. In every run a selection with an even step through the table; with FULL=1 all of it (500 and more).
"""

import http.client
from itertools import islice
from urllib.parse import urlencode, urlsplit

import pytest

from tests.access.asking import Answer
from tests.access.holdings import SEEN_BY, furnish
from tests.access.people import PERSONAS, settle
from tests.access.table import TABLE, expected, filled, own
from tests.access.test_sweep import WITH_OBJECT, leaked, wrong_headers
from tests.scale import some

# Whoever is `other` is at home in the same lane; the rest is strangers to it or sees it by office.
WHO = some(("anonymous", "villager", "county", "neighbour"), [one for one in PERSONAS if one != "other"])
TOKEN = "a" * 32


def over_http(server, town, persona: str, method: str, path: str) -> Answer:
    """The answer of the server to that persona's browser."""
    parts = urlsplit(server.url)
    cookies = {name: morsel.value for name, morsel in town.cookies[persona].items()} | {"csrftoken": TOKEN}
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    body = urlencode({"csrfmiddlewaretoken": TOKEN}) if method == "post" else None
    headers |= {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
    try:
        connection.request(method.upper(), path, body, headers)
        response = connection.getresponse()
        raw = response.read().decode("utf-8", "replace")
        return Answer(response.status, dict(response.getheaders()), raw, frozenset())
    finally:
        connection.close()


def requests_of(town) -> list[tuple]:
    """(persona, method, address, path, wanted, is it theirs): the whole table, and home's objects with it."""
    found = []
    for address, row in TABLE.items():
        for persona in WHO:
            path = row.get("address") or filled(address)
            found.append((persona, "get", address, path, expected(row, persona), True))
            if "logout" not in address:
                found.append((persona, "post", address, path, expected(row, persona, "post"), True))
    for address in WITH_OBJECT:
        row, path = TABLE[address], filled(address, town.values["home"][TABLE[address]["object"]])
        for persona in WHO:
            is_theirs = persona in SEEN_BY[row["object"]]
            found.append(
                (persona, "get", address, path, own(row, persona) if is_theirs else expected(row, persona), is_theirs)
            )
    return found


@pytest.mark.django_db(transaction=True)
def test_the_table_holds_on_the_wire(live_server, tried):
    town = settle()
    furnish(town)
    requests = requests_of(town)
    step = some(max(1, len(requests) // 40), 1)
    wrong, asked = {}, 0
    for persona, method, address, path, wanted, is_theirs in islice(requests, 0, None, step):
        answer, asked = over_http(live_server, town, persona, method, path), asked + 1
        shown = [] if is_theirs else leaked(town, "home", answer)
        fault = wrong_headers(answer, persona, address)
        if answer.status != wanted or shown or fault:
            wrong[f"{persona} {method} {path}"] = f"{answer.status}, wanted {wanted} {shown}{fault}"
    assert wrong == {}
    tried("A-01", asked, "requests of the sweep over real HTTP", "the stranger with the owner's session, same test")
    # The control: the stranger with the owner's session gets in, and the sweep above would see it.
    town.cookies["neighbour"] = town.cookies["county"]
    path = filled("staff/cases/<uuid:uid>/", town.values["home"]["officers_case"])
    answer = over_http(live_server, town, "neighbour", "get", path)
    assert answer.status == 200
    assert leaked(town, "home", answer)
