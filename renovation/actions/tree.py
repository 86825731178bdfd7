"""Open cases follow the division tree: a moved village's cases wait for the office of its new township (fault F22)."""

from itertools import groupby
from operator import attrgetter

from django.db.models import F, OuterRef, QuerySet, Subquery

from accounts.actions import audit, messages
from accounts.models import Office
from renovation.actions.reminders import in_words
from renovation.models import Case, CaseNode
from renovation.urls_of import for_staff
from renovation.workflow import COUNTY, TOWNSHIP, WORKFLOW

TAKEN_OVER = "行政区划调整，工单{no}转由本单位办理，请于{due}前处理。"
_COLUMNS = {TOWNSHIP: "township_id", COUNTY: "county_id"}


def follow_tree(parent, edits, *, by) -> int:
    """After 【立即生效】: give open cases to the office that is responsible now; returns how many moved.

    A new place without an office changes nothing: the old office goes on until there is one. Every case that moved
    leaves an audit row, and its new office is told until when to act.
    """
    return sum(_rehome(level, column, by=by) for level, column in _COLUMNS.items())


def _rehome(level: str, column: str, *, by) -> int:
    moving = sorted(_misplaced(level, column), key=attrgetter("home_id", "pk"))
    offices = Office.objects.in_bulk({case.home_id for case in moving})
    for office_id, cases in groupby(moving, key=attrgetter("home_id")):
        _take_over(offices[office_id], list(cases), by=by)
    return len(moving)


def _misplaced(level: str, column: str) -> QuerySet[Case]:
    """The open cases of that level whose office sits elsewhere than they do now, each with its `home_id`; locked."""
    states = [step.code for step in WORKFLOW.steps if step.is_open and step.actor == level]
    home = Office.objects.handling().filter(level=level, region_id=OuterRef(column)).values("id")[:1]
    waiting = Case.objects.filter(state__in=states, office__level=level).exclude(office__region_id=F(column))
    placed = waiting.annotate(home_id=Subquery(home)).filter(home_id__isnull=False)
    return placed.select_related("office").select_for_update(of=("self",)).order_by("id")


def _take_over(office: Office, cases: list[Case], *, by) -> None:
    nodes = CaseNode.objects.filter(case__in=cases, handled_at=None)
    due = dict(nodes.values_list("case_id", "due_on"))
    nodes.update(office=office, office_name=office.name)
    Case.objects.filter(pk__in=[case.pk for case in cases]).update(office=office)
    moves = [(case, case, {"office": [case.office.name, office.name]}) for case in cases]
    audit.record_many(by=by, action="case.office_changed", rows=moves, reason="行政区划调整")
    messages.send_to_offices([_message(office, case, due[case.pk]) for case in cases])


def _message(office: Office, case: Case, due_on) -> tuple[int, str, str, str]:
    return office.pk, "N47", TAKEN_OVER.format(no=case.number, due=in_words(due_on)), for_staff(case)
