"""拨付 of one project: what the government grants, what was paid, and the county's form for the next payment."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.views import View

from accounts.actions.submissions import once
from common.components import tag
from common.errors import Refusal
from common.templatetags.anju import cn_date, cn_datetime, yuan
from renovation.actions import payments
from renovation.choices import PaymentState
from renovation.forms.payment import PaymentForm, PaymentRemovalForm
from renovation.models import Case, Payment, RenovationProject
from renovation.permissions import is_of_county
from renovation.views.people import name_for
from renovation.views.scoped import CaseMixin

TONES = {PaymentState.UNPAID: "plain", PaymentState.PARTLY: "soft", PaymentState.FULL: "ok"}
PAID = (
    {"label": "拨付日期", "kind": "date"},
    {"label": "金额（元）", "kind": "number"},
    {"label": "收款人"},
    {"label": "账号后四位"},
    {"label": "登记"},
)


def state_tag(project: RenovationProject) -> str:
    """拨付情况 as a tag."""
    return tag(TONES[project.payment_state], project.get_payment_state_display())


def register_facts(case: Case) -> list[tuple]:
    """How far the project is in the register, for the case page; empty before the approval (domain §7.2)."""
    project = case.project_or_none()
    if project is None:
        return []
    return [
        ("申请进度", project.get_application_state_display()),
        ("审核进度", project.get_archive_state_display()),
        ("拨付情况", state_tag(project)),
        ("已拨付", f"{yuan(project.paid_total)}元"),
    ]


class ProjectMixin(CaseMixin):
    """The project of a case within the officer's region; 404 before the approval made one."""

    @cached_property
    def project(self) -> RenovationProject:
        project = self.case.project_or_none()
        if project is None:
            raise Http404
        return project

    @cached_property
    def may_record(self) -> bool:
        """Whether this user keeps the payments of the county."""
        return is_of_county(self.request.user, self.project)

    @property
    def page_url(self) -> str:
        return reverse("renovation:payments", args=[self.case.uid]) + self.suffix

    def dispatch_refusal(self, refusal: Refusal) -> None:
        """What is no answer to a form: not there, not allowed."""
        if refusal.code == "missing":
            raise Http404
        if refusal.code == "forbidden":
            raise PermissionDenied(refusal.message)


class PaymentsView(ProjectMixin, View):
    """List and form on one page; recording comes back to it."""

    def get(self, request, **kwargs):
        return self.page(PaymentForm(initial={"payee": self.project.household.head.name}))

    def post(self, request, **kwargs):
        if not self.may_record:
            raise PermissionDenied("您没有登记拨付的权限")
        form = PaymentForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)

        def work() -> dict:
            payment = payments.record_payment(project=self.project, by=request.user, **form.cleaned_data)
            return {"message": f"已登记拨付{yuan(payment.amount)}元，并通知申请人"}

        try:
            token = request.POST.get("submit_token", "")
            outcome = once(token=token, by=request.user, purpose=purpose_of(self.project), work=work)
        except Refusal as refusal:
            self.dispatch_refusal(refusal)
            form.add_error(None, refusal.message)
            return self.page(form, status=422)
        messages.success(request, outcome.value["message"])
        return HttpResponseRedirect(self.page_url)

    def page(self, form, *, status: int = 200):
        project, user = self.project, self.request.user
        # As it is now: a refusal may have come from somebody who was faster.
        project.refresh_from_db()
        lines = project.lines.order_by("id")
        why_not = payments.why_not(project)
        context = {
            "case": self.case,
            "project": project,
            "left": payments.unpaid(project),
            "state_tag": state_tag(project),
            "facts": [
                ("申请人", name_for(user, self.case.applicant_name)),
                ("工单号", self.case.number),
                ("列入计划年度", f"{project.plan_year}年"),
                ("验收时间", cn_date(project.accepted_on, "year")),
            ],
            "lines": [(f"{line.get_level_display()}补助金", f"{yuan(line.amount)}元") for line in lines],
            "paid_columns": (*PAID, {"label": "操作", "kind": "actions"}) if self.may_record else PAID,
            "payments": [self.row(one) for one in project.payments.select_related("recorded_by")],
            "form": form if self.may_record and why_not is None else None,
            "why_not": why_not,
            "purpose": purpose_of(project),
            "suffix": self.suffix,
            "crumbs": [("工单详情", self.case_url), ("补助资金拨付", "")],
        }
        return render(self.request, "renovation/payments.html", context, status=status)

    def row(self, payment: Payment) -> list:
        cells = [
            cn_date(payment.paid_on, "year"),
            yuan(payment.amount),
            name_for(self.request.user, payment.payee),
            payment.bank_last4 or "—",
            f"{payment.recorded_by.display_name} {cn_datetime(payment.recorded_at)}",
        ]
        if self.may_record:
            url = reverse("renovation:remove_payment", args=[self.case.uid, payment.uid]) + self.suffix
            words = f"{cn_date(payment.paid_on, 'year')} {yuan(payment.amount)}元"
            cells.append(format_html('<a href="{}">删除<span class="sr">，{}</span></a>', url, words))
        return cells


class RemovePaymentView(ProjectMixin, View):
    """Taking a wrong record back asks for the reason on a page of its own."""

    def get(self, request, **kwargs):
        return self.page(PaymentRemovalForm())

    def post(self, request, **kwargs):
        if self.may_record and not self.project.payments.filter(uid=self.kwargs["payment"]).exists():
            # The second of two taps: it is gone already.
            return HttpResponseRedirect(self.page_url)
        payment, form = self.payment, PaymentRemovalForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)

        def work() -> dict:
            payments.remove_payment(payment=payment, by=request.user, reason=form.cleaned_data["reason"])
            return {}

        try:
            once(token=request.POST.get("submit_token", ""), by=request.user, purpose=f"unpay:{payment.uid}", work=work)
        except Refusal as refusal:
            self.dispatch_refusal(refusal)
            form.add_error(None, refusal.message)
            return self.page(form, status=422)
        messages.success(request, f"已删除{yuan(payment.amount)}元的拨付记录，并通知申请人")
        return HttpResponseRedirect(self.page_url)

    @cached_property
    def payment(self) -> Payment:
        """The record in question, for whoever may take it back."""
        if not self.may_record:
            raise PermissionDenied("您没有登记拨付的权限")
        return get_object_or_404(self.project.payments.select_related("recorded_by"), uid=self.kwargs["payment"])

    def page(self, form, *, status: int = 200):
        payment = self.payment
        context = {
            "form": form,
            "facts": [
                ("拨付日期", cn_date(payment.paid_on, "year")),
                ("拨付金额", f"{yuan(payment.amount)}元"),
                ("收款人", payment.payee),
                ("登记人", payment.recorded_by.display_name),
            ],
            "purpose": f"unpay:{payment.uid}",
            "back": self.page_url,
            "crumbs": [("工单详情", self.case_url), ("补助资金拨付", self.page_url), ("删除拨付记录", "")],
        }
        return render(self.request, "renovation/remove_payment.html", context, status=status)


def purpose_of(project: RenovationProject) -> str:
    """What a submit token of this form is good for: one more payment of this project."""
    return f"pay:{project.uid}"
