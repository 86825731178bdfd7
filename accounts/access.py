"""Who may open a staff page: staff with the capability the page names. Which rows is `visible_to()`'s matter."""

from urllib.parse import urlencode, urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect, JsonResponse
from django.urls import reverse

from accounts.permissions import Can

TIMED_OUT = "登录已超时，请重新登录"


class StaffMixin:
    """View mixin: others are sent to the staff login; without the capability `can` the answer is 403."""

    can: Can | None = None

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated or request.user.is_villager:
            return to_login(request, "accounts:staff_login")
        if self.can is not None and not request.user.can(self.can):
            raise PermissionDenied("您的账号没有这项权限")
        return super().dispatch(request, *args, **kwargs)


class PhoneMixin:
    """View mixin: pages of whoever has logged in with a phone; others are sent to the villagers' login."""

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated or not request.user.is_villager:
            return to_login(request, "accounts:login")
        return super().dispatch(request, *args, **kwargs)


def to_login(request, name: str) -> HttpResponseRedirect | JsonResponse:
    """Off to that login page, with the wanted page kept; a form that was sent says that its session is gone."""
    said = {"next": wanted_page(request)} | ({"timeout": 1} if request.method == "POST" else {})
    return ask_first(request, f"{reverse(name)}?{urlencode(said)}")


def ask_first(request, url: str) -> HttpResponseRedirect | JsonResponse:
    """Off to a page that has to be answered first; a script is told, for it would take that page for its answer."""
    if wants_json(request):
        return JsonResponse({"message": TIMED_OUT, "login_url": url}, status=401)
    return HttpResponseRedirect(url)


def wanted_page(request) -> str:
    """The page to come back to: a post has none of its own, so the page it was sent from.

    That one brings back what was typed into it when its address ends in `?typed` (static/js/keep-typed.js).
    """
    if request.method == "GET":
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("Referer", ""))
    page = came_from.path if came_from.netloc == request.get_host() else request.path
    return f"{page}?typed"


def wants_json(request) -> bool:
    """Whether a script is asking (autosave, photo upload), which can show a sentence but not follow to a page."""
    # Sec-Fetch-Dest is what browsers say themselves: "empty" is fetch(), a page would be "document".
    if request.headers.get("Sec-Fetch-Dest") == "empty":
        return True
    return request.headers.get("X-Requested-With") == "XMLHttpRequest" or not request.accepts("text/html")
