"""Twenty people and more at work, every operation of theirs journalled: what was sent, and what came of it."""

import hashlib
import json
import threading
import time
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from uuid import uuid4

from tests.factories.people import photo_bytes
from tests.faults.visitors import Answer, Visitor

OK, REFUSED, UNKNOWN = "ok", "refused", "unknown"
# Seconds between two operations of one person: twenty of them make about as many requests a second.
PAUSE = 0.5
ACCEPTANCE = {"conclusion": "pass", "had_policy": "false", "is_low_income": "true", "opinion": "同意受理"}


@dataclass
class Operation:
    """One line of the journal; `token` is the submit token, or the phone's own name for a photo."""

    kind: str
    user: str
    url: str
    token: str
    case: str
    payload: dict
    session: str
    sha256: str
    sent_at: float
    answer: Answer

    @property
    def outcome(self) -> str:
        """What the person knows: done, surely not done, or neither (no answer, or one that tells of a fault)."""
        status = self.answer.status
        if status in (200, 302):
            return OK
        if 400 <= status < 500 or not self.answer.was_sent:
            return REFUSED
        return UNKNOWN

    @property
    def is_trouble(self) -> bool:
        """Whether the person saw that something is wrong: no answer or a failing page."""
        return self.answer.status == 0 or self.answer.status >= 500


class Load:
    """Threads of villagers (photo, check page, submit), officers (open, accept) and readers of lists."""

    def __init__(self, site, *, villagers: int = 14, officers: int = 4, readers: int = 4, port: int = 0) -> None:
        self.port = port or site.port
        self.journal: list[Operation] = []
        self.filed: SimpleQueue = SimpleQueue()
        self.waiting: SimpleQueue = SimpleQueue()
        self.staff = site.inside("staff")
        self._done = threading.Event()
        self._works = [*[self._villager] * villagers]
        self._works += [lambda number=number: self._officer(self.staff[number % 4]) for number in range(officers)]
        self._works += [lambda number=number: self._reader(number) for number in range(readers)]
        self._threads: list[threading.Thread] = []
        self._read_by: list[dict] = []
        self.died: list[BaseException] = []

    def bring(self, people: list[dict]) -> None:
        """Villagers who come with a draft."""
        self._read_by += people[:4]
        for one in people:
            self.waiting.put(one)

    def __enter__(self):
        self._done.clear()
        self._threads = [threading.Thread(target=self._run, args=[work], daemon=True) for work in self._works]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._done.set()
        for thread in self._threads:
            thread.join(60)
            assert not thread.is_alive(), "a person of the load hangs"
        assert not self.died, self.died

    @property
    def users(self) -> int:
        return len(self._works)

    def of(self, kind: str, outcome: str = "") -> list[Operation]:
        return [one for one in list(self.journal) if one.kind == kind and outcome in ("", one.outcome)]

    def troubles(self, since: float = 0) -> list[Operation]:
        """Operations sent after that moment (time.monotonic) whose people saw that something is wrong."""
        return [one for one in list(self.journal) if one.is_trouble and one.sent_at >= since]

    def slowest(self) -> float:
        return max(one.answer.took for one in self.journal)

    def _run(self, work) -> None:
        try:
            work()
        except BaseException as error:
            self.died.append(error)

    def note(self, kind: str, who: dict, url: str, answer: Answer, began: float, token: str = "", payload=None) -> bool:
        digest = hashlib.sha256(json.dumps(payload or {}, sort_keys=True).encode()).hexdigest()
        line = (kind, who["name"], url, token, who.get("case", ""), payload or {}, who["session"], digest, began)
        self.journal.append(Operation(*line, answer))
        return self.journal[-1].outcome == OK

    def _try(self, kind: str, who: dict, url: str, token: str, payload: dict, send) -> bool:
        """Again and again with the same token, as a phone does that got no answer; False when told no or at the end."""
        while True:
            began = time.monotonic()
            answer = send()
            if self.note(kind, who, url, answer, began, token, payload):
                return True
            if 400 <= answer.status < 500 or self._done.wait(PAUSE):
                return False

    def _get(self, kind: str, who: dict, visitor: Visitor, url: str) -> Answer:
        while True:
            began = time.monotonic()
            answer = visitor.get(url)
            if self.note(kind, who, url, answer, began) or 400 <= answer.status < 500 or self._done.wait(PAUSE):
                return answer

    def _villager(self) -> None:
        while not self._done.wait(PAUSE):
            try:
                who = self.waiting.get_nowait()
            except Empty:
                continue
            self.file(who)

    def file(self, who: dict) -> None:
        """One application from photo to confirmation."""
        visitor, base = Visitor(self.port, who["session"]), f"/apply/{who['case']}"
        photo, client_id = photo_bytes(int(who["case"][:6], 16)), str(uuid4())
        fields, url = {"client_id": client_id}, f"{base}/photos/add/"
        if not self._try("photo", who, url, client_id, fields, lambda: visitor.upload(url, fields, photo)):
            return
        if self._done.wait(PAUSE):
            return
        page = self._get("check", who, visitor, f"{base}/check/")
        fields = {"submit_token": page.hidden("submit_token")}
        if not fields["submit_token"]:
            return
        if self._try(
            "submit",
            who,
            f"{base}/check/",
            fields["submit_token"],
            fields,
            lambda: visitor.post(f"{base}/check/", fields),
        ):
            self.filed.put(who["case"])

    def _officer(self, officer: dict) -> None:
        while not self._done.wait(PAUSE):
            self._get("todo", officer, Visitor(self.port, officer["session"]), "/staff/cases/")
            try:
                self.accept(officer, self.filed.get_nowait())
            except Empty:
                continue

    def accept(self, officer: dict, case: str) -> None:
        """One application accepted, as the case page asks for it."""
        who, visitor = officer | {"case": case}, Visitor(self.port, officer["session"])
        page = self._get("case", who, visitor, f"/staff/cases/{case}/")
        names = ("submit_token", "version", "state")
        fields, url = ACCEPTANCE | {name: page.hidden(name) for name in names}, f"/staff/cases/{case}/step/"
        if fields["state"] == "pending_acceptance":
            self._try("accept", who, url, fields["submit_token"], fields, lambda: visitor.post(url, fields))

    def _reader(self, number: int) -> None:
        while not self._done.wait(PAUSE):
            if self._read_by:
                who = self._read_by[number % len(self._read_by)]
                visitor = Visitor(self.port, who["session"])
                began = time.monotonic()
                self.note("cases", who, "/cases/", visitor.get("/cases/"), began)
            self._get("home", {"name": "", "session": ""}, Visitor(self.port), "/")
