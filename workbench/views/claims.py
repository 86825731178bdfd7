"""身份核对: identities that phones assert, confirmed with the person and the card in front (decision 17)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.views import View

from accounts.access import StaffMixin
from accounts.actions.submissions import once
from accounts.permissions import Can
from common.errors import Refusal
from common.masking import mask_id_number, mask_phone
from common.paging import capped_count, keyset_page
from common.templatetags.anju import cn_datetime
from households.actions import pins
from households.actions.claims import confirm_claim
from households.models import Claim
from households.queries import claims_to_confirm, confirmed_rival
from regions import names
from renovation.views.lists import PAGE_SIZE
from renovation.views.reveal import RevealView
from renovation.views.tables import place_words
from workbench.forms import MetForm

FORGOTTEN = "本人在手机上说忘记了4位数字密码。确认是本人后，密码会清除，由本人重新设置。"
NOBODY = {"title": "没有待核对的身份", "text": "群众用手机登记身份后会出现在这里。"}
CLAIM_COLUMNS = (
    {"label": "姓名"},
    {"label": "身份证号码"},
    {"label": "手机号码"},
    {"label": "家庭住址"},
    {"label": "登记时间", "kind": "date"},
    {"label": "状态"},
    {"label": "操作", "kind": "actions"},
)


class ClaimsView(StaffMixin, View):
    """身份核对: identities of the region that nobody has met yet."""

    can = Can.CONFIRM_PERSONS

    def get(self, request):
        waiting = claims_to_confirm(request.user)
        page = keyset_page(waiting, order=("region_key", "id"), cursor=request.GET.get("p", ""), size=PAGE_SIZE)
        here = reverse("workbench:claims")
        places = names.full_names({claim.home_region_id for claim in page})
        above = names.full_name(request.user.region.pk)
        rows = [self.row(claim, place_words(claim.home_region_id, places, above)) for claim in page]
        links = {name: f"{here}?p={cursor}" if cursor else "" for name, cursor in _cursors(page)}
        pager = {"first": here if page.preceding else "", "size": PAGE_SIZE, **links}
        listing = {
            "rows": rows,
            "columns": CLAIM_COLUMNS,
            "empty": NOBODY,
            "total": capped_count(waiting),
            "pager": pager,
        }
        return render(request, "workbench/claims.html", listing)

    def row(self, claim: Claim, place: str) -> dict:
        url = reverse("workbench:claim", args=[claim.uid])
        cells = (
            claim.name,
            mask_id_number(claim.id_number),
            mask_phone(claim.phone),
            f"{place}{claim.home_address}",
            cn_datetime(claim.created_at),
            "忘记4位数字密码" if claim.pin_forgotten_at else claim.get_state_display(),
            format_html('<a href="{}">核对<span class="sr">{}</span></a>', url, claim.name),
        )
        return {"url": url, "cells": cells}


def _cursors(page):
    return (("preceding", page.preceding), ("following", page.following))


class ClaimMixin(StaffMixin):
    """A claim of the officer's region that waits to be confirmed; everything else is 404."""

    can = Can.CONFIRM_PERSONS

    @cached_property
    def claim(self) -> Claim:
        return get_object_or_404(claims_to_confirm(self.request.user), uid=self.kwargs["uid"])


class ClaimView(ClaimMixin, View):
    """Confirm one identity with the person and the card in front of one (decision 17)."""

    def get(self, request, uid):
        return self.page(MetForm())

    def post(self, request, uid):
        form = MetForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        claim = Claim.objects.visible_to(request.user).filter(uid=uid).first()
        if claim is None:
            raise Http404

        def work() -> dict:
            confirmed = confirm_claim(claim=claim, by=request.user)
            return {"name": confirmed.name, "pin_cleared": pins.take_away(claim=confirmed, by=request.user)}

        try:
            outcome = once(
                token=request.POST.get("submit_token", ""), by=request.user, purpose=f"claim:{uid}", work=work
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            return self.page(form, status=409)
        cleared = "，4位数字密码已清除，请本人在手机上重新设置" if outcome.value.get("pin_cleared") else ""
        messages.success(request, f"已确认{outcome.value['name']}的身份{cleared}")
        return redirect("workbench:claims")

    def page(self, form, *, status: int = 200):
        claim, back = self.claim, reverse("workbench:claims")
        listing = {
            "claim": claim,
            "title": f"核对{claim.name}的身份",
            "crumbs": [("身份核对", back), (claim.name, "")],
            "back": back,
            "form": form,
            "purpose": f"claim:{claim.uid}",
            "warning": _earlier(claim),
            "forgotten": FORGOTTEN if claim.pin_forgotten_at else "",
            "facts": [
                ("姓名", claim.name),
                ("身份证号码", self._masked("id_number", mask_id_number(claim.id_number))),
                ("手机号码", self._masked("phone", mask_phone(claim.phone))),
                ("家庭住址", f"{names.full_name(claim.home_region_id)}{claim.home_address}"),
                ("登记时间", cn_datetime(claim.created_at)),
                ("状态", claim.get_state_display()),
            ],
        }
        return render(self.request, "workbench/claim.html", listing, status=status)

    def _masked(self, what: str, text: str) -> str:
        number = format_html('<span class="number-groups">{}</span>', text)
        if not self.request.user.can(Can.UNMASK):
            return number
        url = reverse("workbench:reveal_claim", args=[self.claim.uid, what])
        return format_html('{} <a href="{}">查看完整</a>', number, url)


def _earlier(claim: Claim) -> str:
    """What to know before another phone loses the person (ADR 0002); '' when nobody was confirmed."""
    rival = confirmed_rival(claim)
    if rival is None:
        return ""
    unit = rival.confirmed_by.office.name if rival.confirmed_by and rival.confirmed_by.office else "其他单位"
    return (
        f"该身份证号码已由{unit}于{cn_datetime(rival.confirmed_at)}为另一手机号当面核对。"
        "请问清本人是否换了手机；确认后，原手机号不能再查看本人的记录，并会收到消息。"
    )


CLAIM_FIELDS = {"id_number": "身份证号码", "phone": "手机号码"}


class RevealClaimView(ClaimMixin, RevealView):
    can = Can.UNMASK

    def dispatch(self, request, *args, **kwargs):
        # Whoever may not open the identity itself (a city, a spot check) may not see its number either.
        if request.user.is_authenticated and not request.user.can(Can.CONFIRM_PERSONS) and not request.user.is_villager:
            raise PermissionDenied("您的账号没有这项权限")
        return super().dispatch(request, *args, **kwargs)

    def target(self):
        what = self.kwargs["what"]
        if what not in CLAIM_FIELDS:
            raise Http404
        return self.claim, what, CLAIM_FIELDS[what], self.claim.name, reverse("workbench:claim", args=[self.claim.uid])
