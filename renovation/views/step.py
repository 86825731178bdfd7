"""One view for every step: answers in, one move through `perform_move`, on to the next case (architecture)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.actions.submissions import once
from common.errors import Refusal
from common.workflow import Move, first_refusal
from renovation.actions.holds import release
from renovation.actions.moves import perform_move, refuse_stale
from renovation.choices import CaseState
from renovation.forms import STEP_FORMS
from renovation.forms.filters import CaseFilterForm
from renovation.permissions import may_handle
from renovation.queries import todo
from renovation.queries.warnings import blocks_of, warnings_of
from renovation.views import blocks, confirmation
from renovation.views.case import CaseView, purpose_of
from renovation.workflow import WORKFLOW

# How the message bar names what was done; what comes next is read from the table.
DONE_WORDS = {
    "accept": "已受理",
    "find_dangerous": "已认定",
    "pass_review": "评议已通过",
    "fail_review": "评议结果已提交",
    "uphold_objection": "已认定异议成立",
    "pass_audit": "已审核",
    "fail_audit": "已退回",
    "return_to_review": "已回退",
    "approve": "已审批",
    "return_to_audit": "已回退",
    "start_works": "已提交实施情况",
    "report_completion": "已提交验收",
    "fail_inspection": "验收不通过，已退回",
    "reopen_review": "已同意重新评议",
}
MISSING_FILES = "请上传{label}"
FORBIDDEN = "您没有办理此环节的权限"


class NotReady(Exception):
    """The answers cannot be taken yet: the page comes back with the form and what is missing."""

    def __init__(self, form, slot_errors=None):
        super().__init__()
        self.form, self.slot_errors = form, slot_errors or {}


class WantsConfirmation(Exception):
    """The act cannot be taken back: a page of its own asks once more."""

    def __init__(self, form, move: Move):
        super().__init__()
        self.form, self.move = form, move


class StepView(CaseView):
    """POST of the step's form; whatever goes wrong, the typed answers come back."""

    def get(self, request, uid, **kwargs):
        """Somebody reloaded or shared the address of a post: the case page itself."""
        return HttpResponseRedirect(self.case_url)

    def post(self, request, uid, **kwargs):
        due_at = self.case.due_at
        if "edit" in request.POST:
            return self.again(self.kept_form())
        try:
            token = request.POST.get("submit_token", "")
            outcome = once(token=token, by=request.user, purpose=self.purpose(), work=self.work)
        except NotReady as missing:
            return self.again(missing.form, slot_errors=missing.slot_errors, status=422)
        except WantsConfirmation as asked:
            return self.confirm(asked)
        except Refusal as refusal:
            return self.refused(refusal)
        release(case=self.case, by=request.user)
        messages.success(request, outcome.value["message"])
        return self.onward(due_at)

    # What another page of moves does differently.

    def purpose(self) -> str:
        """What the submit token must be good for."""
        return purpose_of(self.case)

    def address(self) -> str:
        """Where the form is sent to."""
        return reverse("renovation:step", args=[self.case.uid]) + self.suffix

    def asked_form(self, *args, **kwargs):
        """The form that this page asks, or None when it is not this user's."""
        return self.step_form(*args, **kwargs)

    def chosen(self, form) -> Move:
        """The move that the answers lead to."""
        return WORKFLOW.chosen(self.case.state, form.cleaned_data)

    def again(self, form, **context):
        """The page around the form once more."""
        return self.page(form, **context)

    def is_still_asked(self) -> bool:
        """Whether the case still waits for these answers."""
        return may_handle(self.request.user, self.case) and self.request.POST.get("state") == self.case.state

    # The same everywhere.

    def work(self) -> dict:
        """The one thing that happens once per token: judge the answers and take the move."""
        case, post = self.case, self.request.POST
        version = _version_of(post.get("version", ""))
        refuse_stale(case, version)
        form = self.asked_form(post)
        if form is None:
            raise Refusal(FORBIDDEN, code="forbidden")
        slot_errors = judge(case, form)
        if slot_errors or form.errors:
            raise NotReady(form, slot_errors)
        move = self.chosen(form)
        if move.asks_again and "confirmed" not in post:
            if reason := first_refusal(move.guards, case):
                raise Refusal(reason)
            raise WantsConfirmation(form, move)
        done = perform_move(case, move.name, by=self.request.user, form=form, version=version)
        return {"message": done_words(done, move)}

    def kept_form(self):
        """The form with what was typed and no complaints: back from the confirm page or an upload."""
        bound = self.asked_form(self.request.POST)
        if bound is None:
            raise PermissionDenied(FORBIDDEN)
        return self.asked_form(initial={name: bound[name].data for name in bound.fields})

    def confirm(self, asked: WantsConfirmation):
        context = {
            **confirmation.page_of(self.case, asked.move, asked.form),
            "hidden": confirmation.hidden_of(self.request.POST),
            "address": self.address(),
            "crumbs": self.crumbs(),
        }
        return render(self.request, "renovation/confirm.html", context)

    def refused(self, refusal: Refusal):
        """A refusal beside the answers: kept in the form while it is still asked, else shown for copying."""
        if refusal.code == "missing":
            raise Http404
        if refusal.code == "forbidden":
            raise PermissionDenied(refusal.message)
        # What the row says now, not what this request read before somebody else was faster.
        del self.case
        if refusal.code != "stale" and self.is_still_asked():
            return self.again(self.kept_form(), refusal=refusal.message, status=409)
        return self.page(self.step_form(), refusal=refusal.message, typed=self.typed(), status=409)

    def typed(self) -> list[tuple[str, str]]:
        """The answers that found no place, in words."""
        state = self.request.POST.get("state", "")
        return typed_answers(WORKFLOW.step(state).form if state in CaseState.values else "", self.request.POST)

    def onward(self, due_at):
        """The next case of the filtered to-do list, or the list when it is empty."""
        form = CaseFilterForm(self.request.GET, states=todo.to_do_states(self.request.user))
        following = todo.next_case(self.request.user, form.filters(), after=self.case, due_at=due_at)
        if following is None:
            return redirect("renovation:todo")
        return HttpResponseRedirect(reverse("renovation:case", args=[following.uid]) + self.suffix)


def judge(case, form) -> dict:
    """Let form, files and the rules of domain §12 judge the answers: the errors of slots; the rest is in the form."""
    is_valid = form.is_valid()
    if is_valid and "warning_note" in form.fields:
        for block in blocks_of(case, form.cleaned_data):
            form.add_error(None, block.text)
        form.heed(warnings_of(case, form.cleaned_data))
    return missing_files(case, form)


def missing_files(case, form) -> dict:
    """Slots of this step that these answers want filled and are not, with the sentence to show there."""
    wanted = [one for one in form.uploads() if one.is_required(form.cleaned_data)]
    short = [one.slot for one in wanted if case.files(one.slot).count() < one.minimum]
    return {slot: (MISSING_FILES.format(label=slot.label),) for slot in short}


def done_words(done, move: Move) -> str:
    """「已受理，下一环节：区县认定」, or how the case ended."""
    if done.node is None:
        return f"已办理，工单{done.case.number}办结：{done.case.get_state_display()}"
    return f"{DONE_WORDS.get(move.name, '已办理')}，下一环节：{WORKFLOW.step(done.case.state).title}"


def typed_answers(form_name: str, post) -> list[tuple[str, str]]:
    """What somebody typed for a step that is no longer theirs, in words, to be copied."""
    form_class = STEP_FORMS.get(form_name)
    if form_class is None:
        return []
    form = form_class(post)
    answers = [(form.fields[name], form[name].data) for name in form.fields]
    return [(field.label, blocks.in_words(field, data)) for field, data in answers if data not in (None, "", [])]


def _version_of(text: str) -> int:
    """The version the page was made from; 0, which no case has, for anything that is not one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
