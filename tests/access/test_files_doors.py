"""A-07: photos by everybody and by nobody: the picture only for whoever sees its case, never kept by a cache, no list
of files anywhere.
"""

import pytest

from tests.access.asking import ask
from tests.access.holdings import PLACES, SEEN_BY
from tests.access.people import PERSONAS
from tests.access.table import filled

pytestmark = pytest.mark.django_db
FILES = ("files/<uuid:uid>/", "files/<uuid:uid>/thumb/")
# What somebody tries who hopes for a list, or for a file beside the one that is shown.
GUESSES = (
    "/files/", "/media/", "/var/", "/var/media/", "/static/", "/static/img/", "/files/../", "/files/..%2f..%2fanju.env",
    "/static/..%2f..%2fconfig/settings/base.py", "/static/%2e%2e/manage.py", "/.git/config", "/.env",
)  # fmt: skip


@pytest.mark.parametrize("persona", PERSONAS)
def test_a_photo_opens_for_whoever_sees_its_case(town, persona, tried):
    wrong = {}
    for place in PLACES:
        for address in FILES:
            answer = ask(town, persona, "get", filled(address, town.values[place]["photo"]))
            sees = persona in SEEN_BY["photo"] if place == "home" else None
            # A newcomer's every page is the first log-in.
            refused = 302 if persona == "newcomer" else 404
            if sees is not None and answer.status != (200 if sees else refused):
                wrong[place, address] = answer.status
            if answer.status == 200 and "no-store" not in answer.headers["Cache-Control"]:
                wrong[place, address, "kept"] = answer.headers["Cache-Control"]
            if answer.status == 200 and answer.headers["X-Content-Type-Options"] != "nosniff":
                wrong[place, address, "sniffed"] = answer.headers
    assert wrong == {}
    tried("A-07", len(PLACES) * len(FILES), "photos and thumbnails opened", "test_twin_without_the_scope_shows_it")


@pytest.mark.parametrize("guess", GUESSES)
def test_no_list_of_files_anywhere(town, guess, tried):
    for persona in ("anonymous", "county"):
        answer = ask(town, persona, "get", guess)
        assert answer.status in (301, 302, 400, 404), answer.body[:200]
    tried("A-07", 2, "guesses at folders and files of the server")


def test_twin_without_the_scope_shows_it(town, monkeypatch):
    from renovation.models import Case

    monkeypatch.setattr("households.queries.owners_visible_to", lambda user, kind: Case.objects.all())
    answer = ask(town, "neighbour", "get", filled(FILES[0], town.values["home"]["photo"]))
    assert answer.status == 200
