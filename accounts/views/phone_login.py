from uuid import UUID

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views import View
from django.views.decorators.cache import never_cache

from accounts import sessions
from accounts.access import TIMED_OUT
from accounts.actions import phone_login
from accounts.forms import CodeForm, PhoneForm
from accounts.models import SmsCode, SmsMessage
from common.errors import Refusal

CODE = "sms_code"


@method_decorator(never_cache, name="dispatch")
class PhoneLogin(View):
    """/login/: the phone. The answer never says whether the number is known here."""

    def get(self, request):
        if request.user.is_authenticated and request.user.is_villager:
            return redirect(sessions.safe_next(request, sessions.home_of(request.user)))
        return self._page(request, PhoneForm(), TIMED_OUT if request.GET.get("timeout") else "")

    def post(self, request):
        form = PhoneForm(request.POST)
        if not form.is_valid():
            return self._page(request, form)
        try:
            code = phone_login.send_code(phone=form.cleaned_data["phone"])
        except Refusal as refusal:
            if self._asked_here(request, form.cleaned_data["phone"]):
                return redirect(_with_next("accounts:login_code", request))
            form.add_error("phone", refusal.message)
            return self._page(request, form)
        request.session[CODE] = str(code.uid)
        return redirect(_with_next("accounts:login_code", request))

    def _asked_here(self, request, phone: str) -> bool:
        """Whether this browser already waits for a code of that very phone (a double tap, a step back)."""
        code = current_code(request)
        return bool(code and code.phone == phone and not code.used_at and phone_login.seconds_to_wait(code))

    def _page(self, request, form, notice: str = ""):
        context = {"form": form, "notice": notice, "next": sessions.safe_next(request, "")}
        return render(request, "accounts/login.html", context)


@method_decorator(never_cache, name="dispatch")
class CodeEntry(View):
    """/login/code/: the six digits, in the browser that asked for them."""

    def dispatch(self, request, *args, **kwargs):
        self.code = current_code(request)
        if self.code is None:
            return redirect(_with_next("accounts:login", request))
        return super().dispatch(request, *args, **kwargs)

    def get(self, request):
        return self._page(request, CodeForm())

    def post(self, request):
        if "again" in request.POST:
            return self._send_again(request)
        form = CodeForm(request.POST)
        if not form.is_valid():
            return self._page(request, form)
        try:
            user = phone_login.enter(code_uid=self.code.uid, typed=form.cleaned_data["code"])
        except Refusal as refusal:
            form.add_error("code", refusal.message)
            return self._page(request, form)
        wanted = sessions.safe_next(request, "")
        sessions.begin(request, user)
        # A phone may hold several persons (decision 18): whose page it is comes next.
        home = sessions.home_of(user)
        return redirect(f"{home}?{urlencode({'next': wanted})}" if wanted else home)

    def _send_again(self, request):
        try:
            code = phone_login.send_code(phone=self.code.phone)
        except Refusal as refusal:
            form = CodeForm({})
            form.errors["code"] = form.error_class([refusal.message])
            return self._page(request, form)
        request.session[CODE] = str(code.uid)
        return redirect(_with_next("accounts:login_code", request))

    def _page(self, request, form):
        context = {
            "form": form,
            "code": self.code,
            "wait": phone_login.seconds_to_wait(self.code),
            "next": sessions.safe_next(request, ""),
        }
        return render(request, "accounts/login_code.html", context)


def current_code(request) -> SmsCode | None:
    """The code this browser asked for last."""
    uid = request.session.get(CODE)
    return SmsCode.objects.filter(uid=UUID(uid)).first() if uid else None


def sent_messages(request):
    """/dev/sms/: what the console sender did not send; only where settings.DEVELOPMENT says so."""
    if not settings.DEVELOPMENT:
        raise Http404
    latest = SmsMessage.objects.order_by("-id")[:50]
    return render(request, "accounts/dev_sms.html", {"sent": latest})


def _with_next(name: str, request) -> str:
    wanted = sessions.safe_next(request, "")
    return f"{reverse(name)}?{urlencode({'next': wanted})}" if wanted else reverse(name)
