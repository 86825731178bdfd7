"""A step of a case through the one door, against the same writes as plain statements."""

import multiprocessing
from collections.abc import Callable, Iterator
from time import perf_counter
from uuid import uuid4

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench import data
from bench.result import Result
from renovation.actions.moves import perform_move
from renovation.forms import STEP_FORMS
from renovation.models import Case
from tests.factories.renovation import acceptance

CLIENTS = 2
MOVES = 300


def measure(cases: int) -> Iterator[Result]:
    officer = data.fill(cases)
    pool = list(Case.objects.open().filter(office=officer.office).order_by("id").values_list("id", flat=True))
    share = min(MOVES, (len(pool) - 1) // (2 * CLIENTS))
    filled = _filled(pool.pop())
    with CaptureQueriesContext(connection) as queries:
        _decide(officer, *filled)
    yield Result("step_action_queries", len(queries), "queries", target="≤ 12", is_met=len(queries) <= 12)
    shares = [pool[place * share : (place + 1) * share] for place in range(2 * CLIENTS)]
    floor = _rate(_plainly, officer, shares[:CLIENTS])
    ours = _rate(_decide, officer, shares[CLIENTS:])
    words = "≥ 0.6 × the floor"
    yield Result("step_action", ours, "transactions/s", floor, "plain statements", words, ours >= 0.6 * floor)


def _rate(work: Callable, officer, shares: list[list[int]]) -> float:
    """Transactions a second of two clients at once, each a process of its own."""
    connection.close()
    context = multiprocessing.get_context("fork")
    start = context.Barrier(CLIENTS + 1)
    clients = [context.Process(target=_client, args=(work, officer, share, start)) for share in shares]
    for client in clients:
        client.start()
    start.wait()
    before = perf_counter()
    for client in clients:
        client.join()
    assert all(client.exitcode == 0 for client in clients)
    return sum(map(len, shares)) / (perf_counter() - before)


def _client(work: Callable, officer, share: list[int], start) -> None:
    # The page has been read and its form judged before the button is pressed; that is no part of the step.
    filled = [_filled(pk) for pk in share]
    start.wait()
    for case, form in filled:
        work(officer, case, form)


def _filled(pk: int):
    case = Case.objects.get(pk=pk)
    form = STEP_FORMS["AcceptanceForm"](acceptance(conclusion="fail", opinion="材料与实际不符"), instance=case)
    assert form.is_valid()
    return case, form


def _decide(officer, case, form) -> None:
    perform_move(case, "refuse", by=officer, form=form, version=case.version)


# The writes of such a step, one statement each: lock, case, step record, event, audit row, its place in the queue.
PLAIN = (
    "SELECT state, version FROM renovation_case WHERE id = %(pk)s FOR UPDATE",
    "UPDATE renovation_case SET state = 'not_accepted', version = version + 1, office_id = NULL, due_at = NULL,"
    " closed_at = %(now)s WHERE id = %(pk)s",
    "UPDATE renovation_casenode SET handled_at = %(now)s, handler_id = %(by)s, handler_name = '甲', move = 'refuse',"
    " next_rung_at = NULL WHERE case_id = %(pk)s AND handled_at IS NULL",
    "INSERT INTO renovation_caseevent (case_id, seq, at, by_id, by_name, office_name, move, from_state, to_state,"
    " opinion) VALUES (%(pk)s, 2, %(now)s, %(by)s, '甲', '乙', 'refuse', 'pending_acceptance', 'not_accepted', '丙')",
    "INSERT INTO accounts_auditentry (uid, at, actor_id, actor_name, office_name, action, target_kind, target_id,"
    " region_key, changes, reason, user_agent, content_hash) VALUES (%(uid)s, %(now)s, %(by)s, '甲', '乙',"
    " 'case.refuse', 'renovation.case', %(pk)s, '', '{}', '', '', %(hash)s) RETURNING id",
    "INSERT INTO accounts_auditpending (entry_id) SELECT id FROM accounts_auditentry WHERE uid = %(uid)s",
)


def _plainly(officer, case, form) -> None:
    values = {"pk": case.pk, "now": timezone.now(), "by": officer.pk, "uid": uuid4(), "hash": "0" * 64}
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in PLAIN:
            cursor.execute(statement, values)
