"""One view for every step: answers in, one move through `perform_move`, on to the next case (architecture)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.actions.submissions import once
from common.components import groups_of_four
from common.errors import Refusal
from common.workflow import Move
from regions import names
from renovation.actions.holds import release
from renovation.actions.moves import perform_move, refuse_stale
from renovation.choices import CaseState
from renovation.forms import STEP_FORMS
from renovation.forms.filters import CaseFilterForm
from renovation.permissions import may_handle
from renovation.queries import todo
from renovation.views import blocks
from renovation.views.case import CaseView, purpose_of
from renovation.workflow import WORKFLOW

# How the message bar names what was done; what comes next is read from the table.
DONE_WORDS = {"accept": "已受理", "find_dangerous": "已认定"}
MISSING_FILES = "请上传{label}"


class NotReady(Exception):
    """The answers cannot be taken yet: the page comes back with the form and what is missing."""

    def __init__(self, form, slot_errors=None):
        super().__init__()
        self.form, self.slot_errors = form, slot_errors or {}


class WantsConfirmation(Exception):
    """The answers end the case: a page of its own asks once more."""

    def __init__(self, form, move: Move):
        super().__init__()
        self.form, self.move = form, move


class StepView(CaseView):
    """POST of the step's form; whatever goes wrong, the typed answers come back."""

    def get(self, request, uid, **kwargs):
        """Somebody reloaded or shared the address of a post: the case page itself."""
        return HttpResponseRedirect(self.case_url)

    def post(self, request, uid):
        case = self.case
        due_at = case.due_at
        if "edit" in request.POST:
            return self.page(self.kept_form())
        try:
            token = request.POST.get("submit_token", "")
            outcome = once(token=token, by=request.user, purpose=purpose_of(case), work=self.work)
        except NotReady as missing:
            return self.page(missing.form, slot_errors=missing.slot_errors, status=422)
        except WantsConfirmation as asked:
            return self.confirm(asked)
        except Refusal as refusal:
            return self.refused(refusal)
        release(case=case, by=request.user)
        messages.success(request, outcome.value["message"])
        return self.onward(due_at)

    def work(self) -> dict:
        """The one thing that happens once per token: judge the answers and take the move."""
        case, post = self.case, self.request.POST
        version = _version_of(post.get("version", ""))
        refuse_stale(case, version)
        form = self.step_form(post)
        if form is None:
            raise Refusal("您没有办理此环节的权限", code="forbidden")
        is_valid = form.is_valid()
        slot_errors = missing_files(case, form)
        if not is_valid or slot_errors:
            raise NotReady(form, slot_errors)
        move = WORKFLOW.chosen(case.state, form.cleaned_data)
        if move.tone == "danger" and "confirmed" not in post:
            raise WantsConfirmation(form, move)
        done = perform_move(case, move.name, by=self.request.user, form=form, version=version)
        return {"message": done_words(done, move)}

    def kept_form(self):
        """The step's form with what was typed and no complaints: back from the confirm page or an upload."""
        bound = self.step_form(self.request.POST)
        if bound is None:
            raise PermissionDenied("您没有办理此环节的权限")
        return self.step_form(initial={name: bound[name].data for name in bound.fields})

    def confirm(self, asked: WantsConfirmation):
        case, post = self.case, self.request.POST
        hidden = [(name, value) for name in post for value in post.getlist(name) if name != "csrfmiddlewaretoken"]
        context = {
            "case": case,
            "holder": case.applicant_name,
            "target": CaseState(asked.move.to).label,
            "facts": [
                ("工单号", groups_of_four(case.number)),
                ("申请人", case.applicant_name),
                ("房屋所在地", f"{names.full_name(case.region_id)}{case.house_address}"),
                ("结论/等级", asked.form.conclusion_label()),
                ("申请人将看到的意见", blocks.paragraphs(asked.form.cleaned_data.get("opinion", ""))),
            ],
            "hidden": hidden,
            "suffix": self.suffix,
            "crumbs": self.crumbs(),
        }
        return render(self.request, "renovation/confirm.html", context)

    def refused(self, refusal: Refusal):
        """A refusal beside the answers: kept in the form while it is still this step, else shown for copying."""
        if refusal.code == "missing":
            raise Http404
        if refusal.code == "forbidden":
            raise PermissionDenied(refusal.message)
        typed = typed_answers(self.request.POST)
        # What the row says now, not what this request read before somebody else was faster.
        del self.case
        if refusal.code == "stale":
            return self.page(self.step_form(), refusal=refusal.message, typed=typed, status=409)
        if may_handle(self.request.user, self.case) and self.request.POST.get("state") == self.case.state:
            return self.page(self.kept_form(), refusal=refusal.message, status=409)
        return self.page(self.step_form(), refusal=refusal.message, typed=typed, status=409)

    def onward(self, due_at):
        """The next case of the filtered to-do list, or the list when it is empty."""
        form = CaseFilterForm(self.request.GET, states=todo.to_do_states(self.request.user))
        following = todo.next_case(self.request.user, form.filters(), after=self.case, due_at=due_at)
        if following is None:
            return redirect("renovation:todo")
        return HttpResponseRedirect(reverse("renovation:case", args=[following.uid]) + self.suffix)


def missing_files(case, form) -> dict:
    """Slots of this step that these answers want filled and are not, with the sentence to show there."""
    answers = getattr(form, "cleaned_data", {})
    wanted = [one for one in form.uploads() if one.is_required(answers)]
    short = [one.slot for one in wanted if case.files(one.slot).count() < one.minimum]
    return {slot: (MISSING_FILES.format(label=slot.label),) for slot in short}


def done_words(done, move: Move) -> str:
    """「已受理，下一环节：区县认定」, or how the case ended."""
    if done.node is None:
        return f"已办理，工单{done.case.number}办结：{done.case.get_state_display()}"
    return f"{DONE_WORDS.get(move.name, '已办理')}，下一环节：{WORKFLOW.step(done.case.state).title}"


def typed_answers(post) -> list[tuple[str, str]]:
    """What somebody typed for a step that is no longer theirs, in words, to be copied."""
    state = post.get("state", "")
    form_class = STEP_FORMS.get(WORKFLOW.step(state).form) if state in CaseState.values else None
    if form_class is None:
        return []
    form = form_class(post)
    answers = [(form.fields[name], form[name].data) for name in form.fields]
    return [(field.label, blocks.in_words(field, data)) for field, data in answers if data not in (None, "", [])]


def _version_of(text: str) -> int:
    """The version the page was made from; 0, which no case has, for anything that is not one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
