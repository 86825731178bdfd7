"""Any number of schedulers, tasks delivered twice, moves in between (invariant I5; faults F04, F18)."""

import datetime as dt
from threading import Barrier, Event

import pytest
from django.db import connection
from django.db.models import Count

from accounts.actions import outbox
from accounts.models import Message, OutboxEntry
from common.errors import Refusal
from config.schedule import EVERY
from regions.actions.calendar import remove_day, set_day
from regions.choices import DayKind
from renovation.actions import clock, ladder
from renovation.actions.clock import recompute
from renovation.actions.ladder import climb_ladder
from renovation.actions.moves import perform_move
from renovation.forms import STEP_FORMS
from renovation.models import Case, CaseNode, LadderNotice
from renovation.queries.timetable import Timetable
from tests.factories.accounts import make_office, make_user
from tests.factories.bulk import make_open_cases
from tests.factories.renovation import acceptance
from tests.races.together import errors, together, values
from tests.scale import some

DUE_ROWS = some(3000, 5000)
SCHEDULERS = some((4,), (2, 3, 4))


def fill(world, count: int, **fields) -> None:
    makers = {"late": 12, "ahead": 0, **fields}
    make_open_cases(count, places=[(world.village, world.officer.office)], by=world.officer, **makers)


def assert_each_rung_once() -> None:
    """I5: no rung twice, none missing, everything late is marked in step and case alike."""
    table, now = Timetable(), clock.database_now()
    noted = set(LadderNotice.objects.values_list("node_id", "due_at", "rung_id"))
    assert len(noted) == LadderNotice.objects.count()
    for node in CaseNode.objects.filter(handled_at=None).select_related("case"):
        passed = [one for one in table.moments(node.code, node.due_on, node.case) if one.at <= now and one.rung]
        assert {(node.pk, node.due_at, one.rung.pk) for one in passed} <= noted
        assert node.is_overdue == node.case.is_overdue == (node.due_at <= now)
        assert node.next_rung_at is None or node.next_rung_at > now


@pytest.mark.parametrize("schedulers", SCHEDULERS)
def test_two_to_four_schedulers_over_thousands_of_due_rows(world, tried, schedulers):
    control = "test_control_without_claim_and_constraint_reminders_double"
    tried("F18", DUE_ROWS, "due rows before two to four schedulers", control)
    city = make_user(office=make_office(world.regions["990100000000"]))
    fill(world, DUE_ROWS)
    outcomes = together(*[lambda: climb_ladder(batch=150, seconds=300)] * schedulers)
    assert errors(outcomes) == []
    assert sum(values(outcomes)) == LadderNotice.objects.count()
    # More than one of them had something to do.
    assert sum(value > 0 for value in values(outcomes)) > 1
    climb_ladder()
    assert_each_rung_once()
    late = CaseNode.objects.filter(is_overdue=True).count()
    assert Message.objects.filter(kind="N40", recipient=world.officer.uid).count() == late > DUE_ROWS * 0.8
    climbed_above = LadderNotice.objects.filter(rung__code__in=["plus_1", "plus_3"])
    told = climbed_above.aggregate(nodes=Count("node", distinct=True))["nodes"]
    assert Message.objects.filter(kind="N40", recipient=city.uid).count() == told


def test_control_without_claim_and_constraint_reminders_double(world, monkeypatch, without_constraint):
    without_constraint("renovation_laddernotice", "one_notice_per_rung")
    fill(world, 20)
    both_have_read = Barrier(2)

    def look(now, batch):
        found = ladder._ids(ladder._DUE, [now, batch])
        both_have_read.wait(30)
        return found

    monkeypatch.setattr(ladder, "_claim", look)
    unguarded = ladder._NOTICES.replace("ON CONFLICT (node_id, due_at, rung_id) DO NOTHING ", "")
    monkeypatch.setattr(ladder, "_NOTICES", unguarded)
    outcomes = together(*[climb_ladder] * 2)
    assert errors(outcomes) == []
    rungs = LadderNotice.objects.values("node_id", "due_at", "rung_id").distinct().count()
    assert LadderNotice.objects.count() == 2 * rungs


def test_an_outbox_entry_in_four_hands_is_done_once(world, tried):
    tried("F04", 4, "hands on one outbox entry")
    fill(world, 50, late=0, ahead=10)
    set_day(
        day=clock.database_now().date() + dt.timedelta(days=1),
        kind=DayKind.HOLIDAY,
        name="放假",
        source="通知",
        by=None,
    )
    (entry_id,) = (
        OutboxEntry.objects.filter(topic=clock.TOPIC, state="waiting").order_by("-id").values_list("id", flat=True)[:1]
    )
    outcomes = together(*[lambda: outbox.handle(entry_id)] * 4)
    assert errors(outcomes) == []
    assert values(outcomes).count(True) == 1
    assert recompute(None, by=None) == 0
    assert (
        Message.objects.filter(kind="N48").values("text").distinct().count()
        == Message.objects.filter(kind="N48", recipient=world.officer.uid).count()
    )


def test_moves_ladder_and_recomputation_never_lock_in_a_circle(world, monkeypatch, tried):
    """Officers decide while two ladders climb and the calendar is changed to and fro for some seconds."""
    monkeypatch.setattr(clock, "BATCH", 25)
    fill(world, 160, late=6, ahead=6)
    city = make_office(world.regions["990100000000"])
    make_user(office=city)
    done = Event()
    tomorrow = clock.database_now().date() + dt.timedelta(days=1)

    def decide(share: int):
        moved = 0
        for case in Case.objects.filter(id__gt=0).order_by("id")[share::2]:
            answers = acceptance(conclusion="fail", opinion="材料与实际不符")
            form = STEP_FORMS["AcceptanceForm"](answers, instance=case)
            assert form.is_valid()
            perform_move(case, "refuse", by=world.officer, form=form, version=case.version)
            moved += 1
        return moved

    def officers(share: int):
        try:
            return decide(share)
        finally:
            if share:
                done.set()

    def climb():
        rounds = 0
        while not done.is_set():
            climb_ladder(batch=20)
            rounds += 1
        return rounds

    def change_calendar():
        rounds = 0
        while not done.is_set():
            day = set_day(day=tomorrow, kind=DayKind.HOLIDAY, name="放假", source="通知", by=None)
            recompute(None, by=None, cause="ladder")
            remove_day(calendar_day=day, by=None)
            recompute(None, by=None, cause="ladder")
            rounds += 1
        return rounds

    outcomes = together(lambda: officers(0), lambda: officers(1), climb, climb, change_calendar)
    assert errors(outcomes) == []
    assert [outcome.value for outcome in outcomes[:2]] == [80, 80]
    assert all(outcome.value > 1 for outcome in outcomes[2:])
    tried("F18", sum(values(outcomes)), "moves, scans and recomputations at once without a deadlock")
    assert not Case.objects.open().exists()
    assert not CaseNode.objects.filter(handled_at=None).exists()


def test_every_timer_twice_is_as_once(world, tried):
    """F04 for what the beat sends: the second delivery of each task, in any order, changes nothing."""
    fill(world, 30)
    # Sending entries to the broker is proved with the broker itself (accounts); here the database is what counts.
    tasks = [_task(name) for name in EVERY if name != "accounts.tasks.dispatch_outbox"]
    for task in tasks:
        task()
    before = _everything()
    for task in (*reversed(tasks), *tasks):
        task()
    assert _everything() == before
    tried("F04", 3 * len(tasks), "timers in any order over due cases")


@pytest.mark.parametrize("name", EVERY)
def test_every_timer_is_a_registered_task(name):
    assert _task(name).name == name


def _task(name: str):
    from importlib import import_module

    module, _, function = name.rpartition(".")
    return getattr(import_module(module), function)


def _everything() -> list:
    tables = ["renovation_case", "renovation_casenode", "renovation_laddernotice"]
    tables += ["accounts_message", "accounts_auditentry", "accounts_auditlink", "accounts_outboxentry"]
    with connection.cursor() as cursor:
        found = []
        for table in tables:
            cursor.execute(f"SELECT md5(string_agg(t::text, '|' ORDER BY id)) FROM {table} t")
            found.append(cursor.fetchone()[0])
    return found


def test_a_refusal_inside_a_race_leaves_nothing(world, tried):
    """The loser's transaction rolls back whole: no audit row, no message of a move that did not happen."""
    tried("I3", 5, "moves that lost a race")
    fill(world, 1)
    case = Case.objects.get()
    answers = acceptance(conclusion="fail", opinion="材料与实际不符")

    def refuse():
        form = STEP_FORMS["AcceptanceForm"](answers, instance=Case.objects.get(pk=case.pk))
        assert form.is_valid()
        return perform_move(case, "refuse", by=world.officer, form=form, version=case.version)

    outcomes = together(*[refuse] * 6)
    assert len(values(outcomes)) == 1
    assert all(isinstance(error, Refusal) for error in errors(outcomes))
    from accounts.models import AuditEntry

    assert AuditEntry.objects.filter(action="case.refuse").count() == 1
