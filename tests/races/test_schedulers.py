"""Any number of schedulers, tasks delivered twice, moves in between (invariant I5; faults F04, F18)."""

import datetime as dt
from functools import partial
from threading import Barrier, Event

import pytest
from django.db import connection
from django.db.models import Count

from accounts.actions import outbox
from accounts.models import AuditEntry, Message, OutboxEntry
from common.errors import Refusal
from config.schedule import EVERY
from regions.actions.calendar import remove_day, set_day
from regions.choices import DayKind
from renovation.actions import clock, ladder, moves
from renovation.actions.clock import recompute
from renovation.actions.ladder import climb_ladder
from renovation.actions.moves import perform_move
from renovation.actions.reminders import OfficesAbove
from renovation.forms import STEP_FORMS
from renovation.models import Case, CaseNode, LadderNotice
from renovation.queries.timetable import Timetable
from tests.factories.accounts import make_office, make_user
from tests.factories.bulk import make_open_cases
from tests.factories.renovation import acceptance
from tests.races.together import errors, together, values
from tests.scale import some

DUE_ROWS = some(3000, 5000)
UNGUARDED = ladder._NOTICES.replace("ON CONFLICT (node_id, due_at, rung_id) DO NOTHING ", "")
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
    monkeypatch.setattr(ladder, "_NOTICES", UNGUARDED)
    outcomes = together(*[climb_ladder] * 2)
    assert errors(outcomes) == []
    rungs = LadderNotice.objects.values("node_id", "due_at", "rung_id").distinct().count()
    assert LadderNotice.objects.count() == 2 * rungs


def test_an_outbox_entry_in_four_hands_is_done_once(world, tried):
    tried("F04", 4, "hands on one outbox entry", "test_control_without_a_lock_every_hand_does_the_entry")
    entry_id = promised_recomputation(world)
    outcomes = together(*[lambda: outbox.handle(entry_id)] * 4)
    assert errors(outcomes) == []
    assert values(outcomes).count(True) == 1
    assert recompute(None, by=None) == 0
    assert (
        Message.objects.filter(kind="N48").values("text").distinct().count()
        == Message.objects.filter(kind="N48", recipient=world.officer.uid).count()
    )


def test_control_without_a_lock_every_hand_does_the_entry(world, monkeypatch):
    entry_id = promised_recomputation(world)
    plain, all_have_read = outbox._handlers[clock.TOPIC], Barrier(4)

    def work(payload):
        all_have_read.wait(30)
        plain(payload)

    monkeypatch.setattr(outbox, "_begin", lambda entry_id: True)
    monkeypatch.setattr(OutboxEntry.objects, "select_for_update", OutboxEntry.objects.all)
    monkeypatch.setitem(outbox._handlers, clock.TOPIC, work)
    outcomes = together(*[lambda: outbox.handle(entry_id)] * 4)
    assert errors(outcomes) == []
    assert values(outcomes).count(True) == 4


def promised_recomputation(world) -> int:
    """The outbox entry of a holiday that moves fifty due dates."""
    fill(world, 50, late=0, ahead=10)
    set_day(
        day=clock.database_now().date() + dt.timedelta(days=1),
        kind=DayKind.HOLIDAY,
        name="放假",
        source="通知",
        by=None,
    )
    return OutboxEntry.objects.filter(topic=clock.TOPIC, state="waiting").latest("id").pk


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
            refuse(case, world.officer)
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
    control = "test_control_steps_locked_before_their_cases_wait_in_a_circle"
    tried("F18", sum(values(outcomes)), "moves, scans and recomputations at once without a deadlock", control)
    assert not Case.objects.open().exists()
    assert not CaseNode.objects.filter(handled_at=None).exists()


def test_control_steps_locked_before_their_cases_wait_in_a_circle(world, monkeypatch):
    """A ladder that takes the steps first holds what an officer wants who holds what it wants next."""
    fill(world, 1, late=1)
    plain, both_hold_one = moves._lock, Barrier(2)

    def lock_steps(now, batch):
        found = ladder._ids(ladder._DUE + "FOR NO KEY UPDATE OF n", [now, batch])
        both_hold_one.wait(30)
        return found

    def lock_case(case, *, by):
        locked = plain(case, by=by)
        both_hold_one.wait(30)
        return locked

    monkeypatch.setattr(ladder, "_claim", lock_steps)
    monkeypatch.setattr(moves, "_lock", lock_case)
    climb = partial(ladder._climb, Timetable(), OfficesAbove(), 20)
    (victim,) = errors(together(climb, partial(refuse, Case.objects.get(), world.officer)))
    assert "deadlock detected" in str(victim)


def test_every_timer_twice_is_as_once(world, tried):
    """F04 for what the beat sends: the second delivery of each task, in any order, changes nothing."""
    fill(world, 30)
    before, after = after_each_timer()
    assert before == after
    control = "test_control_without_the_note_of_a_rung_a_second_delivery_reminds_again"
    tried("F04", 3 * (len(EVERY) - 1), "timers in any order over due cases", control)


def test_control_without_the_note_of_a_rung_a_second_delivery_reminds_again(world, monkeypatch, without_constraint):
    without_constraint("renovation_laddernotice", "one_notice_per_rung")
    monkeypatch.setattr(ladder, "_NOTICES", UNGUARDED)
    monkeypatch.setattr(ladder, "_move_on", lambda steps, table, now: None)
    fill(world, 30)
    before, after = after_each_timer()
    assert before != after


def after_each_timer() -> tuple[list, list]:
    """Everything after each task of the beat ran once, and after all of them in reverse and once more in order."""
    # Sending entries to the broker is proved with the broker itself (accounts); here the database is what counts.
    tasks = [_task(name) for name in EVERY if name != "accounts.tasks.dispatch_outbox"]
    for task in tasks:
        task()
    before = _everything()
    for task in (*reversed(tasks), *tasks):
        task()
    return before, _everything()


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


def refuse(case: Case, by):
    """不予受理 by the form of a page that was made from this version."""
    answers = acceptance(conclusion="fail", opinion="材料与实际不符")
    form = STEP_FORMS["AcceptanceForm"](answers, instance=Case.objects.get(pk=case.pk))
    assert form.is_valid()
    return perform_move(case, "refuse", by=by, form=form, version=case.version)


def test_a_refusal_inside_a_race_leaves_nothing(world, tried):
    """The loser's transaction rolls back whole: no audit row, no message of a move that did not happen."""
    tried("I3", 5, "moves that lost a race", "test_control_without_lock_and_constraint_the_loser_leaves_rows")
    fill(world, 1)
    outcomes = together(*[partial(refuse, Case.objects.get(), world.officer)] * 6)
    assert len(values(outcomes)) == 1
    assert all(isinstance(error, Refusal) for error in errors(outcomes))
    assert AuditEntry.objects.filter(action="case.refuse").count() == 1


def test_control_without_lock_and_constraint_the_loser_leaves_rows(world, unlocked, without_constraint):
    without_constraint("renovation_caseevent", "event_seq")
    fill(world, 1)
    outcomes = together(*[partial(refuse, Case.objects.get(), world.officer)] * 2)
    assert errors(outcomes) == []
    assert AuditEntry.objects.filter(action="case.refuse").count() == 2
