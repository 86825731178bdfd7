"""The pages of things gone wrong: plain words, what to do next, and nothing of what went wrong inside."""

import logging
import sys

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from common.outage import is_database_away
from config.typed import page_before, typed_in

logger = logging.getLogger("anju.errors")

# Without templates, without static files: what is left when even those fail.
LAST_RESORT = (
    '<!DOCTYPE html><html lang="zh-Hans"><meta charset="utf-8"><title>暂时打不开</title>'
    "<h1>暂时打不开这个页面</h1><p>请过几分钟再试。已经提交成功的内容不会丢失。</p></html>"
)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the browser sent something no page of ours makes."""
    return _page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: known, but not for this account."""
    return _page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a form whose page is too old: logging in anew is all it takes."""
    return _page(request, 403, name="csrf")


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nowhere, or not in this person's area; the page never tells which."""
    return _page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 while the database is away; neither page asks the database for anything."""
    if is_database_away(sys.exc_info()[1]):
        response = _page(request, 503)
        response["Retry-After"] = "10"
        return response
    return _page(request, 500)


def number_of(request: HttpRequest, status: int) -> str:
    """What the log calls this request where the fault is ours: whoever rings up can name it."""
    return getattr(request, "request_id", "") if status >= 500 else ""


def _page(request: HttpRequest, status: int, name: str = "") -> HttpResponse:
    try:
        # No request in the context: its processors would look for the person, and so for the database.
        context = {"typed": typed_in(request), "back": page_before(request) if request.method == "POST" else ""}
        html = render_to_string(f"errors/{name or status}.html", context | {"number": number_of(request, status)})
    except Exception:
        logger.exception("The error page %s cannot be drawn", name or status)
        html = LAST_RESORT
    return HttpResponse(html, status=status, headers={"Cache-Control": "no-store"})
