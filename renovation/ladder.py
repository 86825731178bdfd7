"""The ladder of reminders as times: when each rung of a step is due (domain §14.2, N40, N41)."""

from datetime import datetime, timedelta

from regions import deadlines
from renovation.models import CaseNode, LadderNotice, LadderRung
from renovation.workflow import WORKFLOW


def rung_time(rung: LadderRung, node: CaseNode, region_id: int):
    """The moment of a rung: start of a working day before the due date, or the end of one after it."""
    offset = -WORKFLOW.step(node.code).warn_before if rung.offset is None else rung.offset
    if offset == 0:
        return node.due_at
    day = deadlines.workday_offset(node.due_on, offset, region_id)
    return deadlines.end_of(day - timedelta(days=1)) if offset < 0 else deadlines.end_of(day)


def next_rung(node: CaseNode, region_id: int) -> tuple[LadderRung | None, datetime | None]:
    """The first rung in time not yet climbed for the node's present due date; (None, None) at the top."""
    climbed = set()
    if node.pk:
        climbed = set(LadderNotice.objects.filter(node=node, due_at=node.due_at).values_list("rung_id", flat=True))
    waiting = [rung for rung in LadderRung.objects.filter(is_active=True) if rung.pk not in climbed]
    times = [(rung_time(rung, node, region_id), rung.order, rung) for rung in waiting]
    if not times:
        return None, None
    at, _, rung = min(times, key=lambda one: one[:2])
    return rung, at
