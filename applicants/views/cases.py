"""我的申请: the list, the progress page, 撤回 (domain §3.6)."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse

from accounts.actions.messages import mark_read
from accounts.actions.submissions import once
from accounts.queries import inbox
from applicants import pages
from applicants.access import ApplicationView, PersonView
from applicants.answers_shown import photos_of, rows_of
from applicants.progress import steps_of
from applicants.queries import draft_of, filed_cases, offices_of
from applicants.sentences import headline_of, status_of
from common.errors import Refusal
from renovation.actions.moves import perform_move
from renovation.choices import CaseState, Slot
from renovation.models import Case
from renovation.queries.service import asking_node, rated_among, rating_of
from renovation.urls_of import for_villager

TABS = (("open", "处理中"), ("finished", "已完成"))


class Cases(PersonView):
    """Tabs 处理中 and 已完成 with counts, and the draft on top."""

    def get(self, request):
        found = filed_cases(request.user)
        chosen = request.GET.get("tab") if request.GET.get("tab") in found else "open"
        here = reverse("applicants:cases")
        tabs = [
            {"label": label, "url": f"{here}?tab={key}", "count": found[key].count(), "is_current": key == chosen}
            for key, label in TABS
        ]
        cases = list(found[chosen][:50])
        completed = [case.pk for case in cases if case.state == CaseState.COMPLETED]
        return self.page(
            "cases",
            title="我的申请",
            tabs=tabs,
            chosen=chosen,
            cases=[(case, headline_of(case)) for case in cases],
            to_rate=set(completed) - rated_among(completed) if completed else set(),
            draft=draft_of(request.user),
        )


class PersonCaseView(PersonView):
    """Pages of one filed application within the person's view."""

    def dispatch(self, request, *args, **kwargs):
        self.case = None
        if getattr(request, "claim", None) is not None:
            self.case = _filed_case(request.user, kwargs["uid"])
            if self.case.state == CaseState.DRAFT:
                return redirect("applicants:page", self.case.uid, pages.resume(self.case))
        return super().dispatch(request, *args, **kwargs)


class CaseDetail(PersonCaseView):
    """The progress page: big sentence, timeline, own answers."""

    def get(self, request, uid):
        case, is_rated = self.case, rating_of(self.case) is not None
        # Whoever reads the progress has read what the messages say of it: the red dot goes.
        mark_read(messages=inbox(request.user).filter(link=for_villager(case)))
        return self.page(
            "case",
            title="办理进度",
            back=reverse("applicants:cases"),
            case=case,
            status=status_of(case),
            steps=steps_of(case),
            sections=rows_of(case),
            photos=photos_of(case),
            extra_photos=photos_of(case, Slot.EXTRA),
            asking=asking_node(case),
            to_rate=case.state == CaseState.COMPLETED and not is_rated,
            is_rated=is_rated,
            offices=offices_of(case.region),
            can_withdraw=case.state == CaseState.PENDING_ACCEPTANCE,
        )


class _Withdrawing:
    """撤回, on a page that names the application; only while nobody has accepted it."""

    shown_on = ""

    def get(self, request, uid):
        if self.case.state != CaseState.PENDING_ACCEPTANCE:
            messages.info(request, "这份申请现在不能撤回。")
            return redirect(self.shown_on, uid)
        here = reverse(self.shown_on, args=[uid])
        return self.page("withdraw", title="撤回这份申请？", back=here, case=self.case, purpose=self._purpose())

    def post(self, request, uid):
        token = request.POST.get("submit_token", "")
        try:
            once(token=token, by=request.user, purpose=self._purpose(), work=self._withdraw)
        except Refusal as refusal:
            messages.error(request, refusal.message)
        return redirect(self.shown_on, uid)

    def _purpose(self) -> str:
        return f"case.withdraw.{self.case.uid}"

    def _withdraw(self) -> dict:
        return {"case": str(perform_move(self.case, "withdraw", by=self.request.user).case.uid)}


class Withdraw(_Withdrawing, PersonCaseView):
    """撤回 by the person."""

    shown_on = "applicants:case"


class AgentWithdraw(_Withdrawing, ApplicationView):
    """撤回 by the cadre who filed for somebody: a person without a phone has no other way (domain §3.6)."""

    shown_on = "applicants:agent_done"


def _filed_case(user, uid) -> Case:
    case = Case.objects.visible_to(user).select_related("claim", "region", "office").filter(uid=uid).first()
    if case is None:
        raise Http404
    return case


def page_of(case: Case, user) -> str:
    """Where whoever acts for the applicant reads how the application stands."""
    return reverse("applicants:case" if user.is_villager else "applicants:agent_done", args=[case.uid])
