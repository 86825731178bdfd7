"""代办: a village cadre files for somebody without a phone; both names stay with the case (decision 8)."""

from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse

from accounts.access import StaffMixin
from accounts.permissions import Can
from applicants import notices, pages
from applicants.access import PageView
from applicants.forms.persons import AgentForm
from applicants.queries import county_is_open, filed_for_others, offices_of
from renovation.actions import drafts
from renovation.choices import CaseState


class AgentView(StaffMixin, PageView):
    """Behind the staff's door; where the county takes no applications there is nothing to begin (decision 19)."""

    can = Can.APPLY_FOR_VILLAGER

    def closed(self):
        """The page that says so, or None."""
        region = self.request.user.region
        if county_is_open(region):
            return None
        home, offices = reverse("workbench:home"), offices_of(region.parent)
        return self.page(
            "county_closed", title="本县尚未开通网上申请", back=home, offices=offices, region=region, other_url=""
        )


class AgentStart(AgentView):
    """What this cadre has begun and filed, and the way to a new one."""

    def get(self, request):
        if page := self.closed():
            return page
        found = filed_for_others(request.user)
        unfinished = [(case, pages.left_at(case)) for case in found.filter(state=CaseState.DRAFT)[:50]]
        return self.page(
            "agent_start",
            title="代办申请",
            back=reverse("workbench:home"),
            drafts=unfinished,
            filed=list(found.exclude(state=CaseState.DRAFT)[:20]),
        )


class AgentNew(AgentView):
    """Who fills in, and that the person has asked for it."""

    def get(self, request):
        if page := self.closed():
            return page
        initial = {"agent_name": request.user.display_name, "agent_phone": request.user.phone}
        return self._page(AgentForm(initial=initial))

    def post(self, request):
        form = AgentForm(request.POST)
        if not form.is_valid():
            return self._page(form)
        # No draft for somebody without the word that they asked for it.
        with transaction.atomic():
            draft = drafts.start_draft_for(
                by=request.user,
                agent_name=form.cleaned_data["agent_name"],
                agent_phone=form.cleaned_data["agent_phone"],
                notice_version=notices.APPLY.version,
            )
            for notice in (notices.APPLY, notices.AGENT):
                # Kept under the application: each villager authorises anew, and is not known as a person yet.
                notices.agree(notice, by=request.user, who=draft.uid)
        return redirect("applicants:page", draft.uid, pages.PAGES[0].slug)

    def _page(self, form):
        back, offices = reverse("applicants:agent_start"), offices_of(self.request.user.region)
        # The cadre may play the notice in the villager's own language.
        said = {"notice": notices.APPLY, "spoken": notices.APPLY.key}
        return self.page("agent_new", title="帮村民申请", back=back, form=form, offices=offices, **said)
