"""Opening a step's clock and setting it anew when the calendar or a limit changes (domain §14)."""

from datetime import timedelta

from django.db import connection, transaction

from accounts.actions import audit, messages, outbox
from accounts.models import Office, User
from accounts.queries import handling_office
from common.clock import database_now
from common.errors import Refusal
from common.limits import Limit
from common.rows import insert
from regions import deadlines
from regions.models import CalendarStamp, Region
from renovation.actions.reminders import new_due
from renovation.choices import PublicityState
from renovation.models import Case, CaseNode, Objection, Publicity
from renovation.queries.nodes import is_late, next_place, open_node
from renovation.queries.timetable import Timetable
from renovation.workflow import COUNTY, OBJECTION_LIMIT, TOWNSHIP, WORKFLOW

TOPIC = "renovation.recompute"
BATCH = 500
# What counted with the old calendar while the new one was being committed is looked at again for this long.
STRAGGLERS = timedelta(hours=1)


def limit_of(step_code: str, county_id: int) -> Limit:
    """The limit in force in that county: the table's, or the county's own shorter one (domain §14.1)."""
    return Timetable(county_id).limit(step_code, county_id)


def open_next_node(case: Case, *, received_at) -> CaseNode | None:
    """Start the clock of the state the case is in now; None (and a closed case) when nobody has to act any more."""
    step = WORKFLOW.step(case.state)
    case.is_overdue = False
    if not step.is_open:
        case.office, case.due_at, case.is_due_provisional, case.closed_at = None, None, False, received_at
        return None
    case.closed_at = None
    office, table = responsible_office(case), Timetable(case.county_id)
    due = table.due(case.state, received_at, case)
    # A notice ends by itself; nobody is reminded of it before somebody objects.
    first = None if step.is_timed else table.next_moment(case.state, due.due_on, case)
    seq, number = next_place(case)
    node = CaseNode(
        case=case,
        seq=seq,
        code=case.state,
        round=number,
        office=office,
        office_name=office.name,
        received_at=received_at,
        due_on=due.due_on,
        due_at=due.due_at,
        is_provisional=due.is_provisional,
        next_rung_at=first and first.at,
        payload={},
    )
    insert(node)
    case.office, case.due_at, case.is_due_provisional = office, due.due_at, due.is_provisional
    return node


def responsible_office(case: Case) -> Office:
    """The office that handles the case's state: of its township or county. Refusal when there is none.

    A farm or development zone may hang under its county without a township: then the county does both.
    """
    wants_township = WORKFLOW.step(case.state).actor == TOWNSHIP and case.township_id is not None
    region_id, level = (case.township_id, TOWNSHIP) if wants_township else (case.county_id, COUNTY)
    office = handling_office(region_id, level)
    if office is None:
        raise Refusal("办理单位尚未设立，请联系管理员")
    return office


def recompute_later(region, *, by, cause: str = "calendar", token: str = "") -> None:
    """Promise a recomputation of that region's open due dates (None = everywhere) in the caller's transaction.

    An administrator's save does not wait for a million cases: the outbox walks through them batch by batch.
    """
    token = token or str(CalendarStamp.objects.get(pk=1).token)
    _promise({"region": region and region.pk, "by": by and by.pk, "cause": cause, "token": token, "after": None})


def _promise(payload: dict) -> None:
    place = "{cause}:{token}:{region}:{after}".format_map(payload)
    outbox.enqueue(topic=TOPIC, payload=payload, key=f"{TOPIC}:{place}")


@outbox.handles(TOPIC)
def recompute_batch(payload: dict) -> None:
    """One batch of a promised recomputation, and the promise of the next; delivered twice it changes nothing more."""
    region = Region.objects.filter(pk=payload["region"]).first()
    by = User.objects.filter(pk=payload["by"]).first()
    _, last = _recompute_from(region, payload["after"], by=by, cause=payload["cause"])
    if last:
        _promise(payload | {"after": last})


def recompute(region, *, by, cause: str = "calendar") -> int:
    """Set the open due dates of that region (None = everywhere) anew, now and at once; returns how many moved.

    A due date never becomes earlier than the end of the next working day, and one that has passed never moves
    back (domain §14.2). Old and new dates are logged, the unit is told (N48).
    """
    moved, after = _recompute_from(region, None, by=by, cause=cause)
    while after:
        more, after = _recompute_from(region, after, by=by, cause=cause)
        moved += more
    return moved


def recompute_stragglers() -> int:
    """Look again at steps that were opened while the calendar changed: their transaction may have read the old one."""
    stamp = CalendarStamp.objects.filter(pk=1, changed_at__gt=database_now() - 2 * STRAGGLERS).first()
    if stamp is None:
        return 0
    around = (stamp.changed_at - STRAGGLERS, stamp.changed_at + STRAGGLERS)
    ids = CaseNode.objects.filter(handled_at=None, received_at__range=around).order_by("case_id")
    moved = 0
    for case_id in ids.values_list("case_id", flat=True):
        with transaction.atomic():
            moved += _recompute_cases(Case.objects.filter(pk=case_id), Timetable(), by=None, cause="calendar")
    return moved


@transaction.atomic
def _recompute_from(region, after: list | None, *, by, cause: str) -> tuple[int, list | None]:
    """One batch in the order (region key, id); returns how many moved and where to go on, or None at the end."""
    low, high = region.key_range if region else ("", "~")
    cases = Case.objects.open().filter(region_key__range=(low, high)).order_by("region_key", "id")
    if after:
        key, pk = after
        cases = cases.filter(region_key__gte=key).exclude(region_key=key, id__lte=pk)
    places = [list(place) for place in cases.values_list("region_key", "id")[:BATCH]]
    batch = Case.objects.filter(pk__in=[pk for _, pk in places])
    moved = _recompute_cases(batch, Timetable(), by=by, cause=cause) if places else 0
    return moved, places[-1] if len(places) == BATCH else None


def _recompute_cases(cases, table: Timetable, *, by, cause: str) -> int:
    # The cases first, then their steps, in the order of ids: nobody who locks in the same order waits in a circle.
    locked = list(cases.select_for_update(of=("self",), no_key=True).order_by("id").only("pk"))
    waiting = CaseNode.objects.select_for_update(of=("self",)).select_related("case").order_by("case_id")
    nodes = list(waiting.filter(case__in=locked, handled_at=None))
    was = {node.pk: node.due_on for node in nodes}
    now = database_now()
    changed = [node for node in nodes if _set_anew(node, table, now)]
    _write(changed)
    moved = [node for node in changed if node.due_on != was[node.pk]]
    _tell(moved, was, by=by, cause=cause)
    return len(moved)


def follow_objections(case: Case) -> None:
    """After an objection was registered or answered: the notice's step is due with it, and on the ladder meanwhile.

    The caller has locked the case. Writes the open step and the case's copy of its clock.
    """
    node = open_node(case)
    if node is not None and WORKFLOW.step(node.code).is_timed:
        _set_notice_anew(node, Timetable(case.county_id), database_now())
        _write([node])


def _set_notice_anew(node: CaseNode, table: Timetable, now) -> bool:
    """The clock of a notice: its own end, which may only move back, or the first objection's five working days."""
    before = (node.due_on, node.is_provisional, node.is_overdue, node.next_rung_at)
    notice = Publicity.objects.get(case_id=node.case_id, state=PublicityState.OPEN)
    due = table.due(node.code, node.received_at, node.case)
    if due.due_on > notice.ends_on or due.is_provisional != notice.is_provisional:
        notice.ends_on = max(notice.ends_on, due.due_on)
        notice.ends_at, notice.is_provisional = deadlines.end_of(notice.ends_on), due.is_provisional
        notice.save(update_fields=["ends_on", "ends_at", "is_provisional"])
    waiting = [_objection_anew(one, node.case, table, now) for one in notice.objections.filter(closed_at=None)]
    node.due_on = min((one.due_on for one in waiting), default=notice.ends_on)
    node.due_at, node.is_provisional = deadlines.end_of(node.due_on), notice.is_provisional
    node.is_overdue = is_late(node, now)
    first = table.next_moment(node.code, node.due_on, node.case) if waiting else None
    node.next_rung_at = first and first.at
    return before != (node.due_on, node.is_provisional, node.is_overdue, node.next_rung_at)


def _objection_anew(objection: Objection, case: Case, table: Timetable, now) -> Objection:
    wanted = table.due_within(OBJECTION_LIMIT, objection.registered_at, case).due_on
    due_on = _allowed(objection, wanted, table.next_workday(now.date(), case.region_key), now)
    if due_on != objection.due_on:
        objection.due_on, objection.due_at = due_on, deadlines.end_of(due_on)
        objection.save(update_fields=["due_on", "due_at"])
    return objection


def _set_anew(node: CaseNode, table: Timetable, now) -> bool:
    """Write the due date of today's rules into the step; whether anything is different."""
    if WORKFLOW.step(node.code).is_timed:
        return _set_notice_anew(node, table, now)
    before = (node.due_on, node.is_provisional, node.next_rung_at)
    due = table.due(node.code, node.received_at, node.case)
    due_on = _allowed(node, due.due_on, table.next_workday(now.date(), node.case.region_key), now)
    if due_on != node.due_on:
        node.due_on, node.due_at = due_on, deadlines.end_of(due_on)
        node.is_overdue = node.due_at <= now
    node.is_provisional = due.is_provisional
    # The ladder starts at the bottom: its rungs may have moved with the calendar although the due date did not.
    # One that was climbed for this very due date is not climbed twice.
    node.next_rung_at = table.next_moment(node.code, due_on, node.case).at
    return before != (node.due_on, node.is_provisional, node.next_rung_at)


def _allowed(node, wanted, floor, now):
    """The due date that a recalculation may set: see domain §14.2 and the ADR on due dates."""
    if wanted < node.due_on:
        has_passed = node.due_at <= now
        return node.due_on if has_passed else min(node.due_on, max(wanted, floor))
    return node.due_on if wanted == node.due_on else max(wanted, floor)


def _write(nodes: list[CaseNode]) -> None:
    if not nodes:
        return
    columns = ("pk", "due_on", "due_at", "is_provisional", "is_overdue", "next_rung_at")
    with connection.cursor() as cursor:
        cursor.execute(_SET_ANEW, [[getattr(node, name) for node in nodes] for name in columns])
        cursor.execute(_COPY_TO_CASES, [[node.pk for node in nodes]])


_SET_ANEW = f"""
UPDATE {CaseNode._meta.db_table} n
SET due_on = t.due_on, due_at = t.due_at, is_provisional = t.is_provisional, is_overdue = t.is_overdue,
    next_rung_at = t.next_rung_at
FROM unnest(%s::bigint[], %s::date[], %s::timestamptz[], %s::boolean[], %s::boolean[], %s::timestamptz[])
    AS t (id, due_on, due_at, is_provisional, is_overdue, next_rung_at)
WHERE n.id = t.id
"""
# The to-do list reads the case; 曾经超时 holds as long as any step, closed or open, is late.
_COPY_TO_CASES = f"""
UPDATE {Case._meta.db_table} c
SET due_at = n.due_at, is_due_provisional = n.is_provisional, is_overdue = n.is_overdue,
    was_late = EXISTS (SELECT 1 FROM {CaseNode._meta.db_table} o WHERE o.case_id = c.id AND o.is_overdue)
FROM {CaseNode._meta.db_table} n WHERE n.case_id = c.id AND n.id = ANY(%s)
"""


def _tell(nodes: list[CaseNode], was: dict, *, by, cause: str) -> None:
    rows = [(node.case, node.case, {"due_on": [was[node.pk], node.due_on]}) for node in nodes]
    if rows:
        audit.record_many(by=by, action="case.due_changed", rows=rows, reason=cause)
    messages.send_to_offices([new_due(node, was[node.pk], cause) for node in nodes if node.office_id])
