from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters

from accounts import passwords as rules
from accounts import sessions
from accounts.access import StaffMixin
from accounts.actions import passwords
from accounts.forms import FirstLoginForm, NewPasswordForm
from common.errors import Refusal


@method_decorator(sensitive_post_parameters(), name="dispatch")
class FirstLogin(StaffMixin, View):
    """请完善用户信息: every other page leads here until it is done."""

    def get(self, request):
        if not request.user.must_change_password:
            return redirect(sessions.safe_next(request, sessions.home_of(request.user)))
        initial = {"display_name": "", "position": request.user.position, "phone": request.user.phone}
        return self._page(request, FirstLoginForm(initial=initial))

    def post(self, request):
        if not request.user.must_change_password:
            return redirect(sessions.safe_next(request, sessions.home_of(request.user)))
        form = FirstLoginForm(request.POST)
        if not form.is_valid():
            return self._page(request, form)
        data = form.cleaned_data
        try:
            user = passwords.complete_profile(
                by=request.user,
                display_name=data["display_name"],
                position=data["position"],
                phone=data["phone"],
                old=data["old_password"],
                new=data["new_password"],
            )
        except Refusal as refusal:
            form.add_error(refusal.code or None, refusal.message)
            return self._page(request, form)
        # New rights, new session number (L-07); every other session of the account has just ended.
        update_session_auth_hash(request, user)
        messages.success(request, "信息已完善，新密码已生效")
        return redirect(sessions.safe_next(request, sessions.home_of(user)))

    def _page(self, request, form):
        return render(request, "accounts/first_login.html", {"form": form, "next": sessions.safe_next(request, "")})


@method_decorator(sensitive_post_parameters(), name="dispatch")
class ChangePassword(StaffMixin, View):
    """修改密码; the only page of whoever's password is past its days (L-05)."""

    def get(self, request):
        return self._page(request, NewPasswordForm())

    def post(self, request):
        form = NewPasswordForm(request.POST)
        if form.is_valid():
            data = form.cleaned_data
            try:
                user = passwords.change_password(by=request.user, old=data["old_password"], new=data["new_password"])
            except Refusal as refusal:
                form.add_error(refusal.code or None, refusal.message)
            else:
                update_session_auth_hash(request, user)
                messages.success(request, "密码已修改，其他设备上的登录已全部退出")
                return redirect(sessions.safe_next(request, reverse("accounts:profile")))
        return self._page(request, form)

    def _page(self, request, form):
        too_old = f"密码已使用{settings.PASSWORD_DAYS}天，按规定须更换后才能继续使用。"
        context = {
            "form": form,
            "next": sessions.safe_next(request, ""),
            "too_old": too_old if rules.is_too_old(request.user) else "",
        }
        return render(request, "accounts/change_password.html", context)


class Profile(StaffMixin, View):
    """我的账号: who I am here, what I may do, when and from where I logged in last."""

    def get(self, request):
        last = request.session.get("last_login")
        context = {
            "person": request.user,
            "duties": request.user.get_duty_labels(),
            "last_at": parse_datetime(last["at"]) if last else None,
            "last_ip": last["ip"] if last else "",
            "devices": request.user.devices.order_by("-last_seen_at")[:10],
        }
        return render(request, "accounts/profile.html", context)
