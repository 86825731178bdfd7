"""Check answers, 提交, and the confirmation that can be opened again (domain §3.5, reliability §0.5)."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse

from accounts.actions.submissions import once
from applicants import pages
from applicants.access import ApplicationView, PersonView, after_filing, application_of
from applicants.answers_shown import photos_of, rows_of
from applicants.forms.persons import AgainForm
from applicants.queries import offices_of, open_case_of
from applicants.sentences import status_of
from applicants.views.wizard import WizardView
from common.errors import Refusal
from renovation.actions.moves import perform_move
from renovation.choices import CaseState
from renovation.queries.behalf import notice_of
from renovation.queries.service import asking_node


class Check(WizardView):
    """请核对后提交. The token makes a double tap, a reload and a retry one and the same submit."""

    slug = "check"

    @property
    def purpose(self) -> str:
        return f"case.submit.{self.case.uid}"

    def get(self, request, uid):
        return self._page()

    def post(self, request, uid):
        if gaps := pages.missing(self.case):
            return self._page(gaps)
        token = request.POST.get("submit_token", "")
        try:
            once(token=token, by=request.user, purpose=self.purpose, work=self._submit)
        except Refusal as refusal:
            return self._refused(refusal)
        return redirect(after_filing(self.case, request.user))

    def _submit(self) -> dict:
        done = perform_move(self.case, "submit", by=self.request.user)
        return {"case": str(done.case.uid), "number": done.case.number}

    def _refused(self, refusal: Refusal):
        now = application_of(self.request.user, self.case.uid)
        if now.state != CaseState.DRAFT:
            # Another tab or an earlier try was faster: the same number, the same page.
            return redirect(after_filing(now, self.request.user))
        if self.request.user.is_villager and (other := open_case_of(self.request.user)):
            messages.info(self.request, refusal.message)
            return redirect("applicants:case", other.uid)
        return self._page(refusal=refusal.message)

    def _page(self, gaps=None, refusal: str = ""):
        links = [(f"missing-{slug}", text) for slug, text in gaps or ()]
        missing = [(slug, text, self.url_of(slug)) for slug, text in pages.missing(self.case)]
        return self.step_page(
            "check",
            links=[("", refusal)] if refusal else links,
            summary="还不能提交",
            missing=[(slug, text, f"{url}?from=check") for slug, text, url in missing],
            sections=rows_of(self.case, can_change=True),
            photos=photos_of(self.case),
            purpose=self.purpose,
        )


class Done(PersonView):
    """提交成功: number, what happens next and until when; works when opened again from a bookmark."""

    def get(self, request, uid):
        case = application_of(request.user, uid)
        if case.state == CaseState.DRAFT:
            return redirect("applicants:page", uid, pages.resume(case))
        return self.page("done", title="提交成功", case=case, status=status_of(case), offices=offices_of(case.region))


class AgentDone(ApplicationView):
    """The same for the cadre who filed for somebody: both names, print, on to the next."""

    def get(self, request, uid):
        if self.case.state == CaseState.DRAFT:
            return redirect("applicants:page", uid, pages.resume(self.case))
        back = reverse("applicants:agent_start") if not request.user.is_villager else reverse("applicants:cases")
        is_waiting = self.case.state == CaseState.PENDING_ACCEPTANCE
        notice = notice_of(self.case)
        return self.page(
            "agent_done",
            title="代办提交成功" if is_waiting else "代办的申请",
            back=back,
            case=self.case,
            status=status_of(self.case),
            offices=offices_of(self.case.region),
            can_withdraw=is_waiting,
            asking=asking_node(self.case),
            is_told=notice is None or notice.is_told,
            disowned=notice is not None and notice.is_disowned,
            again=AgainForm(),
            again_url=f"{reverse('applicants:agent_new')}?after={self.case.uid}",
        )
