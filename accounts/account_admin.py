"""账号 in the admin pages: made, reset, changed, cancelled through actions.accounts; passwords shown once on a slip."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse

from accounts.actions import accounts as act
from accounts.choices import Duty, Status
from accounts.forms import AccountForm, NewAccountForm, ReasonForm
from accounts.guards import against_touching, grantable_duties
from accounts.passwords import length_words
from accounts.permissions import Can
from common.admin import HouseAdmin
from common.errors import Refusal

# What may be done to an account besides editing it: (button, sentence, needs a reason, is it dangerous).
ACTS = {
    "reset": ("重置密码", "将生成新的随机初始密码，7天内有效；该账号现有的登录会全部退出。", False, False),
    "cancel": ("注销", "注销后该账号不能登录，历史记录保留；需要时可以恢复。", True, True),
    "restore": ("恢复", "恢复为正常状态，并生成新的随机初始密码。", False, False),
    "delete": ("删除", "只有从未操作过的账号可以删除，删除后不能恢复。", False, True),
}
SHOWN = ["username", "level", "status", "position", "last_login", "created_by", "created_at"]


class DutyFilter(admin.SimpleListFilter):
    title = "职责"
    parameter_name = "duty"

    def lookups(self, request, model_admin):
        return Duty.choices

    def queryset(self, request, queryset):
        return queryset.filter(duties__contains=[self.value()]) if self.value() else queryset


class AccountAdmin(HouseAdmin):
    is_audited_by_actions = True
    list_display = ["display_name", "username", "level", "office", "duty_labels", "phone", "status", "last_login"]
    list_filter = ["level", "status", DutyFilter]
    list_select_related = ["office"]
    search_fields = ["username", "display_name", "office__name"]
    search_help_text = "系统账号、姓名或单位名称"
    autocomplete_fields = ["office"]
    ordering = ["office__region__key", "id"]
    change_form_template = "accounts/admin/account.html"

    @admin.display(description="职责")
    def duty_labels(self, user):
        return "、".join(user.get_duty_labels())

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def get_fields(self, request, obj=None):
        if obj is None:
            return ["office", "username", "display_name", "new_phone", "duties"]
        if not self.has_change_permission(request, obj):
            return ["office", "display_name", "duty_labels", "phone_masked", *SHOWN]
        return ["office", "display_name", "duties", "phone_masked", "new_phone", *SHOWN]

    def get_readonly_fields(self, request, obj=None):
        return ["phone_masked", *(SHOWN if obj else [])]

    @admin.display(description="联系电话")
    def phone_masked(self, user):
        return user.phone_masked

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj and not self.has_change_permission(request, obj):
            return super().get_form(request, obj, change, **kwargs)
        kwargs["form"] = AccountForm if obj else NewAccountForm
        form = super().get_form(request, obj, change, **kwargs)
        given = {"by": request.user, "grantable": grantable_duties(request.user)}

        class Asked(form):
            """The admin makes forms of a class; ours needs to know who is asking."""

            def __init__(self, *args, **options):
                super().__init__(*args, **options, **given)

        return Asked

    def has_change_permission(self, request, obj=None):
        # The accounts of 三员 are looked at, not touched, by whoever does not appoint them.
        return super().has_change_permission(request, obj) and not (obj and against_touching(request.user, obj))

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        said = {name: form.cleaned_data[name] for name in ("office", "display_name", "duties")}
        phone = form.cleaned_data["new_phone"]
        if change:
            before = self.get_queryset(request).get(pk=obj.pk)
            act.change_account(by=request.user, user=before, phone=phone or before.phone, **said)
            return
        slip = act.create_account(by=request.user, username=form.cleaned_data["username"], phone=phone, **said)
        request.slip = slip
        obj.pk, obj.username = slip.user.pk, slip.user.username
        obj._state.adding = False

    def response_add(self, request, obj, post_url_continue=None):
        return show_slip(request, request.slip)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        user = self.get_object(request, object_id)
        may_act = user is not None and self.has_change_permission(request, user)
        extra = {"acts": self._acts(user) if may_act else []} | (extra_context or {})
        return super().change_view(request, object_id, form_url, extra)

    def get_urls(self):
        acts = "<int:pk>/<slug:name>/"
        own = [path(f"act/{acts}", self.admin_site.admin_view(self.perform), name="accounts_user_act")]
        return own + super().get_urls()

    def perform(self, request, pk: int, name: str):
        """One of ACTS: a page that names the account, then the act itself."""
        user = self.get_object(request, str(pk))
        if not request.user.can(Can.MANAGE_ACCOUNTS):
            raise PermissionDenied
        if user is None or name not in ACTS:
            raise Http404
        button, sentence, needs_reason, is_dangerous = ACTS[name]
        form = ReasonForm(request.POST or None) if needs_reason else None
        if request.method == "POST" and (form is None or form.is_valid()):
            try:
                return self._done(request, user, name, form.cleaned_data["reason"] if form else "")
            except Refusal as refusal:
                messages.error(request, refusal.message)
        context = self.admin_site.each_context(request) | {
            "title": f"{button}：{user.display_name}（{user.username}）",
            "account": user,
            "button": button,
            "sentence": sentence,
            "is_dangerous": is_dangerous,
            "form": form,
            "back": reverse("admin:accounts_user_change", args=[user.pk]),
        }
        return render(request, "accounts/admin/act.html", context)

    def _done(self, request, user, name: str, reason: str):
        if name == "reset":
            return show_slip(request, act.reset_password(by=request.user, user=user))
        if name == "restore":
            return show_slip(request, act.restore_account(by=request.user, user=user))
        if name == "cancel":
            act.cancel_account(by=request.user, user=user, reason=reason)
            messages.success(request, f"账号{user.username}已注销")
            return redirect("admin:accounts_user_change", user.pk)
        act.delete_account(by=request.user, user=user)
        messages.success(request, f"账号{user.username}已删除")
        return redirect("admin:accounts_user_changelist")

    def _acts(self, user) -> list[dict]:
        offered = ["reset", "cancel"] if user.status == Status.ACTIVE else ["restore"]
        offered += [] if act.has_acted(user) else ["delete"]
        page = "admin:accounts_user_act"
        return [{"label": ACTS[one][0], "url": reverse(page, args=[user.pk, one])} for one in offered]


def show_slip(request, slip):
    """账号通知单: the only time the password is seen; the page is not kept and not shown again."""
    said = {"slip": slip, "login_url": reverse("accounts:staff_login"), "length": length_words()}
    response = render(request, "accounts/admin/slip.html", said)
    response["Cache-Control"] = "no-store"
    return response
