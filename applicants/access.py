"""Who may open a villager's page: a phone, a person whose name was tapped, the draft's own filler."""

from functools import partial
from urllib.parse import urlencode

from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from accounts.access import PhoneMixin, ask_first, to_login, wants_json
from applicants import pages
from applicants.queries import recordings_for
from households.choices import ClaimState
from renovation.choices import CaseState
from renovation.models import Case
from renovation.permissions import is_applicant


class PageView(View):
    """A villager's page: one template, one title, a way back."""

    def page(self, template: str, *, title: str, back: str = "", form=None, step: int = 0, **context):
        """The page with everything the frame reads; a bound form with errors makes the title start with 「错误：」."""
        links = context.pop("links", None) or (form.error_links if form is not None and form.is_bound else [])
        context |= {"title": title, "back_url": back, "form": form, "links": links, "has_errors": bool(links)}
        spoken = context.pop("spoken", "")
        # Asked for by the template alone, after the page's own rows.
        context["recordings"] = partial(recordings_for, self.request.user, spoken)
        context.setdefault("summary", "有内容需要修改")
        context |= {"step": step, "total": pages.TOTAL}
        # The frame names the office of that application's village.
        self.request.shown_case = context.get("case")
        return render(self.request, f"applicants/{template}.html", context)


class PhoneView(PhoneMixin, PageView):
    """Pages of the phone itself: choosing and adding persons."""


class PersonView(PhoneMixin, PageView):
    """Pages of one person: without a tapped name the list of persons comes first (decision 18)."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and request.user.is_villager and request.claim is None:
            return to_people(request)
        return super().dispatch(request, *args, **kwargs)


class ApplicationView(PageView):
    """Pages of one application for its applicant, or the cadre who filed it; everybody else gets 404."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.case = None

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return to_login(request, "accounts:login")
        if request.user.is_villager and request.claim is None:
            return to_people(request)
        self.case = application_of(request.user, kwargs["uid"])
        return self.enter(request, *args, **kwargs)

    def enter(self, request, *args, **kwargs):
        """The page itself, once the application is found."""
        return super().dispatch(request, *args, **kwargs)


class DraftView(ApplicationView):
    """Pages that write to a draft. After 提交 they lead to its confirmation: going back never files twice."""

    def enter(self, request, *args, **kwargs):
        if self.case.state != CaseState.DRAFT:
            return self._elsewhere("这份申请已经提交，不能再修改。", after_filing(self.case, request.user))
        if request.user.is_villager and request.claim.state == ClaimState.SUPERSEDED:
            # Somebody else was met with this ID (decision 17): the start page says where to go.
            return self._elsewhere("您的身份信息需要到村委会当面核对。", reverse("applicants:apply"))
        return super().enter(request, *args, **kwargs)

    def _elsewhere(self, reason: str, url: str):
        return JsonResponse({"error": reason}, status=409) if wants_json(self.request) else redirect(url)


def application_of(user, uid) -> Case:
    """The application of that uid within the user's view and hands, or 404."""
    case = Case.objects.visible_to(user).select_related("claim", "region").filter(uid=uid).first()
    if case is None or not is_applicant(user, case):
        raise Http404
    return case


def after_filing(case: Case, user) -> str:
    """Where a filed application is confirmed to whoever filed it."""
    return reverse("applicants:done" if user.is_villager else "applicants:agent_done", args=[case.uid])


def to_people(request):
    """Off to the list of persons, with the wanted page kept."""
    wanted = request.get_full_path() if request.method == "GET" else request.path
    return ask_first(request, f"{reverse('applicants:people')}?{urlencode({'next': wanted})}")
