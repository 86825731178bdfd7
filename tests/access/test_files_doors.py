"""A-07: photos by everybody and by nobody: the picture only for whoever sees its case, never kept by a cache, no list
of files anywhere.
"""

import os
from pathlib import Path
from types import ModuleType

import pytest
from django.http import HttpResponse
from django.urls import re_path

from config.urls import urlpatterns
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
    assert shown(town, guess) == []
    tried("A-07", 2, "guesses at folders and files of the server", "test_twin_that_serves_folders_shows_them")


def shown(town, guess: str) -> list[str]:
    """Who gets to see something at that address."""
    answers = {persona: ask(town, persona, "get", guess) for persona in ("anonymous", "county")}
    return [persona for persona, answer in answers.items() if answer.status not in (301, 302, 400, 404)]


@pytest.mark.parametrize("guess", ["/media/", "/static/", "/static/../manage.py", "/static/%2e%2e/manage.py"])
def test_twin_that_serves_folders_shows_them(town, settings, guess):
    """Folders behind addresses, as many a project has them: the same guesses list what lies there."""
    careless = ModuleType("careless")
    careless.urlpatterns = [
        re_path(f"^{name}/(?P<path>.*)$", lambda request, path, root=root: show(request, root, path))
        for name, root in (("media", settings.MEDIA_ROOT), ("static", settings.BASE_DIR / "static"))
    ] + urlpatterns
    settings.ROOT_URLCONF = careless
    assert shown(town, guess) == ["anonymous", "county"]


def show(request, root: Path, path: str) -> HttpResponse:
    """A file or the names in a folder, and not a look at where it lies."""
    found = root / path
    return HttpResponse("\n".join(os.listdir(found)) if found.is_dir() else found.read_bytes())


def test_twin_without_the_scope_shows_it(town, monkeypatch):
    from renovation.models import Case

    monkeypatch.setattr("households.queries.owners_visible_to", lambda user, kind: Case.objects.all())
    answer = ask(town, "neighbour", "get", filled(FILES[0], town.values["home"]["photo"]))
    assert answer.status == 200
