"""Killed before every single statement of a submit and of a decision (faults F01, F03; invariants I1–I3)."""

from accounts.actions.submissions import issue_token, once
from renovation.actions.invariants import check_all
from renovation.actions.moves import perform_move
from renovation.choices import CaseState
from renovation.models import Case, CaseEvent
from tests.factories.renovation import acceptance, make_case, make_draft, make_villager, take_step
from tests.races.killed import is_killed_before

# tests/faults/test_crash_writes.py: the same without transactions.
CONTROL = "test_control_without_transactions_a_kill_leaves_a_torn_case"


def findings() -> list:
    return [report for report in check_all() if report.count]


def kill_everywhere(work) -> int:
    """Kill the work before its first, second … statement until it gets through; nothing may be torn on the way."""
    statement = 1
    while is_killed_before(statement, work):
        assert findings() == []
        statement += 1
    return statement - 1


def test_a_submit_killed_anywhere_exists_once_or_not_at_all(world, tried):
    villager = make_villager(world.village)
    draft = make_draft(villager, world.village)
    purpose = f"case.submit.{draft.uid}"
    token = issue_token(villager, purpose)

    def work():
        done = perform_move(draft, "submit", by=villager)
        return {"case": str(done.case.uid), "number": done.case.number}

    def submit():
        return once(token=token, by=villager, purpose=purpose, work=work).value

    kills = kill_everywhere(submit)
    tried("I3", kills, "kills before each statement of a submit and of an acceptance", CONTROL)
    assert kills > 15
    again = submit()
    case = Case.objects.get()
    assert again == {"case": str(case.uid), "number": case.number}
    assert case.number.endswith("000001")
    assert CaseEvent.objects.count() == 1
    assert findings() == []


def test_an_acceptance_killed_anywhere_writes_case_and_ledger_together(world, tried):
    case = make_case(world)

    def accept():
        take_step(Case.objects.get(pk=case.pk), by=world.officer, answers=acceptance())

    kills = kill_everywhere(accept)
    tried("I3", kills, "kills before each statement of a submit and of an acceptance", CONTROL)
    assert kills > 25
    assert Case.objects.get(pk=case.pk).state == CaseState.PENDING_APPRAISAL
    assert CaseEvent.objects.filter(case=case).count() == 2
    assert findings() == []
