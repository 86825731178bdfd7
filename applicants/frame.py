"""What the frame of every villager's page shows: whose page it is, the bar at the bottom, whom to call."""

from django.urls import reverse

from accounts import frame as staff_frame
from accounts.models import Office
from accounts.queries import unread_count
from applicants.queries import office_for_all, offices_of
from common import context_processors


def register() -> None:
    """Called once in ApplicantsConfig.ready(), after the accounts floor has registered its own."""
    context_processors.register("person_name", person_name)
    context_processors.register("villager_nav", villager_nav)
    context_processors.register("help_office", help_office)


def person_name(request) -> str:
    claim = getattr(request, "claim", None)
    return claim.name if claim else staff_frame.person_name(request)


def villager_nav(request) -> list[dict]:
    """首页 · 我的申请 · 消息 · 我的, for whoever has tapped a name."""
    if getattr(request, "claim", None) is None:
        return []
    unread = unread_count(request.user)
    entries = (
        ("首页", reverse("applicants:home"), 0),
        ("我的申请", reverse("applicants:cases"), 0),
        ("消息", reverse("accounts:messages"), 0),
        ("我的", reverse("applicants:me"), unread),
    )
    return [
        {"label": label, "url": url, "count": count, "is_current": _is_here(request.path, url)}
        for label, url, count in entries
    ]


def _is_here(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)


def help_office(request) -> Office | None:
    """Whom to call: the nearest office with a telephone of the page's place, the person's, or all open counties."""
    claim, case = getattr(request, "claim", None), getattr(request, "shown_case", None)
    places = (case.region if case else None, claim.home_region if claim else None)
    place = next((one for one in places if one), None) or _staff_region(request)
    return next(iter(offices_of(place)), None) if place else office_for_all()


def _staff_region(request):
    return request.user.region if request.user.is_authenticated else None
