"""Work lists of the officers (domain §4.3): 待办, 已办 and the read-only 工单查询; rows are plain tuples."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.permissions import Can
from common.clock import now
from common.paging import capped, capped_count, first_of
from common.prepared import Prepared
from regions import calendars
from regions.scope import Scope
from renovation.choices import CaseState
from renovation.models import Case, CaseNode
from renovation.queries.cases import EVER_LATE, FINISHED, LATE, NOT_LATE, OPEN, states_of

FLOWING, CLOSED = "flowing", "closed"
TODO_ORDER = ("due_at", "id")
DONE_ORDER = ("-submitted_at", "-id")
# As good as by 申请时间, and the one order that a village and the nation both find in an index.
SEARCH_ORDER = ("-id",)
COLUMNS = (
    "id",
    "uid",
    "number",
    "applicant_name",
    "region_id",
    "region_key",
    "submitted_at",
    "state",
    "due_at",
    "is_due_provisional",
    "was_late",
)


@dataclass(frozen=True)
class Filters:
    """What the filter bar says; an empty text means 全部."""

    kind: str = ""
    state: str = ""
    name: str = ""


def to_do(user) -> QuerySet[Case]:
    """The open cases this user may handle now (待办): of its own office, with the duty to decide; else none."""
    if user.office_id is None or not user.can(Can.HANDLE_CASES):
        return Case.objects.none()
    return _waiting(user)


@dataclass(frozen=True)
class _Asking:
    """What `_waiting` reads of a user."""

    office_id: int
    scope: Scope


def _waiting(user) -> QuerySet[Case]:
    return Case.objects.in_region_of(user).to_do(user)


# The number stands beside the menu of every page.
WAITING = Prepared(
    lambda office_id, low, high: first_of(_waiting(_Asking(office_id, Scope("region", low, high))).values_list("pk"))
)


def done(user) -> QuerySet[Case]:
    """The filed cases in which the user's office handled at least one step (已办)."""
    handled = CaseNode.objects.filter(case=OuterRef("pk"), office_id=user.office_id, handled_at__isnull=False)
    return Case.objects.in_region_of(user).filter(Exists(handled))


def within_view(user) -> QuerySet[Case]:
    """Every filed case of the user's region (工单查询)."""
    return Case.objects.in_region_of(user)


def narrow_to_do(cases: QuerySet[Case], filters: Filters) -> QuerySet[Case]:
    """未超时/已超时 look at the present step only (domain §4.3)."""
    if filters.kind:
        cases = cases.filter(is_overdue=filters.kind == LATE)
    if filters.state:
        cases = cases.filter(state=filters.state)
    return cases.named(filters.name)


def narrow_done(cases: QuerySet[Case], filters: Filters) -> QuerySet[Case]:
    """已超时 means that any step was late (domain §4.3); 已办结 includes the negative ends."""
    if filters.kind == LATE:
        cases = cases.filter(EVER_LATE)
    elif filters.kind == NOT_LATE:
        cases = cases.exclude(EVER_LATE)
    if filters.state in (FLOWING, CLOSED):
        cases = cases.filter(OPEN if filters.state == FLOWING else FINISHED)
    elif filters.state:
        cases = cases.filter(state=filters.state)
    return cases.named(filters.name)


def as_rows(cases: QuerySet[Case]) -> QuerySet:
    """Named tuples of the list's columns: no model instances, nothing sealed is opened."""
    return cases.values_list(*COLUMNS, named=True)


def to_do_states(user) -> list[tuple[str, str]]:
    """The step names this user's level may handle, for the filter."""
    return [(code, CaseState(code).label) for code in states_of(user.level)]


def count_to_do(user) -> int:
    """The number in the tab, the menu and on the desk: exactly the rows of the unfiltered 待办 list."""
    if user.office_id is None or not user.can(Can.HANDLE_CASES):
        return 0
    return capped(WAITING.count(user.office_id, user.scope.low, user.scope.high))


def count_overdue(user) -> int:
    """The rows of the 待办 list filtered by 已超时."""
    return capped_count(narrow_to_do(to_do(user), Filters(kind=LATE)))


def next_case(user, filters: Filters, *, after: Case, due_at) -> Case | None:
    """The case below the one just handled in the filtered 待办 list, else its first; None when the list is empty."""
    rest = narrow_to_do(to_do(user), filters).exclude(pk=after.pk).order_by(*TODO_ORDER)
    if due_at is None:
        return rest.first()
    below = Q(due_at__gt=due_at) | Q(due_at=due_at, id__gt=after.pk)
    return rest.filter(below).first() or rest.first()


@dataclass(frozen=True)
class Remaining:
    """Time left of an open step: working days, or natural days late."""

    workdays: int
    days_late: int
    is_provisional: bool


def remaining(row, known: calendars.Calendars) -> Remaining | None:
    """How long an open case still has, from its due date and its own region's calendar; None when it has ended."""
    if row.due_at is None:
        return None
    moment = now()
    due_on = last_day(row.due_at)
    if row.due_at <= moment:
        return Remaining(0, max(1, (moment.date() - due_on).days), row.is_due_provisional)
    left = known.of_key(row.region_key).count(moment.date(), due_on)
    return Remaining(left, 0, row.is_due_provisional)


def last_day(due_at: dt.datetime) -> dt.date:
    """The day a due moment (00:00 of the day after) is shown as (domain §14.2)."""
    return (due_at.astimezone(now().tzinfo) - dt.timedelta(microseconds=1)).date()
