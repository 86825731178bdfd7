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
    took = seconds(lambda: ladder.climb_ladder(seconds=600))
    notices = LadderNotice.objects.count()
    each = took / notices * FAR_TARGET
    words = "≤ 1 s for 83,000 (far target)"
    yield Result("overdue_notices", each, "s for 83,000", notices, "notices climbed", words, each <= 1)
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
        "overdue_scan", ours, "ms for 10,000", floor, "index scan", "≤ 1.5 × the index scan", ours <= 1.5 * floor
    )
