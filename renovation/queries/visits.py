"""本月入户调查比例: how many of the county's decisions at 审批 this month were preceded by a visit (domain §4.8)."""

from datetime import date, datetime, time

from django.db.models import Count, Q, QuerySet
from django.utils.timezone import make_aware

from renovation.choices import CaseState
from renovation.models import CaseNode

DECISIONS = ("approve", "reject")
VISITED = Q(payload__home_visit=True)


def decisions_in(month: date) -> QuerySet[CaseNode]:
    """The decisions at 审批 of the calendar month of that day, approvals and refusals."""
    first = make_aware(datetime.combine(month.replace(day=1), time.min))
    following = make_aware(
        datetime(month.year + month.month // 12, month.month % 12 + 1, 1)  # noqa: DTZ001  make_aware gives the zone
    )
    rows = CaseNode.objects.filter(code=CaseState.PENDING_COUNTY_APPROVAL, move__in=DECISIONS)
    return rows.filter(handled_at__gte=first, handled_at__lt=following)


def visit_ratio(county_id: int, month: date) -> tuple[int, int]:
    """(decisions with 是否入户抽查=是, all decisions) of that county in that calendar month."""
    rows = decisions_in(month).filter(case__county_id=county_id)
    counted = rows.aggregate(visited=Count("pk", filter=VISITED), decided=Count("pk"))
    return counted["visited"], counted["decided"]
