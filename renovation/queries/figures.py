"""Sums over many regions at once: one grouped statement a subject, whatever the number of regions; read only.

Every function groups by the first `digits` of the tree key and answers {those digits: sums}; sums may be added up.
"""

import datetime as dt
from collections import Counter

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Left, TruncDate

from common.clock import today
from regions import calendars, deadlines
from renovation.models import CaseEvent
from renovation.queries.visits import VISITED, decisions_in
from renovation.workflow import WORKFLOW

Sums = dict[str, Counter]


def return_moves() -> tuple[str, ...]:
    """Names of the moves that send an open case back to a step before (退回), read from the table."""
    order = [step.code for step in WORKFLOW.steps if step.is_open]
    back = {
        move.name
        for step in WORKFLOW.steps
        for move in step.moves
        if step.is_open and move.to in order and order.index(move.to) < order.index(step.code)
    }
    return tuple(sorted(back))


RETURN_MOVES = return_moves()
# At least one return, at whatever step.
WAS_RETURNED = Q(Exists(CaseEvent.objects.filter(case=OuterRef("pk"), move__in=RETURN_MOVES)))
IS_RATED = Q(rating__isnull=False)


def filed_between(since: dt.date | None, until: dt.date | None) -> Q:
    """Cases by 申请时间, both days included and in local time; None leaves that end open."""
    after = Q(submitted_at__gte=deadlines.end_of(since - dt.timedelta(days=1))) if since else Q()
    return after & (Q(submitted_at__lt=deadlines.end_of(until)) if until else Q())


def count_each(cases: QuerySet, digits: int, wheres: dict[str, Q]) -> Sums:
    """How many of the cases each Q selects, and `stars`, the sum of their ratings: one statement for all of them."""
    # No name of ours may be a column's (was_late).
    counts = {f"n_{key}": Count("pk", filter=where) for key, where in wheres.items()}
    rows = _placed(cases, digits).annotate(**counts, n_stars=Sum("rating__stars", default=0))
    return {
        row.pop("place"): Counter({name.removeprefix("n_"): number for name, number in row.items()}) for row in rows
    }


def count_returns(cases: QuerySet, digits: int) -> Sums:
    """`returns`: how often the cases were sent back (回退次数); one case may be more than once."""
    rows = _placed(cases.filter(events__move__in=RETURN_MOVES), digits).annotate(returns=Count("events"))
    return {row.pop("place"): Counter(row) for row in rows}


def sum_workdays(cases: QuerySet, digits: int) -> Sums:
    """`workdays`: Σ of the working days from 申请 to 办结, the day of filing not counted, by each place's calendar.

    The days between two dates are a difference of two running totals, so that only days have to be grouped.
    """
    known, found = calendars.current(), {}
    fine = max(digits, known.digits)
    for column, sign in (("closed_at", 1), ("submitted_at", -1)):
        rows = _placed(cases, fine).values("place", day=TruncDate(column)).annotate(number=Count("pk")).order_by()
        for row in rows:
            calendar = known.of_key(row["place"].ljust(12, "0"))
            since_ever = calendar.count(calendars.FIRST_DAY, row["day"])
            found.setdefault(row["place"][:digits], Counter())["workdays"] += sign * row["number"] * since_ever
    return found


def count_visits(cases: QuerySet, digits: int) -> Sums:
    """`decided` and `visited`: the approvals of this calendar month, and those with a visit (本月入户抽查)."""
    nodes = decisions_in(today()).filter(case__in=cases)
    rows = nodes.values(place=Left("case__region_key", digits)).order_by()
    rows = rows.annotate(decided=Count("pk"), visited=Count("pk", filter=VISITED))
    return {row.pop("place"): Counter(row) for row in rows}


def _placed(cases: QuerySet, digits: int) -> QuerySet:
    return cases.order_by().values(place=Left("region_key", digits))
