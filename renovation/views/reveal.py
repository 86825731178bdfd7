"""【查看完整】: a reason first, then one number once; the number is in no address, no log, no cache (domain §15.1)."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views import View

from accounts.access import StaffMixin
from accounts.actions.submissions import once
from accounts.actions.unmask import reveal
from accounts.permissions import Can
from common.errors import Refusal
from common.masking import MASKS
from renovation.forms.reason import ReasonForm
from renovation.queries.casefile import members_of
from renovation.views.scoped import CaseMixin

SEEN = "刚才已经显示过了。如需再看，请重新填写原因。"


class RevealView(StaffMixin, View):
    """Base: subclasses say of which row which sealed field is asked, how it is called, and where to go back to."""

    can = Can.UNMASK

    def target(self):
        """(row, field name, label, name of the person, address to go back to); 404 outside the user's view."""
        raise NotImplementedError

    def get(self, request, **kwargs):
        return self.page(ReasonForm())

    def post(self, request, **kwargs):
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        row, field, *_ = self.target()
        shown = {}

        def work() -> dict:
            shown["value"] = reveal(by=request.user, instance=row, field=field, reason=form.reason())
            return {}

        try:
            outcome = once(
                token=request.POST.get("submit_token", ""), by=request.user, purpose=self.purpose(row), work=work
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            return self.page(form, status=422)
        if outcome.is_repeat:
            form.add_error(None, SEEN)
            return self.page(form, status=409)
        return self.page(form, value=shown["value"])

    def purpose(self, row) -> str:
        return f"unmask:{row.uid}"

    def page(self, form, *, value: str = "", status: int = 200):
        row, field, label, name, back = self.target()
        mask = MASKS[row._meta.get_field(field).mask]
        context = {
            "form": form,
            "label": label,
            "title": f"查看{name}的完整{label}",
            "masked": mask(getattr(row, field)),
            "value": value,
            "back": back,
            "purpose": self.purpose(row),
        }
        response = render(self.request, "renovation/reveal.html", context, status=status)
        response["Cache-Control"] = "no-store"
        return response


CASE_FIELDS = {
    "id_number": ("applicant_id_number", "身份证号码"),
    "phone": ("applicant_phone", "联系电话"),
    "agent_phone": ("agent_phone", "代办人电话"),
}


class RevealCaseView(CaseMixin, RevealView):
    can = Can.UNMASK

    def target(self):
        what = self.kwargs["what"]
        if what not in CASE_FIELDS:
            raise Http404
        field, label = CASE_FIELDS[what]
        name = self.case.agent_name if what == "agent_phone" else self.case.applicant_name
        return self.case, field, label, name, reverse("renovation:case", args=[self.case.uid])


class RevealMemberView(CaseMixin, RevealView):
    can = Can.UNMASK

    def target(self):
        member = get_object_or_404(members_of(self.case), uid=self.kwargs["member"])
        return member, "id_number", "身份证号码", member.name, reverse("renovation:case", args=[self.case.uid])
