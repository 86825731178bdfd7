"""公示期满 by the clock: once, on time, whoever else is at work, whatever is broken beside it."""

import datetime as dt
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from common.clock import freeze
from renovation import tasks
from renovation.actions.publicity import close_due_publicities, dismiss_objection
from renovation.choices import CaseState
from renovation.models import Case, CaseEvent, CaseNode, LadderNotice, Publicity
from tests.factories.publicity import make_noticed, object_to
from tests.factories.renovation import make_world


def state_of(case) -> str:
    return Case.objects.get(pk=case.pk).state


def over(notice: Publicity) -> dt.datetime:
    """A moment after everything of that notice, objections included."""
    return notice.ends_at + dt.timedelta(days=30)


def test_notice_runs_to_the_end_of_its_last_day_and_not_a_second_longer(world):
    case, notice = make_noticed(world)
    with freeze(notice.ends_at - dt.timedelta(seconds=1)):
        assert close_due_publicities() == 0
        assert state_of(case) == CaseState.IN_PUBLICITY
    with freeze(notice.ends_at):
        assert close_due_publicities() == 1
        assert state_of(case) == CaseState.PENDING_TOWNSHIP_AUDIT
        assert close_due_publicities() == 0
    assert CaseEvent.objects.filter(case=case, move="end_publicity").count() == 1


def test_open_objection_holds_the_notice_until_it_is_answered(world):
    case, notice = make_noticed(world)
    first, second = object_to(case, by=world.township_officer), object_to(case, by=world.township_officer)
    with freeze(over(notice)):
        assert close_due_publicities() == 0
        dismiss_objection(objection=first, by=world.township_officer, answer="不属实")
        assert close_due_publicities() == 0
        dismiss_objection(objection=second, by=world.township_officer, answer="不属实")
        assert close_due_publicities() == 1
    assert state_of(case) == CaseState.PENDING_TOWNSHIP_AUDIT


def test_ladder_ends_what_is_over_before_it_calls_anything_late(world):
    case, notice = make_noticed(world)
    with freeze(notice.ends_at):
        tasks.run_ladder()
    assert state_of(case) == CaseState.PENDING_TOWNSHIP_AUDIT
    node = CaseNode.objects.get(case=case, code=CaseState.IN_PUBLICITY)
    assert not node.is_overdue
    assert not LadderNotice.objects.filter(node=node).exists()
    assert not Case.objects.get(pk=case.pk).was_late


def test_one_broken_row_does_not_hold_up_the_others(world):
    broken, notice = make_noticed(world)
    whole, _ = make_noticed(world)
    # Nobody is left who could audit the first one: its move is refused.
    Publicity.objects.filter(pk=notice.pk).update(ends_at=notice.ends_at - dt.timedelta(days=1))
    Case.objects.filter(pk=broken.pk).update(township_id=None, county_id=0)
    with freeze(over(notice)):
        assert close_due_publicities() == 1
    assert state_of(broken) == CaseState.IN_PUBLICITY
    assert state_of(whole) == CaseState.PENDING_TOWNSHIP_AUDIT


def test_task_is_on_the_schedule():
    from config.schedule import EVERY

    assert EVERY["renovation.tasks.close_publicities"] == 30
    assert tasks.close_publicities.name == "renovation.tasks.close_publicities"


@pytest.mark.django_db(transaction=True)
def test_row_that_somebody_holds_is_left_for_the_next_tick():
    world = make_world()
    (held, notice), (free, _) = make_noticed(world), make_noticed(world)
    answers = []

    def other_session():
        try:
            with freeze(over(notice)):
                answers.append(close_due_publicities())
        finally:
            connection.close()

    with transaction.atomic():
        Case.objects.select_for_update().get(pk=held.pk)
        run(other_session)
    assert answers == [1]
    assert (state_of(held), state_of(free)) == (CaseState.IN_PUBLICITY, CaseState.PENDING_TOWNSHIP_AUDIT)
    with freeze(over(notice)):
        assert close_due_publicities() == 1


@pytest.mark.django_db(transaction=True)
def test_two_timers_at_once_end_each_notice_once():
    world = make_world()
    made = [make_noticed(world) for _ in range(4)]
    start, answers = Barrier(2), []

    def timer():
        try:
            with freeze(over(made[0][1])):
                start.wait()
                answers.append(close_due_publicities())
        finally:
            connection.close()

    run(timer, timer)
    with freeze(over(made[0][1])):
        answers.append(close_due_publicities())
    assert sum(answers) == len(made)
    for case, notice in made:
        assert state_of(case) == CaseState.PENDING_TOWNSHIP_AUDIT
        assert CaseEvent.objects.filter(case=case, move="end_publicity").count() == 1
        notice.refresh_from_db()
        assert notice.state == "ended"


def run(*works) -> None:
    threads = [Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
