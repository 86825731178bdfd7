"""【我要申请】: on with the draft, or the notice first (domain §3.3)."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse

from applicants import notices, pages
from applicants.access import DraftView, PersonView
from applicants.forms.persons import ConsentForm
from applicants.queries import county_is_open, draft_of, offices_of, open_case_of
from households.choices import ClaimState
from renovation.actions import drafts


class _Beginning(PersonView):
    """What stands before a new application: an open one, an unproved name, an unfinished draft."""

    def dispatch(self, request, *args, **kwargs):
        if getattr(request, "claim", None) is not None:
            if request.claim.state == ClaimState.SUPERSEDED:
                offices = offices_of(request.claim.home_region)
                return self.page("see_village", title="请到村委会当面核对", back="/", offices=offices, is_stale=False)
            if case := open_case_of(request.user):
                messages.info(request, "您已有正在办理的申请，进度如下。")
                return redirect("applicants:case", case.uid)
        return super().dispatch(request, *args, **kwargs)


class Start(_Beginning):
    """/apply/: leads to the page that fits."""

    def get(self, request):
        if draft := draft_of(request.user):
            return self.page("continue", title="继续填写上次的申请", back="/", case=draft, page=pages.resume(draft))
        home = request.claim.home_region
        if not county_is_open(home) and "elsewhere" not in request.GET:
            return self.page(
                "county_closed",
                title="本县尚未开通网上申请",
                back=reverse("applicants:about"),
                offices=offices_of(home),
                region=home,
                other_url=f"{reverse('applicants:apply')}?elsewhere=1",
            )
        return redirect("applicants:notice")


class NoticePage(_Beginning):
    """申请须知: read, ticked, kept with version and hash; then the draft exists."""

    def get(self, request):
        return self._page(ConsentForm())

    def post(self, request):
        form = ConsentForm(request.POST)
        if not form.is_valid():
            return self._page(form)
        claim = request.claim
        # The word that it was read and the draft stand or fall together.
        with transaction.atomic():
            notices.agree(notices.APPLY, by=request.user, who=claim.uid)
            draft = drafts.start_draft(by=request.user, claim=claim, notice_version=notices.APPLY.version)
        return redirect("applicants:page", draft.uid, pages.resume(draft))

    def _page(self, form):
        back, offices = reverse("applicants:about"), offices_of(self.request.claim.home_region)
        return self.page(
            "notice",
            title=notices.APPLY.title,
            back=back,
            form=form,
            notice=notices.APPLY,
            offices=offices,
            spoken=notices.APPLY.key,
        )


class DraftDelete(DraftView):
    """Throw the draft away, on a page of its own."""

    def get(self, request, uid):
        return self.page("draft_delete", title="删除这份没有提交的申请？", case=self.case, cancel_url=self._home())

    def post(self, request, uid):
        drafts.delete_draft(case=self.case, by=request.user)
        messages.success(request, "已删除")
        return redirect(self._home())

    def _home(self) -> str:
        return reverse("applicants:agent_start" if self.case.on_behalf else "applicants:apply")
