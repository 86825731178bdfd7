"""One POST of every kind the site takes, each with all that it wants: sent once, many times, or killed on the way.

The tables in villagers.py, officers.py and administrators.py say which there are.
"""

import re
from dataclasses import dataclass, field
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories.people import photo_bytes
from tests.factories.renovation import World
from tests.faults.reading import form_in

IDS = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?<=/behalf/)[\w-]+")
# What differs between two equal answers: ids, numbers, names and telephones given in turn, clock times, tokens.
PASSING = re.compile(r"[A-Za-z0-9_:.-]{40,}|\d+X?")
PERSONS = re.compile(r"<code>[^<]*</code>")


@dataclass(frozen=True)
class Answer:
    """What a person gets to see: the status, where to, and the words of the page without what differs each time."""

    status: int
    where: str
    words: str = field(repr=False)


@dataclass
class Write:
    """A request ready to be sent any number of times."""

    cookies: dict
    url: str
    body: dict
    photo: bytes = b""
    headers: dict = field(default_factory=dict)
    # The form that stands on the page, for tests that send it late.
    page: str = ""

    def send(self) -> Answer:
        """Send it as a browser would, and read the answer."""
        client = Client()
        client.cookies = self.cookies.copy()
        files = {"file": SimpleUploadedFile("photo.jpg", self.photo, "image/jpeg")} if self.photo else {}
        response = client.post(self.url, {**self.body, **files}, headers=self.headers)
        where = response.headers.get("Location", "")
        text = "" if where else response.content.decode()
        # On to the next case of the list, or to the list when none is left: what others do decides.
        is_move = "/step/" in self.url or "/move/" in self.url
        where = same(where).replace("/staff/cases/#/", "/staff/cases/") if is_move else same(where)
        return Answer(response.status_code, where, same(text))

    @property
    def has_token(self) -> bool:
        return "submit_token" in self.body


def same(text: str) -> str:
    """The text without what differs from one object to the next."""
    return PASSING.sub("#", PERSONS.sub("", IDS.sub("#", text)))


class Desk:
    """Makes writes of one world: who is logged in, which form stands on which page."""

    def __init__(self, world: World):
        self.world = world

    def browser(self, user, *, claim=None) -> Client:
        """A browser in which that account is logged in, and speaks for its person."""
        client = Client()
        if user is not None:
            client.force_login(user)
        claim = claim or getattr(user, "claim", None)
        if claim is not None:
            session = client.session
            session["claim"] = claim.pk
            session.save()
        return client

    def form(self, user, url: str, *, page: str = "", photo: int = 0, json: bool = False, **answers) -> Write:
        """The form of that page as it stands there, with these answers, by that user (or in that browser)."""
        client = user if isinstance(user, Client) else self.browser(user)
        typed = form_in(client.get(page or url), url) if page != "none" else {}
        typed.pop("csrfmiddlewaretoken", None)
        body = {**typed, **{name: value for name, value in answers.items() if value is not None}}
        if photo:
            body["client_id"] = str(uuid4())
        return Write(
            client.cookies.copy(),
            url,
            body,
            photo=photo_bytes(photo) if photo else b"",
            headers={"Accept": "application/json"} if json else {},
            page=page or url,
        )
