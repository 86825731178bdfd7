"""The officers' side of what the applicant is owed: photos asked for, the answer to a second look (domain §3.6)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.views import View

from accounts.actions.submissions import once
from common.errors import Refusal
from common.templatetags.anju import cn_datetime
from renovation.actions.service import refuse_second_look, request_photos
from renovation.forms.service import AskPhotosForm, KeepReviewForm
from renovation.models import Case
from renovation.permissions import is_of_county, may_handle
from renovation.queries.nodes import open_stay, second_look_of, timeline
from renovation.queries.service import rating_of
from renovation.views.blocks import paragraphs
from renovation.views.people import name_for
from renovation.views.scoped import CaseMixin


class OneForm(CaseMixin, View):
    """One small form beside the step: subclasses say who may, which form, and what it does."""

    form_class = None
    template = ""
    title = ""
    done = ""

    def dispatch(self, request, *args, **kwargs):
        self.answers = {}
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, uid):
        self.check()
        return self.show(self.form_class())

    def post(self, request, uid):
        self.check()
        form = self.form_class(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        self.answers = form.cleaned_data
        try:
            once(token=request.POST.get("submit_token", ""), by=request.user, purpose=self.purpose(), work=self.work)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            return self.show(form, status=409)
        messages.success(request, self.done)
        return redirect(self.case_url)

    def check(self) -> None:
        """404 or 403 where there is nothing to do for this user."""
        raise NotImplementedError

    def work(self) -> dict:
        """The one thing that happens once per token."""
        raise NotImplementedError

    def purpose(self) -> str:
        return f"{self.template}:{self.case.uid}"

    def show(self, form, *, status: int = 200):
        context = {
            "case": self.case,
            "holder": name_for(self.request.user, self.case.applicant_name),
            "form": form,
            "title": self.title,
            "purpose": self.purpose(),
            "back_url": self.case_url,
            "crumbs": [("工单详情", self.case_url), (self.title, "")],
            **self.more(),
        }
        return render(self.request, f"renovation/{self.template}.html", context, status=status)

    def more(self) -> dict:
        """What else the page shows."""
        return {}


class AskPhotosView(OneForm):
    """请申请人补充照片: only the officer whose step it is; asked again, the new words replace the old ones."""

    form_class = AskPhotosForm
    template = "ask_photos"
    title = "请申请人补充照片"
    done = "已告诉申请人补充照片"

    def check(self) -> None:
        if not may_handle(self.request.user, self.case):
            raise PermissionDenied("您没有办理此环节的权限")

    def work(self) -> dict:
        request_photos(case=self.case, by=self.request.user, words=self.answers["words"])
        return {}

    def more(self) -> dict:
        return {"asked": photo_request_of(self.case)}


class SecondLookView(OneForm):
    """The county reads why the applicant wants another look, and answers: 维持 here, 同意 by the move of the table."""

    form_class = KeepReviewForm
    template = "second_look"
    title = "复核评议不通过"
    done = "已答复申请人：维持评议不通过"

    def check(self) -> None:
        self.look = second_look_of(self.case)
        if self.look is None:
            raise Http404
        if not is_of_county(self.request.user, self.case):
            raise PermissionDenied("您没有办理此环节的权限")

    def work(self) -> dict:
        refuse_second_look(second_look=self.look, by=self.request.user, answer=self.answers["opinion"])
        return {}

    def more(self) -> dict:
        handled = [step for step in timeline(self.case) if step.opinion and step.move]
        return {
            "look": self.look,
            "asked": second_look_facts(self.look),
            "history": [
                (step.title, paragraphs(step.opinion), step.office, cn_datetime(step.at)) for step in handled[::-1]
            ],
        }


def second_look_facts(look) -> list[tuple]:
    """The request and its answer, as facts."""
    rows = [
        ("申请理由", paragraphs(look.reason)),
        ("申请时间", cn_datetime(look.asked_at)),
    ]
    if look.closed_at:
        rows += [
            ("答复", "同意重新评议" if look.is_granted else "维持评议不通过"),
            ("答复说明", paragraphs(look.answer)),
            ("答复人", f"{look.closed_by.office.name} {look.closed_by.display_name}"),
            ("答复时间", cn_datetime(look.closed_at)),
        ]
    return rows


def photo_request_of(case: Case) -> dict | None:
    """What the open stay asks the applicant to photograph and whether that was answered, or None."""
    node = open_stay(case)
    if node is None or not node.photo_request:
        return None
    at = node.photos_requested_at
    state = f"{cn_datetime(at)}请申请人补充，等待上传" if at else "申请人已补充，照片见下方“补充照片”"
    return {"words": node.photo_request, "state": state, "is_waiting": at is not None}


def service_blocks(case: Case, user) -> dict:
    """What the case page shows of all this; see templates/renovation/service.html."""
    rating, look = rating_of(case), second_look_of(case)
    words = (rating.reason, rating.comment) if rating else ()
    return {
        "may_ask_photos": may_handle(user, case),
        "photo_request": photo_request_of(case),
        "second_look": second_look_facts(look) if look else (),
        "may_answer_look": look is not None and look.closed_at is None and is_of_county(user, case),
        "rating": [
            ("满意度", rating.get_stars_display()),
            ("评价时间", cn_datetime(rating.at)),
            *[
                (label, paragraphs(text))
                for label, text in zip(("不满意的原因", "评价内容"), words, strict=True)
                if text
            ],
        ]
        if rating
        else (),
    }
