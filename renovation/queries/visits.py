"""本月入户调查比例 (domain §4.8): how many of the county's decisions of a month were preceded by a visit; read only."""

import datetime as dt

from django.db.models import Count, Q
from django.utils import timezone

from renovation.choices import CaseState
from renovation.models import CaseNode

# A case sent back to the township was not decided upon.
DECIDING = ("approve", "reject")


def visit_ratio(county_id: int, month: dt.date) -> tuple[int, int]:
    """(visited, decided): approvals and refusals handled in the calendar month of that day, in local time."""
    first = timezone.make_aware(dt.datetime.combine(month.replace(day=1), dt.time.min))
    following = (month.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    decided = CaseNode.objects.filter(
        case__county_id=county_id,
        code=CaseState.PENDING_COUNTY_APPROVAL,
        move__in=DECIDING,
        handled_at__gte=first,
        handled_at__lt=timezone.make_aware(dt.datetime.combine(following, dt.time.min)),
    )
    found = decided.aggregate(visited=Count("pk", filter=Q(payload__home_visit=True)), decided=Count("pk"))
    return found["visited"], found["decided"]
