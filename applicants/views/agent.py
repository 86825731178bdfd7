"""代办: a village cadre, or a relative on the own phone, fills in for somebody who cannot (domain §3.4, ADR 0110)."""

from uuid import UUID

from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from accounts.access import StaffMixin
from accounts.permissions import Can
from applicants import notices, pages
from applicants.access import PageView, to_people
from applicants.forms.persons import AgentForm, RelativeForm
from applicants.queries import county_is_open, filed_for_others, offices_of
from common.errors import Refusal
from households.choices import ClaimState
from renovation.actions import drafts
from renovation.choices import CaseState


class AgentView(StaffMixin, PageView):
    """Behind the staff's door, or for a villager whose name is tapped; in a closed county there is nothing to begin."""

    can = Can.APPLY_FOR_VILLAGER

    def dispatch(self, request, *args, **kwargs):
        user = request.user
        if not (user.is_authenticated and user.is_villager):
            return super().dispatch(request, *args, **kwargs)
        if request.claim is None:
            return to_people(request)
        if request.claim.state == ClaimState.SUPERSEDED:
            offices = offices_of(request.claim.home_region)
            return self.page("see_village", title="请到村委会当面核对", back="/", offices=offices, is_stale=False)
        # The staff's door is not for villagers; theirs has been passed.
        return View.dispatch(self, request, *args, **kwargs)

    @property
    def region(self):
        """Where this helper is at home."""
        return self.request.claim.home_region if self.request.user.is_villager else self.request.user.region

    @property
    def home_url(self) -> str:
        return reverse("applicants:home" if self.request.user.is_villager else "workbench:home")

    def closed(self):
        """The page that says that this county takes no applications, or None (decision 19)."""
        region = self.region
        if county_is_open(region):
            return None
        offices = offices_of(region if self.request.user.is_villager else region.parent)
        return self.page(
            "county_closed",
            title="本县尚未开通网上申请",
            back=self.home_url,
            offices=offices,
            region=region,
            other_url="",
        )


class AgentStart(AgentView):
    """What this helper has begun and filed, and the way to a new one."""

    def get(self, request):
        if page := self.closed():
            return page
        found = filed_for_others(request.user)
        unfinished = [(case, pages.left_at(case)) for case in found.filter(state=CaseState.DRAFT)[:50]]
        return self.page(
            "agent_start",
            title="代办申请",
            back=self.home_url,
            drafts=unfinished,
            filed=list(found.exclude(state=CaseState.DRAFT)[:20]),
        )


class AgentNew(AgentView):
    """Who fills in, and that the person has asked for it; after one was filed, only that (`?after=`)."""

    def get(self, request):
        if page := self.closed():
            return page
        return self._page(self._form(initial=self._known()))

    def post(self, request):
        # 再代办一户 sends the tick alone: who helps is known.
        form = self._form(self._known() | request.POST.dict() if self._before() else request.POST)
        if not form.is_valid():
            return self._page(form)
        try:
            draft = self._begin(form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            return self._page(form)
        return redirect("applicants:page", draft.uid, pages.PAGES[0].slug)

    def _begin(self, said: dict):
        before = self._before()
        # No draft for somebody without the word that they asked for it.
        with transaction.atomic():
            draft = drafts.start_draft_for(
                by=self.request.user,
                helper=self._helper(said),
                notice_version=notices.APPLY.version,
                village=before.region if before else None,
            )
            for notice in (notices.APPLY, notices.AGENT):
                # Kept under the application: each villager authorises anew, and is not known as a person yet.
                notices.agree(notice, by=self.request.user, who=draft.uid)
        return draft

    def _helper(self, said: dict) -> drafts.Helper:
        if not self.request.user.is_villager:
            return drafts.Helper(said["agent_name"], said["agent_phone"])
        claim = self.request.claim
        return drafts.Helper(claim.name, said["agent_phone"], said["agent_relation"], claim)

    def _form(self, *args, **kwargs):
        return (RelativeForm if self.request.user.is_villager else AgentForm)(*args, **kwargs)

    def _known(self) -> dict:
        """Who helped with the one filed before, else whose account or phone this is."""
        if before := self._before():
            return {name: getattr(before, name) for name in ("agent_name", "agent_phone", "agent_relation")}
        user = self.request.user
        return {"agent_name": user.display_name, "agent_phone": user.phone}

    def _before(self):
        """The application this helper has just filed, or None."""
        if not hasattr(self, "_earlier"):
            uid = _as_uuid(self.request.GET.get("after", ""))
            self._earlier = filed_for_others(self.request.user).filter(uid=uid).first() if uid else None
        return self._earlier

    def _page(self, form):
        back, offices = reverse("applicants:agent_start"), offices_of(self.region)
        # The helper may play the notice in the villager's own language.
        said = {"notice": notices.APPLY, "spoken": notices.APPLY.key}
        return self.page("agent_new", title="帮别人申请", back=back, form=form, offices=offices, **said)


class AgentSheet(AgentView):
    """委托书, blank, to be printed and signed: what the person agrees to stands on it in full."""

    def get(self, request):
        back = reverse("applicants:agent_start")
        return render(request, "applicants/agent_sheet.html", {"back": back, "offices": offices_of(self.region)})


def _as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
