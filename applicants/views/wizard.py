"""The question pages of a draft: saved on 继续 and by autosave, back always works (decision 7)."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from applicants import cards, notices, pages
from applicants.access import DraftView
from applicants.forms.answers import ApplicantForOtherForm
from applicants.queries import offices_of
from applicants.spoken import key_of
from common.clock import now
from common.errors import Refusal
from regions.forms import as_region
from renovation.actions import drafts

ONLY_ON_FORWARD = ("region", "lon", "lat", "crs")


class WizardView(DraftView):
    """A page of the wizard: knows its number, where back and 继续 lead."""

    slug = ""

    def step_page(self, template: str, **context):
        slug = self.slug
        page = pages.BY_SLUG[slug]
        return self.page(
            template,
            **{"title": page.title, "back": self.back_url(), "step": pages.number(slug), "wizard": page} | context,
            spoken=key_of(slug),
            case=self.case,
            query="?from=check" if self.came_from_check() else "",
        )

    def came_from_check(self) -> bool:
        return self.request.GET.get("from") == "check"

    def url_of(self, slug: str) -> str:
        return reverse("applicants:page", args=[self.case.uid, slug])

    def back_url(self) -> str:
        """Back to the check page that sent us here, else one page back, from the first page to the start."""
        if self.came_from_check():
            return self.url_of("check")
        before = pages.before(self.slug)
        if before:
            return self.url_of(before)
        return reverse("applicants:agent_start") if self.case.on_behalf else reverse("applicants:home")

    def forward_url(self) -> str:
        return self.url_of("check" if self.came_from_check() else pages.after(self.slug))


class AnswerPage(WizardView):
    """Any page that is one form."""

    def enter(self, request, *args, **kwargs):
        self.slug = kwargs["slug"]
        if self.slug not in pages.BY_SLUG or pages.BY_SLUG[self.slug].form is None:
            raise Http404
        self.form_class = pages.BY_SLUG[self.slug].form_class(self.case)
        return super().enter(request, *args, **kwargs)

    def get(self, request, uid, slug):
        if pages.BY_SLUG[slug].needs_house and not (self.case.region_id and self.case.house_address):
            messages.info(request, "请先填写房子的地址。")
            return redirect(self.url_of("address" if self.case.region_id else "region"))
        read = cards.filled(request, cards.FOR_OTHER) if self.form_class is ApplicantForOtherForm else {}
        form = self._form(initial=self.form_class.initial_of(self.case, request.user) | read)
        cards.ask_to_check(form, read)
        return self._page(form)

    def post(self, request, uid, slug):
        form = self._form(request.POST)
        if not form.is_valid():
            # Not eligible is a page of its own, never a field error.
            return self._county_closed(form) if form.has_error("region", "not_enabled") else self._page(form)
        try:
            self._store(form, page=pages.after(slug))
        except Refusal as refusal:
            form.add_error(refusal.code if refusal.code in form.fields else None, refusal.message)
            return self._page(form)
        return redirect(self.forward_url())

    def _form(self, *args, **kwargs):
        return self.form_class(*args, case=self.case, user=self.request.user, **kwargs)

    def _store(self, form, page: str) -> None:
        before = self.case.lon
        answers = form.answers()
        # No point on the map without the consent to it.
        with transaction.atomic():
            drafts.save_answers(case=self.case, by=self.request.user, answers=answers, page=page)
            if before is None and answers.get("lon") is not None:
                notices.agree(notices.POSITION, by=self.request.user, who=self.request.user.acting_uid)

    def _page(self, form):
        return self.step_page(
            self.slug if self.slug in ("applicant", "address") else "question",
            form=form,
            save_url=f"{reverse('applicants:save', args=[self.case.uid, self.slug])}?seen={self.case.answers_version}",
            position_note=notices.POSITION.title,
            card=cards.offer(self.request, cards.FOR_OTHER),
        )

    def _county_closed(self, form):
        region = as_region(form["region"].value())
        return self.page(
            "county_closed",
            title="本县尚未开通网上申请",
            back=self.url_of("region"),
            offices=offices_of(region),
            region=region,
            other_url=self.url_of("region"),
        )


class Autosave(AnswerPage):
    """What the script sends while somebody writes: stored loosely, answered with the time (decision 7)."""

    http_method_names = ["post"]

    def post(self, request, uid, slug):
        form = self.form_class(request.POST, case=self.case, user=request.user, strict=False)
        form.is_valid()
        answers, seen = self._worth_keeping(form), _number(request.GET.get("seen", ""))
        try:
            drafts.save_answers(case=self.case, by=request.user, answers=answers, page=slug, seen=seen)
        except Refusal as refusal:
            return JsonResponse({"error": refusal.message}, status=409)
        return JsonResponse({"ok": True, "saved_at": f"{timezone.localtime(now()):%H:%M}"})

    def _worth_keeping(self, form) -> dict:
        """Valid answers only; a region and a point on the map are stored by 继续 alone.

        It also asks whether the region's county is open, and keeps the consent to the point.
        """
        answers = form.answers()
        return {name: value for name, value in answers.items() if value is not None and name not in ONLY_ON_FORWARD}


def _number(text: str) -> int:
    """The number in the address; 0, which is older than every 继续, for anything that is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
