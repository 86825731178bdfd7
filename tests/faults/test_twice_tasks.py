"""Every task delivered twice and in reverse (F04): database and files are as after once.

Each task has work to do here (`WORK`); a task registered with Celery that is not in the table fails the test. What goes
to the broker is caught and delivered by the test itself, each message twice, the last one first.
"""

import datetime as dt
import os
import time
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction

from accounts import tasks
from accounts.actions import anchors, outbox
from accounts.actions.audit import chain_audit
from accounts.actions.messages import send_sms
from accounts.actions.submissions import issue_token, once
from accounts.models import Message, OutboxEntry, Submission
from common import clock
from config.celery import app
from config.schedule import EVERY
from households.models import CardReading
from regions.actions.calendar import set_day
from regions.choices import DayKind
from renovation.actions import clock as due_dates
from renovation.choices import CaseState
from renovation.models import Case, CaseNode, Publicity
from tests.access.asking import content, digest
from tests.factories.accounts import make_phone_account
from tests.factories.bulk import make_open_cases
from tests.factories.lookback import make_campaign, make_record
from tests.factories.people import photo_bytes
from tests.factories.publicity import make_noticed
from tests.factories.renovation import make_case, make_draft, make_villager
from tests.faults.effects import tables
from tests.races.conftest import world  # noqa: F401  the committed county

CONTROL = "test_control_without_its_state_an_entry_is_done_twice"
HANDLE = "accounts.tasks.handle_outbox"
# Called by whoever sends a photo, by nobody's clock.
READ = "households.tasks.read_cards"
YEARS = dt.timedelta(days=4 * 365)


def _late_cases(world):  # noqa: F811
    make_open_cases(20, places=[(world.village, world.officer.office)], by=world.officer, late=10, ahead=5)


def _ended_notice(world):  # noqa: F811
    case, _ = make_noticed(world)
    Publicity.objects.filter(case=case).update(ends_at=clock.now() - dt.timedelta(hours=1))


def _straggler(world):  # noqa: F811
    make_case(world)
    # Three days, so that one of them was a working day.
    for days in (1, 2, 3):
        day = clock.database_now().date() + dt.timedelta(days=days)
        set_day(day=day, kind=DayKind.HOLIDAY, name="放假", source="通知", by=None)


def _orphan(world):  # noqa: F811
    path = settings.MEDIA_ROOT / "photos" / "orphan.jpg"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    old = time.time() - 3 * 86400
    os.utime(path, (old, old))


def _old_draft(world):  # noqa: F811
    draft = make_draft(make_villager(world.village), world.village, photos=0)
    Case.objects.filter(pk=draft.pk).update(updated_at=clock.now() - YEARS)


def _old_refusal(world):  # noqa: F811
    case = make_case(world, CaseState.NOT_ACCEPTED)
    Case.objects.filter(pk=case.pk).update(closed_at=clock.now() - YEARS)


def _failed_review_with_position(world):  # noqa: F811
    case = make_case(world, CaseState.REVIEW_FAILED)
    month_ago = clock.now() - dt.timedelta(days=30)
    Case.objects.filter(pk=case.pk).update(closed_at=month_ago, lon="104.1", lat="30.6", crs="WGS-84")


def _finished_a_week_ago(world):  # noqa: F811
    case = make_case(world, CaseState.COMPLETED)
    Case.objects.filter(pk=case.pk).update(closed_at=clock.now() - dt.timedelta(days=8))


def _old_session(world):  # noqa: F811
    Session.objects.create(session_key="x" * 32, session_data="x", expire_date=clock.now() - dt.timedelta(days=1))


def _old_submission(world):  # noqa: F811
    once(token=issue_token(world.officer, "x"), by=world.officer, purpose="x", work=dict)
    Submission.objects.update(created_at=clock.now() - dt.timedelta(days=30))


def _text(world):  # noqa: F811
    with transaction.atomic():
        send_sms(phone="15400000001", text="测试")


def _told(world):  # noqa: F811
    """Something in the trail, not yet chained."""
    make_case(world)


def _chained(world):  # noqa: F811
    """Something in a chain, not yet anchored."""
    _told(world)
    chain_audit()


def _card(made_ago: dt.timedelta) -> None:
    reading = CardReading(account=make_phone_account(), session_mark="x" * 64, created_at=clock.now() - made_ago)
    reading.put_photo(photo_bytes(3))
    reading.save()


def _card_to_read(world):  # noqa: F811
    """No card is on it: the reader says so, and forgets it."""
    pytest.importorskip("rapidocr")
    _card(dt.timedelta(0))


def _old_card(world):  # noqa: F811
    _card(dt.timedelta(hours=2))


def _uncounted(world):  # noqa: F811
    """A line of a register that no cube has counted yet."""
    make_record(make_campaign(), world.village)


# Task → what gives it something to do.
WORK = {
    "accounts.tasks.dispatch_outbox": _text,
    HANDLE: _text,
    "accounts.tasks.chain_audit": _told,
    "accounts.tasks.anchor_audit": _chained,
    "accounts.tasks.sweep_accounts": _old_submission,
    "regions.tasks.fold_counters": _uncounted,
    "renovation.tasks.run_ladder": _late_cases,
    "renovation.tasks.close_publicities": _ended_notice,
    "renovation.tasks.recompute_stragglers": _straggler,
    "households.tasks.sweep_files": _orphan,
    "households.tasks.sweep_cards": _old_card,
    READ: _card_to_read,
    "renovation.tasks.delete_old_drafts": _old_draft,
    "renovation.tasks.forget_old_cases": _old_refusal,
    "renovation.tasks.forget_positions": _failed_review_with_position,
    "renovation.tasks.remind_ratings": _finished_a_week_ago,
    "config.tasks.clear_sessions": _old_session,
}
# What each topic of the outbox is promised by, somewhere above.
TOPICS = {"sms", due_dates.TOPIC}


def registered() -> set[str]:
    """Every task of ours that Celery knows."""
    app.loader.import_default_modules()
    return {name for name in app.tasks if not name.startswith("celery.")}


def test_every_task_and_every_topic_has_work_here():
    assert registered() == set(WORK)
    assert set(WORK) - {HANDLE, READ} == set(EVERY)
    assert {topic for topic in outbox.topics() if not topic.startswith("test.")} == TOPICS


@pytest.fixture
def waiting(monkeypatch):
    """What was handed to the broker and not yet delivered."""
    registered()
    messages = []
    monkeypatch.setattr(tasks.handle_outbox, "delay", messages.append)
    return messages


def furnish(world) -> None:  # noqa: F811
    """Something to do for every task; a changed calendar apart: what was sent before it is not taken back after it."""
    for pk in OutboxEntry.objects.filter(topic=due_dates.TOPIC).values_list("pk", flat=True):
        outbox.handle(pk)
    for make in dict.fromkeys(WORK.values()):
        if make is not _straggler:
            make(world)


def deliver(name: str, times: int, waiting: list) -> None:
    """One task so many times, then what it sent, the last message first."""
    for _ in range(times):
        if name != HANDLE:
            app.tasks[name]()
    for entry in [*reversed(waiting)] * times:
        app.tasks[HANDLE](entry)
    waiting.clear()


def everything() -> dict[str, str]:
    """Digests of every table, of the files, and of what is kept outside both."""
    found = {table: content(table) for table in [*tables(), "accounts_auditpending", "accounts_auditlink"]}
    found["files"] = digest(settings.MEDIA_ROOT)
    found["anchors"] = digest(anchors.anchor_folder())
    return found


def changed(before: dict, after: dict) -> set[str]:
    return {name for name in before if before[name] != after[name]}


def counts() -> dict[str, int]:
    """Rows of every table: what two orders of the same tasks must agree on, ids and times apart."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f"SELECT count(*) FROM {table}")
            found[table] = cursor.fetchone()[0]
    late = CaseNode.objects.filter(is_overdue=True).count()
    states = tuple(sorted(Case.objects.values_list("state", "is_overdue")))
    kinds = tuple(sorted(Message.objects.values_list("kind", "text")))
    return found | {"late": late, "states": states, "kinds": kinds, "files": digest(settings.MEDIA_ROOT)}


@contextmanager
def put_back():
    """The rows as they were before, the files too."""
    _orphan(None)
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", WORK)
def test_a_task_does_something_the_first_time_and_nothing_the_second(world, waiting, tried, name):  # noqa: F811
    WORK[name](world)
    if name == HANDLE:
        waiting.extend(OutboxEntry.objects.values_list("pk", flat=True))
    entries, before, sessions = list(waiting), everything(), Session.objects.count()
    deliver(name, 1, waiting)
    first = everything()
    assert changed(before, first) or Session.objects.count() < sessions
    waiting.extend(entries)
    deliver(name, 2, waiting)
    assert changed(first, everything()) == set()
    tried("F04", 2, "deliveries of a task that had been delivered", CONTROL)


def test_all_tasks_again_and_in_reverse_change_nothing(world, waiting, tried):  # noqa: F811
    furnish(world)
    for _ in range(2):
        for name in WORK:
            deliver(name, 1, waiting)
    before = everything()
    for name in [*reversed(WORK), *WORK, *reversed(WORK)]:
        deliver(name, 2, waiting)
    assert changed(before, everything()) == set()
    tried("F04", len(WORK) * 6, "deliveries of all tasks again, in reverse and in order", CONTROL)


def test_the_order_of_the_tasks_does_not_matter(world, waiting, tried):  # noqa: F811
    furnish(world)
    found = []
    for names in (list(WORK), [*reversed(WORK)]):
        with put_back():
            for times in (1, 2):
                for name in names:
                    deliver(name, times, waiting)
            found.append(counts())
    forward, backward = found
    assert changed(forward, backward) == set()
    tried("F04", len(WORK) * 6, "deliveries of all tasks in two orders", CONTROL)


def test_control_without_its_state_an_entry_is_done_twice(world, waiting, monkeypatch):  # noqa: F811
    """Nobody asks whether the promise was kept already: recomputing again promises and tells again."""
    sent = []
    monkeypatch.setitem(outbox._handlers, "sms", lambda payload: sent.append(payload))
    _text(world)
    entry = OutboxEntry.objects.get(topic="sms")
    app.tasks[HANDLE](entry.pk)
    app.tasks[HANDLE](entry.pk)
    assert len(sent) == 1
    monkeypatch.setattr(outbox, "OPEN", ("waiting", "sent", "done"))
    app.tasks[HANDLE](entry.pk)
    assert len(sent) == 2
