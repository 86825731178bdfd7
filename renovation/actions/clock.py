"""Opening a step's clock and setting it anew when the calendar changes (domain §14)."""

from django.db import transaction
from django.utils import timezone

from accounts.actions import audit
from accounts.models import Office
from common.errors import Refusal
from common.limits import Days, Limit
from regions import deadlines
from renovation.actions import notices
from renovation.ladder import next_rung
from renovation.models import Case, CaseNode, DeadlineRule
from renovation.queries.nodes import next_round
from renovation.workflow import COUNTY, TOWNSHIP, WORKFLOW


def limit_of(step_code: str, county_id: int) -> Limit:
    """The limit in force in that county: the table's, or the county's own shorter one (domain §14.1)."""
    limit = WORKFLOW.step(step_code).limit
    own = DeadlineRule.objects.filter(step=step_code, region_id=county_id).values_list("amount", flat=True).first()
    if own is None or own >= limit.amount:
        return limit
    return Days(own, limit.roll_forward) if isinstance(limit, Days) else type(limit)(own)


def open_next_node(case: Case, *, received_at, after: CaseNode | None) -> CaseNode | None:
    """Start the clock of the state the case is in now; None (and a closed case) when nobody has to act any more."""
    step = WORKFLOW.step(case.state)
    case.is_overdue = False
    if not step.is_open:
        case.office, case.due_at, case.is_due_provisional, case.closed_at = None, None, False, received_at
        return None
    office = responsible_office(case)
    due = deadlines.due(received_at, limit_of(case.state, case.county_id), case.region_id)
    node = CaseNode(
        case=case,
        seq=after.seq + 1 if after else 1,
        code=case.state,
        round=next_round(case),
        office=office,
        office_name=office.name,
        received_at=received_at,
        due_on=due.due_on,
        due_at=due.due_at,
        is_provisional=due.is_provisional,
        payload={},
    )
    node.next_rung, node.next_rung_at = next_rung(node, case.region_id)
    node.save()
    case.office, case.due_at, case.is_due_provisional = office, due.due_at, due.is_provisional
    return node


def responsible_office(case: Case) -> Office:
    """The office that handles the case's state: of its township or county. Refusal when there is none.

    A farm or development zone may hang under its county without a township: then the county does both.
    """
    wants_township = WORKFLOW.step(case.state).actor == TOWNSHIP and case.township_id is not None
    region_id, level = (case.township_id, TOWNSHIP) if wants_township else (case.county_id, COUNTY)
    office = Office.objects.filter(region_id=region_id, level=level).order_by("id").first()
    if office is None:
        raise Refusal("办理单位尚未设立，请联系管理员")
    return office


def recompute(region, *, by) -> int:
    """Set the open due dates of that region anew after a calendar change; how many moved.

    A due date never becomes earlier than the end of the next working day, and one that has passed never moves
    back (domain §14.2).
    """
    low, high = region.key_range if region else ("", "~")
    nodes = CaseNode.objects.filter(handled_at__isnull=True, case__region_key__range=(low, high))
    return sum(_recompute_node(pk, by=by) for pk in nodes.order_by("id").values_list("pk", flat=True).iterator())


@transaction.atomic
def _recompute_node(pk: int, *, by) -> bool:
    node = CaseNode.objects.filter(pk=pk, handled_at__isnull=True).select_related("case").first()
    if node is None:
        return False
    # The case first, then the node: the order in which perform_move locks them.
    case = Case.objects.select_for_update(of=("self",)).get(pk=node.case_id)
    node = CaseNode.objects.select_for_update().get(pk=pk)
    if node.handled_at:
        return False
    old = node.due_at
    _set_due(node, case)
    if node.due_at == old:
        return False
    case.save(update_fields=["due_at", "is_due_provisional", "is_overdue"])
    node.save()
    audit.record(
        by=by,
        action="case.due_changed",
        target=case,
        region=case,
        changes={"due_at": [old.isoformat(), node.due_at.isoformat()]},
    )
    notices.announce_new_due(case, node, old)
    return True


def _set_due(node: CaseNode, case: Case) -> None:
    now = timezone.localtime(timezone.now())
    due = deadlines.due(node.received_at, limit_of(node.code, case.county_id), case.region_id)
    due_on, due_at = due.due_on, due.due_at
    if due_at < node.due_at:
        if node.due_at <= now:
            return
        floor = deadlines.next_workday(now.date(), case.region_id)
        if due_on < floor:
            due_on, due_at = floor, deadlines.end_of(floor)
    node.due_on, node.due_at, node.is_provisional = due_on, due_at, due.is_provisional
    case.due_at, case.is_due_provisional = due_at, due.is_provisional
    node.is_overdue = case.is_overdue = due_at <= now
    node.next_rung, node.next_rung_at = next_rung(node, case.region_id)
