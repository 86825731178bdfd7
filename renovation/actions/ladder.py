"""The ladder of reminders: marks overdue, warns (N41) and escalates (N40), each rung once per step and due date.

All it knows stands in `CaseNode.next_rung_at` and `LadderNotice`: a lost Redis, a killed worker, a second beat or
days of standstill change nothing but the moment at which it happens (decision 13, faults F03, F08, F16, F18).
"""

import logging
from datetime import timedelta
from time import monotonic

from django.db import connection, transaction
from django.db.models import F

from accounts.actions import audit, messages
from common.clock import database_now
from renovation.actions.reminders import OfficesAbove, Reminders
from renovation.models import Case, CaseNode, LadderNotice
from renovation.queries.timetable import Moment, Timetable

log = logging.getLogger(__name__)

BATCH = 1000
# Shorter than the beat's period: what is left waits for the next tick instead of piling up workers.
SECONDS = 25


def climb_ladder(*, batch: int = BATCH, seconds: float = SECONDS) -> int:
    """Climb every rung that has become due; returns how many rungs. Any number of these may run at once.

    Each batch is a transaction of its own. Rows that somebody else holds are left for the next tick.
    """
    until, climbed, table, above = monotonic() + seconds, 0, Timetable(), OfficesAbove()
    while monotonic() < until:
        try:
            found, rungs = _climb(table, above, batch)
        except Exception:
            # One bad row must not hold up a province (fault F24): find it, put it aside, go on.
            log.exception("ladder: a batch failed, going on one by one")
            found, rungs = batch, _climb_singly(table, above, batch)
        climbed += rungs
        if found < batch:
            break
    return climbed


def _climb(table: Timetable, above: OfficesAbove, batch: int) -> tuple[int, int]:
    with transaction.atomic():
        now = database_now()
        cases = _claim(now, batch)
        return len(cases), _climb_cases(cases, table, above, now) if cases else 0


def _climb_singly(table: Timetable, above: OfficesAbove, batch: int) -> int:
    rungs = 0
    for case_id in _ids(_DUE, [database_now(), batch]):
        try:
            with transaction.atomic():
                rungs += _climb_cases(_lock_one(case_id), table, above, database_now())
        except Exception as error:
            log.exception("ladder: case %s put aside for an hour", case_id)
            _put_aside(case_id, error)
    return rungs


@transaction.atomic
def _put_aside(case_id: int, error: Exception) -> None:
    """Let the case wait for an hour, and say so in the trail, where an administrator looks for what went wrong."""
    later = database_now() + timedelta(hours=1)
    CaseNode.objects.filter(case_id__in=_lock_one(case_id), handled_at=None).update(next_rung_at=later)
    # The kind of error only: its text may quote a person's data.
    reason = f"{type(error).__module__}.{type(error).__name__}"
    case = Case.objects.get(pk=case_id)
    audit.record(by=None, action="ladder.put_aside", target=case, region=case, reason=reason)


def _claim(now, batch: int) -> list[int]:
    """Lock the cases, never their steps first: perform_move and recompute lock in the same order."""
    return _ids(_DUE + "FOR NO KEY UPDATE OF c SKIP LOCKED", [now, batch])


def _lock_one(case_id: int) -> list[int]:
    return [one.pk for one in Case.objects.select_for_update(skip_locked=True).filter(pk=case_id).only("pk")]


def _ids(sql: str, parameters: list) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [row[0] for row in cursor.fetchall()]


_DUE = f"""
SELECT c.id FROM {CaseNode._meta.db_table} n JOIN {Case._meta.db_table} c ON c.id = n.case_id
WHERE n.handled_at IS NULL AND n.next_rung_at <= %s ORDER BY n.next_rung_at LIMIT %s
"""


def _climb_cases(case_ids: list[int], table: Timetable, above: OfficesAbove, now) -> int:
    """All that is due in these locked cases. The steps are read after the lock: the claim saw an older moment."""
    steps = {step.id: step for step in _steps(case_ids, now)}
    above.learn({step.office_id for step in steps.values() if step.office_id})
    passed = {pk: _passed(table, step, now) for pk, step in steps.items()}
    climbed = _record(steps, passed, now)
    reminders = Reminders(above, now)
    for pk, moments in passed.items():
        for moment in moments:
            if moment.rung and (pk, moment.rung.pk) in climbed:
                reminders.add(steps[pk], moment.rung)
    messages.send_to_offices(list(reminders.rows.values()))
    _move_on(steps, table, now)
    return len(climbed)


def _steps(case_ids: list[int], now):
    waiting = CaseNode.objects.filter(case_id__in=case_ids, handled_at=None, next_rung_at__lte=now)
    waiting = waiting.annotate(**{name: F(f"case__{name}") for name in _OF_CASE})
    return waiting.values_list(*_OF_STEP, *_OF_CASE, named=True)


_OF_STEP = ("id", "case_id", "code", "office_id", "due_on", "due_at", "is_overdue")
_OF_CASE = ("number", "uid", "county_id", "region_id", "region_key")


def _passed(table: Timetable, step, now) -> list[Moment]:
    return [moment for moment in table.moments(step.code, step.due_on, step) if moment.at <= now]


def _record(steps: dict, passed: dict[int, list[Moment]], now) -> set[tuple[int, int]]:
    """Write the notices that are not there yet; only what this statement wrote is sent (invariant I5)."""
    rows = [(pk, steps[pk].due_at, moment.rung.pk) for pk, all_ in passed.items() for moment in all_ if moment.rung]
    if not rows:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_NOTICES, [now, *(list(column) for column in zip(*rows, strict=True))])
        return set(cursor.fetchall())


_NOTICES = f"""
INSERT INTO {LadderNotice._meta.db_table} (node_id, due_at, rung_id, sent_at)
SELECT t.*, %s FROM unnest(%s::bigint[], %s::timestamptz[], %s::bigint[]) AS t (node_id, due_at, rung_id)
ON CONFLICT (node_id, due_at, rung_id) DO NOTHING RETURNING node_id, rung_id
"""


def _move_on(steps: dict, table: Timetable, now) -> None:
    """Note when each step is looked at next, and mark the ones that have become late, in the case as well."""
    rows = []
    for pk, step in steps.items():
        coming = table.next_moment(step.code, step.due_on, step, after=now)
        rows.append((pk, coming and coming.at, step.due_at <= now))
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [list(column) for column in zip(*rows, strict=True)])
    late = [step.case_id for step in steps.values() if step.due_at <= now and not step.is_overdue]
    Case.objects.filter(id__in=late).update(is_overdue=True, was_late=True)


_NEXT = f"""
UPDATE {CaseNode._meta.db_table} n
SET next_rung_at = t.at, is_overdue = t.is_overdue
FROM unnest(%s::bigint[], %s::timestamptz[], %s::boolean[]) AS t (id, at, is_overdue)
WHERE n.id = t.id
"""
