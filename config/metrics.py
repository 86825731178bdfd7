"""/metrics for Prometheus: requests by view, and what waits. Numbers of things, never a word about a person."""

import hmac
import logging
from time import perf_counter
from uuid import uuid4

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Min, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.choices import OutboxState
from accounts.models import AuditPending, OutboxEntry
from common.clock import now
from common.context import client_ip
from config import counting
from renovation.models import Case

TYPE = "text/plain; version=0.0.4; charset=utf-8"
# Upper ends of the duration classes, in seconds.
BUCKETS = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
tally = counting.Tally()
logger = logging.getLogger("anju.requests")


def folder():
    return settings.VAR_DIR / "metrics"


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Everything in Prometheus' text format; 404 for whoever is neither a named address nor knows the token."""
    if not may_ask(request):
        raise Http404
    return HttpResponse("\n".join([*request_lines(), *gauge_lines(), ""]), content_type=TYPE)


def may_ask(request: HttpRequest) -> bool:
    """An address of METRICS_ALLOW, or `Authorization: Bearer` with METRICS_TOKEN."""
    token, said = settings.METRICS_TOKEN, request.headers.get("Authorization", "")
    if token and hmac.compare_digest(said.encode(), f"Bearer {token}".encode()):
        return True
    return (client_ip(request) or "unix") in settings.METRICS_ALLOW


def count(view: str, status: int, seconds: float) -> None:
    """Note one request: a counter by view and class of status, a histogram of durations by view."""
    end = next((str(end) for end in BUCKETS if seconds <= end), "+Inf")
    tally.add(folder(), {f"n|{view}|{status // 100}xx": 1, f"s|{view}|": seconds, f"b|{view}|{end}": 1})


def request_lines() -> list[str]:
    """What the web processes of this machine counted, added up."""
    sums = counting.read(folder())
    lines = ["# TYPE anju_requests_total counter"]
    lines += [
        f'anju_requests_total{{view="{view}",status="{status}"}} {number:.0f}'
        for kind, view, status, number in _split(sums)
        if kind == "n"
    ]
    lines.append("# TYPE anju_request_seconds histogram")
    for view in sorted({view for kind, view, *_ in _split(sums) if kind == "b"}):
        total = 0.0
        for end in (*map(str, BUCKETS), "+Inf"):
            total += sums[f"b|{view}|{end}"]
            lines.append(f'anju_request_seconds_bucket{{view="{view}",le="{end}"}} {total:.0f}')
        lines.append(f'anju_request_seconds_sum{{view="{view}"}} {sums[f"s|{view}|"]:.6f}')
        lines.append(f'anju_request_seconds_count{{view="{view}"}} {total:.0f}')
    return lines


def _split(sums) -> list[tuple]:
    return sorted((*key.split("|", 2), number) for key, number in sums.items())


def gauge_lines() -> list[str]:
    """What the database knows, the same whichever process is asked."""
    moment = now()
    waiting = OutboxEntry.objects.filter(state__in=(OutboxState.WAITING, OutboxState.SENT))
    pending = AuditPending.objects.all()
    gauges = {
        "anju_open_cases": Case.objects.open().count(),
        "anju_overdue_steps": Case.objects.open().filter(Q(is_overdue=True) | Q(due_at__lt=moment)).count(),
        "anju_outbox_waiting": waiting.count(),
        "anju_outbox_oldest_seconds": _age(waiting.aggregate(at=Min("created_at"))["at"], moment),
        "anju_outbox_parked": OutboxEntry.objects.filter(state=OutboxState.PARKED).count(),
        "anju_audit_pending": pending.count(),
        "anju_audit_oldest_seconds": _age(pending.aggregate(at=Min("entry__at"))["at"], moment),
        "anju_sessions": Session.objects.filter(expire_date__gt=moment).count(),
    }
    return [line for name, value in gauges.items() for line in (f"# TYPE {name} gauge", f"{name} {value}")]


def _age(since, moment) -> float:
    return round(max(0.0, (moment - since).total_seconds()), 3) if since else 0.0


class MeasureRequests:
    """First of the layers: gives the request its number, counts it, and writes its line (config/settings/logs.py)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.request_id, began = uuid4().hex[:16], perf_counter()
        response = self.get_response(request)
        took = perf_counter() - began
        match = getattr(request, "resolver_match", None)
        # Never the address: it is typed by people. Nobody's name either, and no query to find out whose it is.
        view = match.view_name or "unnamed" if match else "none"
        try:
            count(view, response.status_code, took)
        except OSError:
            # A full disk must not cost anybody a page: the number is missing, nothing else.
            logger.warning("a request was not counted")
        said = {
            "request_id": request.request_id,
            "method": request.method,
            "view": view,
            "status": response.status_code,
        }
        user = getattr(getattr(request, "_cached_user", None), "pk", None)
        logger.info("request", extra=said | {"duration_ms": round(took * 1000, 1), "user_id": user})
        response.headers["X-Request-ID"] = request.request_id
        return response
