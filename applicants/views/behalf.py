"""The page behind the link of the text message: 「我没有同意代办」, without an account (ADR 0110)."""

from django.http import Http404
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from applicants.access import PageView
from applicants.forms.persons import DisownForm, TailForm
from applicants.queries import offices_of
from applicants.views.notices import PRIVATE
from common.errors import Refusal
from common.templatetags.anju import cn_datetime
from regions.names import full_name
from renovation.actions import behalf
from renovation.queries.behalf import at_address


@method_decorator(sensitive_post_parameters("tail"), name="dispatch")
class Behalf(PageView):
    """Nothing of the application is told before the last four digits of the ID number are right."""

    def dispatch(self, request, *args, **kwargs):
        self.notice = at_address(kwargs["token"])
        if self.notice is None:
            raise Http404
        response = super().dispatch(request, *args, **kwargs)
        for name, value in PRIVATE.items():
            response.headers[name] = value
        return response

    def get(self, request, token):
        return self._ask(TailForm())

    def post(self, request, token):
        form = TailForm(request.POST)
        if not form.is_valid():
            return self._ask(form)
        tried = behalf.try_tail(notice=self.notice, tail=form.cleaned_data["tail"])
        if not tried.opens:
            form.add_error("tail", _wrong(tried))
            return self._ask(form)
        if request.POST.get("act") != "disown":
            return self._show(DisownForm(initial={"tail": form.cleaned_data["tail"]}))
        return self._disown(DisownForm(request.POST))

    def _disown(self, form):
        if not form.is_valid():
            return self._show(form)
        try:
            behalf.disown(notice=self.notice, words=form.cleaned_data["words"])
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            return self._show(form)
        self.notice = at_address(self.notice.token)
        return self._show(DisownForm())

    def _ask(self, form):
        return self.page("behalf_ask", title="有人帮您申请了农村危房改造", form=form, offices=self._offices())

    def _show(self, form):
        case = self.notice.case
        facts = [
            ("申请人", case.applicant_name),
            ("代办人", f"{case.agent_name}（{case.get_agent_relation_display()}）"),
            ("房屋所在地", full_name(case.region_id)),
            ("申请时间", cn_datetime(case.submitted_at)),
        ]
        return self.page(
            "behalf",
            title="有人帮您申请了农村危房改造",
            form=form,
            case=case,
            facts=facts,
            notice=self.notice,
            offices=self._offices(),
        )

    def _offices(self):
        # The village may be the one that filed: the county first.
        return offices_of(self.notice.case.region)[::-1]


def _wrong(tried) -> str:
    if tried.locked_until is not None:
        return f"输错次数太多，{cn_datetime(tried.locked_until)}以后再试，或打下面的电话"
    return f"最后4位不对，还可以试{tried.left}次"
