"""The 长辈版 switch: a cookie, so that it works before login and without JavaScript."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

ONE_YEAR = 365 * 24 * 3600


@require_POST
def display(request: HttpRequest) -> HttpResponse:
    """Remember the chosen size and go back to the page the person was on."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    answer = HttpResponseRedirect(target)
    value = "1" if request.POST.get("elder") == "1" else "0"
    answer.set_cookie("elder", value, max_age=ONE_YEAR, samesite="Lax", httponly=True, secure=request.is_secure())
    return answer
