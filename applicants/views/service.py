"""After the steps: 评价, 谁看过我的申请, 请区县再看一次 (domain §3.6, §15.4, decision 22)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.urls import reverse

from accounts.actions.submissions import once
from applicants.access import ApplicationView, PersonView, application_of
from applicants.forms.service import RateForm, SecondLookForm
from applicants.queries import offices_of
from applicants.views.cases import PersonCaseView, page_of
from common.errors import Refusal
from renovation import guards
from renovation.actions.service import ask_second_look, rate_case
from renovation.choices import CaseState
from renovation.queries.service import LOW, rating_of, viewings_of

PER_PAGE = 20


class Rate(PersonView):
    """评价, once: five cards, a reason for the two lowest; the same address afterwards thanks and shows it."""

    def dispatch(self, request, *args, **kwargs):
        self.case = None
        if getattr(request, "claim", None) is not None:
            self.case = application_of(request.user, kwargs["uid"])
            if self.case.state != CaseState.COMPLETED:
                return redirect(page_of(self.case, request.user))
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, uid):
        rating = rating_of(self.case)
        if rating is None:
            return self._page(RateForm())
        return self.page(
            "rated", title="评价已收到", back=self._back(), case=self.case, rating=rating, is_low=rating.stars in LOW
        )

    def post(self, request, uid):
        if rating_of(self.case) is not None:
            return redirect("applicants:rate", uid)
        form = RateForm(request.POST)
        if not form.is_valid():
            return self._page(form)
        token, self._said = request.POST.get("submit_token", ""), form.cleaned_data
        try:
            once(token=token, by=request.user, purpose=self._purpose(), work=self._rate)
        except Refusal as refusal:
            if refusal.code != "done":
                form.add_error(None, refusal.message)
                return self._page(form)
        return redirect("applicants:rate", uid)

    def _rate(self) -> dict:
        said = self._said
        rating = rate_case(
            case=self.case,
            by=self.request.user,
            stars=said["stars"],
            reason=said.get("reason") or "",
            comment=said["comment"],
        )
        return {"stars": rating.stars}

    def _page(self, form):
        return self.page(
            "rate", title="评价办理服务", back=self._back(), form=form, case=self.case, purpose=self._purpose()
        )

    def _back(self) -> str:
        return reverse("applicants:case", args=[self.case.uid])

    def _purpose(self) -> str:
        return f"case.rate.{self.case.uid}"


class Viewings(PersonCaseView):
    """谁看过我的申请: day, office and position, newest first; nobody's name or telephone."""

    def get(self, request, uid):
        page = Paginator(viewings_of(self.case), PER_PAGE).get_page(request.GET.get("page"))
        back = reverse("applicants:case", args=[uid])
        return self.page(
            "viewings", title="谁看过我的申请", back=back, viewings=page, offices=offices_of(self.case.region)
        )


class AskSecondLook(ApplicationView):
    """请区县再看一次, within seven days and once; by the person, or the cadre who filed (代办)."""

    def enter(self, request, *args, **kwargs):
        # A post goes on: the action refuses it, or finds that the same button was pressed a moment ago.
        if request.method != "POST" and (refusal := guards.may_be_looked_at_again(self.case)):
            messages.info(request, refusal)
            return redirect(page_of(self.case, request.user))
        return super().enter(request, *args, **kwargs)

    def get(self, request, uid):
        return self._page(SecondLookForm())

    def post(self, request, uid):
        form = SecondLookForm(request.POST)
        if not form.is_valid():
            return self._again(form)
        token, self._reason = request.POST.get("submit_token", ""), form.cleaned_data["reason"]
        try:
            once(token=token, by=request.user, purpose=self._purpose(), work=self._ask)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            return self._again(form)
        messages.success(request, "已请区县再看一次，有答复会发消息。")
        return redirect(page_of(self.case, request.user))

    def _ask(self) -> dict:
        look = ask_second_look(case=self.case, by=self.request.user, reason=self._reason)
        return {"look": look.pk}

    def _again(self, form):
        """The typed words come back while asking is still possible; otherwise the progress page says why not."""
        if refusal := guards.may_be_looked_at_again(self.case):
            messages.info(self.request, refusal)
            return redirect(page_of(self.case, self.request.user))
        return self._page(form)

    def _page(self, form):
        return self.page(
            "second_look",
            title="请区县再看一次",
            back=page_of(self.case, self.request.user),
            form=form,
            case=self.case,
            purpose=self._purpose(),
            until=guards.second_look_until(self.case),
        )

    def _purpose(self) -> str:
        return f"case.second_look.{self.case.uid}"
