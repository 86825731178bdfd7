from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import captcha, sessions
from accounts.access import TIMED_OUT
from accounts.actions.login import ASK_CAPTCHA, try_login
from accounts.forms import StaffLoginForm

ASKED = "captcha_asked"


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class StaffLogin(View):
    """/staff/login/ and /admin/login/: account, password, and a captcha once three tries have failed."""

    def get(self, request):
        if request.user.is_authenticated and not request.user.is_villager:
            wanted = sessions.safe_next(request, sessions.home_of(request.user))
            # Only the admin pages send somebody here who is logged in: a second redirect would go in a circle.
            if request.user.is_staff or not wanted.startswith("/admin/"):
                return redirect(wanted)
        notice = TIMED_OUT if request.GET.get("timeout") else ""
        question = captcha.renew(request.session) if request.session.get(ASKED) else ""
        return self._page(request, StaffLoginForm(question=question), notice)

    def post(self, request):
        captcha_ok = captcha.check(request.session, request.POST.get("captcha", ""))
        form = StaffLoginForm(request.POST, question="…" if request.session.get(ASKED) else "")
        if not form.is_valid():
            return self._again(request, form)
        result = try_login(
            username=form.cleaned_data["username"],
            password=form.cleaned_data["password"],
            device=request.COOKIES.get(sessions.DEVICE_COOKIE, ""),
            captcha_ok=captcha_ok,
        )
        if result.user is None:
            request.session[ASKED] = result.needs_captcha
            was_wrong = result.message == ASK_CAPTCHA and request.POST.get("captcha") and not captcha_ok
            return self._again(request, form, "验证码不正确，请重新填写" if was_wrong else result.message)
        return self._enter(request, result)

    def _enter(self, request, result):
        target = sessions.safe_next(request, sessions.home_of(result.user))
        sessions.begin(request, result.user)
        self._greet(request)
        response = redirect(target)
        response.set_cookie(
            sessions.DEVICE_COOKIE,
            result.device,
            max_age=sessions.DEVICE_AGE,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )
        return response

    def _greet(self, request):
        """When and from where the account was used last: the owner notices what was not him."""
        if last := request.session["last_login"]:
            at = timezone.localtime(parse_datetime(last["at"]))
            messages.info(request, f"上次登录：{at:%Y-%m-%d %H:%M}，IP地址 {last['ip']}。如不是本人，请立即修改密码")

    def _again(self, request, form, message: str = ""):
        """The page again: the account kept, the password empty, the captcha new."""
        question = captcha.renew(request.session) if request.session.get(ASKED) else ""
        fresh = StaffLoginForm(initial={"username": request.POST.get("username", "")[:64]}, question=question)
        if not message:
            fresh = StaffLoginForm({**request.POST.dict(), "captcha": ""}, question=question)
            fresh.is_valid()
        return self._page(request, fresh, message, status=200)

    def _page(self, request, form, notice: str = "", status: int = 200):
        barred = request.user if request.user.is_authenticated and not request.user.is_villager else None
        wanted = sessions.safe_next(request, "")
        context = {"form": form, "notice": notice, "next": wanted, "barred": barred}
        return render(request, "accounts/staff_login.html", context, status=status)


@never_cache
@require_POST
def stay(request):
    """「我还在」: the request itself has just kept the session alive; the answer says until when."""
    if not request.user.is_authenticated:
        return JsonResponse({"seconds": 0}, status=401)
    return JsonResponse({"seconds": sessions.seconds_left(request)})


def captcha_picture(request):
    """The picture of the captcha in this session; 404 when none was asked for."""
    if not (picture := captcha.picture(request.session)):
        raise Http404
    return HttpResponse(picture, content_type="image/png")


class Logout(View):
    """退出, by post only: a link in a message must not log anybody out."""

    def get(self, request):
        return redirect("/")

    def post(self, request):
        was_staff = request.user.is_authenticated and not request.user.is_villager
        sessions.end(request)
        messages.success(request, "您已退出登录")
        return redirect(reverse("accounts:staff_login") if was_staff else "/")
