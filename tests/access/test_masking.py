"""P-01: nobody reads a full ID or mobile number on a page, in an address, log line or table without asking for it."""

import logging
import re
from collections import Counter, deque
from urllib.parse import urlsplit

import pytest
from django.db import transaction

from accounts.models import UnmaskLog
from households.actions.claims import confirm_claim
from tests.access.asking import ask, everything
from tests.access.numbers import numbers_in, tables_with_numbers
from tests.access.people import CRAWLERS
from tests.access.table import filled

pytestmark = pytest.mark.django_db
MOST_PAGES, MOST_OF_A_KIND = 120, 2
LINK = re.compile(r'(?:href|action|src|data-url|data-save)="([^"#]+)')
ENTRIES = {"villager": ["/", "/people/", "/me/", "/cases/", "/messages/", "/apply/"], "staff": ["/staff/", "/admin/"]}
# Where somebody's own number stands because they are typing it: the page, and why.
OWN = {
    "/apply/#/applicant/": "the applicant checks the telephone the office will call",
    "/apply/#/members/#/": "the form in which this very number was typed",
    "/apply/#/check/": "请核对后提交: what will be sent, the own telephone included",
    "/cases/#/": "the own answers, the telephone the office will call included",
    "/agent/new/": "the cadre's own telephone, to be corrected",
}


@pytest.fixture
def log_lines():
    """Everything that is logged, before the formatter blackens what should not be there in the first place."""
    lines, handler = [], logging.Handler(level=logging.DEBUG)
    handler.emit = lambda record: lines.append(record.getMessage())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.INFO)
    yield lines
    root.removeHandler(handler)
    root.setLevel(before)


def kind_of(address: str) -> str:
    """The address with every id replaced, so that fifty rows of a list count as one kind of page."""
    path = re.sub(r"/[0-9a-f]{8}-[0-9a-f-]{27}(?=/)|/\d+(?=/)", "/#", urlsplit(address).path)
    return path + "?" + ",".join(sorted(part.split("=")[0] for part in urlsplit(address).query.split("&")))


def entries(town, persona: str) -> list[str]:
    if persona != "villager":
        return ENTRIES["staff"]
    draft = town.values["home"]["draft"]
    slugs = ("applicant", "region", "address", "residence", "parts", "description")
    pages = [filled("apply/<uuid:uid>/<slug:slug>/", draft | {"<slug:slug>": slug}) for slug in slugs]
    others = ("members/", "members/<uuid:member>/", "photos/", "check/", "delete/")
    return ENTRIES["villager"] + pages + [filled(f"apply/<uuid:uid>/{page}", draft) for page in others]


def crawl(town, persona: str):
    """(address, answer) of every page that links lead to from the entries, a few of each kind."""
    waiting, seen, kinds = deque(entries(town, persona)), set(), Counter()
    while waiting and len(seen) < MOST_PAGES:
        address = waiting.popleft()
        if address in seen or not address.startswith("/") or address.startswith(("/static/", "/logout", "//")):
            continue
        if kinds[kind_of(address)] >= MOST_OF_A_KIND:
            continue
        seen.add(address)
        kinds[kind_of(address)] += 1
        answer = ask(town, persona, "get", address)
        yield address, answer
        if answer.status == 302:
            waiting.append(answer.headers["Location"])
        if "text/html" in answer.headers.get("Content-Type", ""):
            links = [link.replace("&amp;", "&") for link in LINK.findall(answer.body)]
            base = urlsplit(address).path
            waiting.extend(base + link if link.startswith("?") else link for link in links)


def own_numbers(town, persona: str) -> set[str]:
    """The numbers of whoever is looking: own telephone, and what a villager entered for the own family."""
    found = {town.users[persona].phone}
    if persona in town.claims:
        found |= {word for word in town.canaries["home"] if numbers_in(word)}
    return found


@pytest.mark.parametrize("persona", CRAWLERS)
def test_no_full_number_on_any_page(town, persona, log_lines):
    shown, visited = {}, 0
    for address, answer in crawl(town, persona):
        visited += 1
        assert not str(answer.status).startswith("500"), (address, answer.status)
        found = numbers_in(answer.text + address)
        if kind_of(address).partition("?")[0] in OWN:
            found -= own_numbers(town, persona)
        if found:
            shown[address] = found
    assert shown == {}
    assert visited > (15 if persona in ("villager", "ministry", "reader") else 20)
    assert {line for line in log_lines if numbers_in(line)} == set()


REVEALS = [
    ("staff/cases/<uuid:uid>/reveal/<slug:what>/", "officers_case"),
    ("staff/cases/<uuid:uid>/reveal/member/<uuid:member>/", "officers_member"),
    ("staff/claims/<uuid:uid>/reveal/<slug:what>/", "claim"),
]


@pytest.mark.parametrize(("address", "kind"), REVEALS)
def test_number_is_shown_once_to_whoever_gives_a_reason(town, address, kind, log_lines):
    values = town.values["home"][kind]
    path = filled(address, values)
    body = everything(town, "county", path, values)
    client = town.client("county")
    with transaction.atomic():
        assert numbers_in(client.get(path).content.decode()) == set()
        assert numbers_in(client.post(path, body | {"choice": ""}).content.decode()) == set()
        answer = client.post(path, body)
        assert len(numbers_in(answer.content.decode())) == 1
        assert "no-store" in answer["Cache-Control"]
        assert numbers_in("".join(f"{name} {value}" for name, value in answer.headers.items())) == set()
        assert UnmaskLog.objects.count() == 1
        # The same form sent again, from the cache or by the back button, shows nothing any more.
        assert numbers_in(client.post(path, body).content.decode()) == set()
        assert tables_with_numbers() == {}
        transaction.set_rollback(True)
    assert {line for line in log_lines if numbers_in(line)} == set()


def test_no_table_holds_a_readable_number(town):
    """Cases, claims, messages, outbox, audit trail, text messages, sessions: a dump tells nobody's number."""
    confirm_claim(claim=town.claims["villager"], by=town.users["village"])
    for persona in ("villager", "county"):
        path = filled("staff/cases/<uuid:uid>/step/", town.values["home"]["officers_case"])
        client = town.client(persona)
        client.post(path, everything(town, persona, path, town.values["home"]["officers_case"]))
    town.client("anonymous").post("/login/", {"phone": town.users["villager"].phone})
    town.client("villager").post("/people/new/", {"name": "岱山雀", "id_number": "99010119800202001X"})
    assert tables_with_numbers() == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("身份证 990101195203140016。", 1),
        ("9901 0119 5203 1400 16", 1),
        ('<span class="g">990101</span><span>19520314</span><span>0016</span>', 1),
        ("tel:15400000001", 1),
        ("990101********0016 154****0001", 0),
        ("工单号 990101261122000001", 0),
        ("csrf 9f15400000001a", 0),
    ],
)
def test_eye_for_numbers(text, found):
    assert len(numbers_in(text)) == found
