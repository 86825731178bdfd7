"""Objections to a notice: registered on its page, answered each on a page of its own."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views import View

from accounts.actions.submissions import once
from accounts.permissions import Can
from common.errors import Refusal
from common.masking import mask_name
from common.templatetags.anju import cn_date, cn_datetime
from renovation.actions.publicity import dismiss_objection, register_objection
from renovation.forms.objection import AnswerForm, ObjectionForm
from renovation.models import Objection
from renovation.permissions import may_handle, may_read_objections
from renovation.queries import publicity as notices
from renovation.views.notice import NoticeMixin, NoticeView, objecting_to
from renovation.views.reveal import RevealView

NO_DUTY = "异议由办理公示的乡镇登记和处理"


class RegisterView(NoticeView):
    """The page of the notice; its POST registers an objection (登记异议)."""

    def post(self, request, uid):
        if not may_handle(request.user, self.case):
            raise PermissionDenied(NO_DUTY)
        form = ObjectionForm(request.POST)
        if not form.is_valid():
            return self.page(form=form, status=422)
        try:
            token = request.POST.get("submit_token", "")
            once(token=token, by=request.user, purpose=objecting_to(self.case), work=lambda: self.register(form))
        except Refusal as refusal:
            return self.page(form=form, refusal=refusal.message, status=409)
        messages.success(request, "异议已登记，请在5个工作日内核实处理。")
        return redirect(self.notice_url)

    def register(self, form) -> dict:
        register_objection(case=self.case, by=self.request.user, **form.cleaned_data)
        return {}


class ObjectionMixin(NoticeMixin):
    """One objection of the case, for whoever may read objections at all; anything else is 404."""

    @cached_property
    def objection(self) -> Objection:
        if not may_read_objections(self.request.user):
            raise Http404
        return get_object_or_404(notices.objections_of(self.case), uid=self.kwargs["objection"])

    @property
    def may_answer(self) -> bool:
        return may_handle(self.request.user, self.case) and self.objection.closed_at is None

    @property
    def shown_name(self) -> str:
        """The handling office knows whom it answers; everybody else reads a masked name."""
        if self.objection.is_anonymous:
            return "匿名"
        name = self.objection.name
        return name if may_handle(self.request.user, self.case) else mask_name(name)


class ObjectionView(ObjectionMixin, View):
    """What somebody holds against the notice, and its two answers: 异议不成立 here, 异议成立 as a move of the case."""

    def get(self, request, uid, objection):
        return self.page(AnswerForm())

    def post(self, request, uid, objection):
        if self.objection and not may_handle(request.user, self.case):
            raise PermissionDenied(NO_DUTY)
        form = AnswerForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            token = request.POST.get("submit_token", "")
            once(token=token, by=request.user, purpose=self.purpose, work=lambda: self.dismiss(form))
        except Refusal as refusal:
            del self.objection
            return self.page(form, refusal=refusal.message, status=409)
        messages.success(request, "已答复：异议不成立。")
        return redirect(self.notice_url)

    @property
    def purpose(self) -> str:
        return f"answer:{self.case.uid}"

    def dismiss(self, form) -> dict:
        dismiss_objection(objection=self.objection, by=self.request.user, answer=form.cleaned_data["answer"])
        return {}

    def page(self, form, *, refusal: str = "", status: int = 200):
        context = {
            "case": self.case,
            "objection": self.objection,
            "facts": self.facts(),
            "form": form if self.may_answer else None,
            # Where the words can no longer be taken they are shown for copying.
            "typed": "" if self.may_answer else form.data.get("answer", ""),
            "refusal": refusal,
            "purpose": self.purpose,
            "uphold_url": reverse("renovation:move", args=[self.case.uid, "uphold_objection"]) + self.suffix,
            "reveal_url": self.reveal_url(),
            "crumbs": [("工单详情", self.case_url), ("公示", self.notice_url), ("异议", "")],
            "back": self.notice_url,
        }
        return render(self.request, "renovation/objection.html", context, status=status)

    def reveal_url(self) -> str:
        has_phone = bool(self.objection.phone) and self.request.user.can(Can.UNMASK)
        args = [self.case.uid, self.objection.uid]
        return reverse("renovation:reveal_objection", args=args) if has_phone else ""

    def facts(self) -> list[tuple]:
        row = self.objection
        facts = [
            ("异议人", self.shown_name),
            ("联系电话", row.phone_masked or "未留"),
            ("异议内容", row.content),
            ("登记", f"{cn_datetime(row.registered_at)}　{row.registered_by_name}"),
            ("处理期限", cn_date(row.due_on)),
        ]
        if row.closed_at:
            facts += [
                ("处理结果", row.get_result_display()),
                ("处理说明", row.answer),
                ("处理", f"{cn_datetime(row.closed_at)}　{row.closed_by_name}"),
            ]
        return facts


class RevealObjectionView(ObjectionMixin, RevealView):
    """【查看完整】 of the objector's telephone, so that somebody can call with the answer."""

    can = Can.UNMASK

    def target(self):
        row = self.objection
        if not row.phone:
            raise Http404
        back = reverse("renovation:objection", args=[self.case.uid, row.uid])
        return row, "phone", "联系电话", self.shown_name, back
