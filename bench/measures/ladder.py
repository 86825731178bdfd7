from collections.abc import Iterator

from django.db import connection, transaction

from bench import data
from bench.result import Result, milliseconds, seconds
from renovation.actions import ladder
from renovation.models import LadderNotice

EVERYTHING = 10_000_000
FAR_TARGET = 83_000


def measure(cases: int) -> Iterator[Result]:
    data.fill(cases)
    yield _scan()
    floor = _plain_notices()
    took = seconds(lambda: ladder.climb_ladder(seconds=600))
    each = took / LadderNotice.objects.count() * FAR_TARGET
    words = "≤ 1 s for 83,000 (far target)"
    yield Result("overdue_notices", each, "s for 83,000", floor, "one bare INSERT … SELECT", words, each <= 1)
    again = seconds(ladder.climb_ladder) * 1000
    yield Result("overdue_scan_idle", again, "ms")


def _scan() -> Result:
    """What finds and locks the due rows, against the bare scan of their index."""
    now = ladder.database_now()

    def index_scan():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT case_id FROM renovation_casenode WHERE handled_at IS NULL AND next_rung_at <= %s"
                " ORDER BY next_rung_at LIMIT 10000",
                [now],
            )
            cursor.fetchall()

    def find():
        with transaction.atomic():
            ladder._ids(ladder._DUE, [now, 10_000])

    ours, floor = milliseconds(find, 5), milliseconds(index_scan, 5)
    return Result(
        "overdue_scan_1m", ours, "ms for 10,000", floor, "index scan", "≤ 1.5 × the index scan", ours <= 1.5 * floor
    )


def _plain_notices() -> float:
    """Seconds for 83,000 notices as one statement that claims, marks and tells nothing; taken back afterwards."""
    wanted = (
        "INSERT INTO renovation_laddernotice (node_id, due_at, rung_id, sent_at) SELECT n.id, n.due_at, r.id, now()"
        " FROM renovation_casenode n, renovation_ladderrung r WHERE n.next_rung_at <= now()"
    )
    with transaction.atomic(), connection.cursor() as cursor:
        took = seconds(lambda: (cursor.execute(wanted), cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")))
        each = took / LadderNotice.objects.count()
        transaction.set_rollback(True)
    return each * FAR_TARGET
