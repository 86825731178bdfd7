from urllib.parse import urlencode

from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpResponseRedirect, JsonResponse
from django.urls import resolve, reverse
from django.urls.exceptions import Resolver404

from accounts import passwords, sessions
from accounts.access import ask_first, wanted_page, wants_json

# What somebody may open before the first login is completed: the page that completes it, and the way out.
FIRST_LOGIN_OPEN = {
    "accounts:first_login",
    "accounts:logout",
    "accounts:staff_login",
    "accounts:captcha",
    "common:display",
    "healthz",
    "readyz",
}
# And with a password past its days (L-05): the page for a new one, and the way out.
OLD_PASSWORD_OPEN = FIRST_LOGIN_OPEN - {"accounts:first_login"} | {"accounts:change_password"}


class StaffSessionMiddleware:
    """Ends sessions that lay idle; keeps whoever has a first login or a new password to complete on that one page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        # Asked of the session first: visitors without a login cost no query here.
        if SESSION_KEY not in request.session or not request.user.is_authenticated:
            return self.get_response(request)
        if sessions.has_timed_out(request):
            return self._ask_again(request)
        if request.user.must_change_password and self._name(request) not in FIRST_LOGIN_OPEN:
            return self._to(request, "accounts:first_login", "请先完善用户信息")
        if passwords.is_too_old(request.user) and self._name(request) not in OLD_PASSWORD_OPEN:
            return self._to(request, "accounts:change_password", "密码已到期，请先更换密码")
        return self.get_response(request)

    def _ask_again(self, request):
        page = "accounts:login" if request.user.is_villager else "accounts:staff_login"
        logout(request)
        url = f"{reverse(page)}?{urlencode({'timeout': 1, 'next': wanted_page(request)})}"
        return ask_first(request, url)

    def _to(self, request, name: str, why: str):
        page = reverse(name)
        if wants_json(request):
            return JsonResponse({"message": why, "login_url": page}, status=403)
        return HttpResponseRedirect(f"{page}?{urlencode({'next': wanted_page(request)})}")

    def _name(self, request) -> str:
        try:
            return resolve(request.path_info).view_name
        except Resolver404:
            return ""
