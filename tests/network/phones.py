"""A phone on a bad line that does what the page's script does: one photo a request, a name for each, and try again."""

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from tests.factories.people import make_id_number
from tests.faults.visitors import CSRF, Answer, Visitor

# What a person does before giving up for today; nothing here may need as many.
TRIES = 60
STORY = "下雨天屋顶漏水，墙也裂了。" * 20


@dataclass
class Phone:
    """One person's phone: every request goes on until an answer has come; `tried` counts the requests."""

    visitor: Visitor
    names_photos: bool = True
    tried: int = 0
    acknowledged: list[str] = field(default_factory=list)
    pause: float = 0.05
    # Called once before each post with its address: what the line shall do to it.
    before: Callable = lambda url: None

    def _until(self, ask) -> Answer:
        for attempt in range(TRIES):
            self.tried += 1
            answer = ask()
            if answer.status and answer.status < 500:
                return answer
            time.sleep(min(self.pause * 2**attempt, 2))
        raise AssertionError(f"no answer after {TRIES} tries: {answer}")

    def open(self, url: str) -> Answer:
        answer = self._until(lambda: self.visitor.get(url))
        assert answer.status in (200, 302), (url, answer)
        return answer

    def send(self, url: str, fields: dict) -> Answer:
        """A form and its button, pressed again until the next page is there."""
        self.before(url)
        answer = self._until(lambda: self.visitor.post(url, {"csrfmiddlewaretoken": CSRF} | fields))
        assert answer.status == 302, (url, answer.status, answer.text[:400])
        return answer

    def upload(self, url: str, photo: bytes) -> None:
        """One photo until its receipt is there."""
        self.before(url)
        name = uuid4()
        answer = self._until(lambda: self._photo(url, name, photo))
        said = json.loads(answer.text)
        assert answer.status == 200 and said["ok"], answer
        self.acknowledged.append(said["uid"])

    def _photo(self, url: str, name: UUID, photo: bytes) -> Answer:
        if not self.names_photos:
            # A browser that makes the photo small anew for each try: other bytes, another name.
            name, photo = uuid4(), photo + uuid4().bytes
        fields = {"csrfmiddlewaretoken": CSRF, "slot": "risk_photos", "client_id": str(name)}
        return self.visitor.upload(url, fields, photo)


def begin(phone: Phone) -> str:
    """From the notice to the first page of the draft; returns its address."""
    answer = phone.send("/apply/notice/", {"agree": "on"})
    return re.match(r"/apply/[0-9a-f-]{36}/", answer.location)[0]


def apply_for(phone: Phone, village, photos: list[bytes]) -> str:
    """The whole application, from the notice to 提交; returns the address of the confirmation."""
    draft = begin(phone)
    phone.send(f"{draft}applicant/", {"applicant_phone": "15400000001"})
    member = {"name": "李小花", "id_number": make_id_number("19600101"), "relation": "10", "consent": "on"}
    phone.send(f"{draft}members/new/", member)
    phone.send(f"{draft}members/", {})
    phone.send(f"{draft}region/", {"region": village.pk})
    phone.send(f"{draft}address/", {"house_address": "3组12号"})
    phone.send(f"{draft}residence/", {"lives_here": "true", "registered_here": "true"})
    phone.send(f"{draft}parts/", {"risk_parts": ["wall", "roof"]})
    phone.send(f"{draft}description/", {"risk_description": STORY})
    for photo in photos:
        phone.upload(f"{draft}photos/add/", photo)
    phone.send(f"{draft}photos/", {})
    page = phone.open(f"{draft}check/")
    return phone.send(f"{draft}check/", {"submit_token": page.hidden("submit_token")}).location
