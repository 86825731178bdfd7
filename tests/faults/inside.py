"""A process beside the site that speaks for its database: makes people, looks at rows, checks the invariants.

One JSON line in, one JSON line out; run by `Inside`, which is the other end.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
FAR = 500 * 86_400


class Inside:
    """The test's end of that process."""

    def __init__(self, site, **environment: str) -> None:
        with (site.var / "inside.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.inside"],
                cwd=PROJECT,
                env=site.environment | environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )

    def __call__(self, what: str, **values):
        self.process.stdin.write(json.dumps([what, values]).encode() + b"\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "the process inside has died; see inside.log"
        said = json.loads(line)
        assert "error" not in said, said["error"]
        return said["value"]

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(20)
        self.process.stdout.close()


def prepare() -> None:
    """Tables, calendar and the small county with its people."""
    from django.core.management import call_command
    from django.db import connection

    from accounts.actions.outbox import handle
    from accounts.models import OutboxEntry
    from regions.actions.calendar import load_days
    from regions.management.commands.load_calendar import SOURCE, official_days
    from tests.factories.accounts import make_user
    from tests.factories.renovation import make_world

    call_command("migrate", interactive=False, verbosity=0)
    load_days(rows=official_days(), source=SOURCE, by=None)
    # The new calendar promises to reckon open steps anew. Kept now, while there are none: a worker that kept it later
    # would move the due dates of generated steps, which follow from no day of receipt.
    for entry in OutboxEntry.objects.values_list("pk", flat=True):
        handle(entry)
    world = make_world()
    for _ in range(4):
        make_user(office=world.officer.office)
    # Nobody may be looking while the database is copied for the control twins.
    connection.close()


def people(count: int) -> list[dict]:
    """Villagers with a draft that lacks only its photo, each logged in."""
    from tests.factories.people import make_id_number
    from tests.factories.renovation import make_draft, make_villager

    found = []
    for _ in range(count):
        global _born
        _born += 1
        number = make_id_number(f"{1940 + _born // 900}0314", _born % 1000)
        villager = make_villager(_village(), id_number=number)
        draft = make_draft(villager, _village(), photos=0)
        found.append({"name": villager.username, "session": _session(villager), "case": str(draft.uid)})
    return found


def staff() -> list[dict]:
    """The officers of the county, each logged in."""
    return [{"name": one.username, "session": _session(one)} for one in _officers()]


def facts(cases: list[str], photos: list[str]) -> dict:
    """What the database says about those cases and those photos (by the phone's own name for them)."""
    from households.models import Attachment
    from renovation.models import Case, CaseEvent

    moves = {uid: {"submit": 0, "accept": 0, "number": None} for uid in cases}
    for uid, number in Case.objects.filter(uid__in=cases).values_list("uid", "number"):
        moves[str(uid)]["number"] = number
    for uid, move in CaseEvent.objects.filter(case__uid__in=cases).values_list("case__uid", "move"):
        moves[str(uid)][move] += 1
    found = Attachment.objects.filter(client_id__in=photos).values_list("client_id", flat=True)
    return {"cases": moves, "photos": [str(one) for one in found]}


def invariants() -> dict:
    """Findings of check_all, and how many rows it looked at; the audit's tail is chained first, as every 3 seconds."""
    from accounts.actions.audit import chain_audit
    from renovation.actions.invariants import check_all

    while chain_audit():
        pass
    reports = list(check_all())
    wrong = [[one.code, one.title, one.count, one.first[:3]] for one in reports if one.count]
    return {"wrong": wrong, "checked": sum(one.checked for one in reports)}


def promise(count: int) -> list[str]:
    """Changes of the calendar, each of which promises a recomputation through the outbox; the keys of the promises."""
    from uuid import uuid4

    from accounts.models import OutboxEntry
    from renovation.actions.clock import recompute_later

    tokens = [uuid4().hex for _ in range(count)]
    before = set(OutboxEntry.objects.values_list("key", flat=True))
    for token in tokens:
        recompute_later(None, by=None, cause="calendar", token=token)
    return sorted(set(OutboxEntry.objects.values_list("key", flat=True)) - before)


def revise_calendar(is_holiday: bool) -> None:
    """A working day becomes a holiday, or one again: open steps are to be reckoned anew, their offices told."""
    from datetime import timedelta

    from common.clock import database_now
    from regions.actions.calendar import remove_day, set_day
    from regions.choices import DayKind
    from regions.models import CalendarDay

    day = database_now().date() + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    if is_holiday:
        set_day(day=day, kind=DayKind.HOLIDAY, name="放假", source="通知", by=None)
    else:
        remove_day(calendar_day=CalendarDay.objects.get(date=day), by=None)


def dispatch() -> int:
    """What the beat asks for every two seconds."""
    from accounts.actions.outbox import dispatch_outbox

    return dispatch_outbox()


def send(task: str) -> None:
    """One task to whichever worker is there."""
    from config.celery import app

    app.send_task(task)


def timers() -> list[str]:
    """Every task that the beat sends."""
    from config.schedule import EVERY

    return list(EVERY)


def due_cases(count: int, late: int = 12, ahead: int = 0) -> None:
    """Open steps, most of them late unless told otherwise, for the ladder to climb."""
    from tests.factories.bulk import make_open_cases

    officer = _officers()[0]
    make_open_cases(count, places=[(_village(), officer.office)], by=officer, late=late, ahead=ahead)


def _village():
    from regions.models import Region

    return Region.objects.get(code="990101100201", level="village")


def _officers() -> list:
    from accounts.models import User

    return list(User.objects.filter(office__region__code="990101000000", level="county").order_by("pk"))


def _session(account) -> str:
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from accounts.sessions import BACKEND

    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store.update({SESSION_KEY: str(account.pk), BACKEND_SESSION_KEY: BACKEND})
    store[HASH_SESSION_KEY] = account.get_session_auth_hash()
    if getattr(account, "claim", None):
        store["claim"] = account.claim.pk
    # A web server whose clock runs ahead must not find the session over.
    store.set_expiry(FAR)
    store.save()
    return store.session_key


def _serve() -> None:
    import django

    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # Whatever prints goes to the log.
    os.dup2(2, 1)
    django.setup()
    from django.db import close_old_connections, connection

    for line in sys.stdin:
        what, values = json.loads(line)
        try:
            close_old_connections()
            said = {"value": DOES[what](**values)}
        except Exception as error:
            connection.close()
            said = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(said, ensure_ascii=False) + "\n")
        answers.flush()


_born = 0
DOES = {one.__name__: one for one in (prepare, people, staff, facts, invariants, promise, due_cases)}
DOES |= {one.__name__: one for one in (revise_calendar, dispatch, send, timers)}

if __name__ == "__main__":
    _serve()
