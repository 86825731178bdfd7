"""A move with a button and a small form of its own, on a page of its own: 回退, 终止, 异议成立, 同意重新评议."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property

from common.workflow import Move
from renovation.forms import STEP_FORMS
from renovation.permissions import may_handle, may_move
from renovation.views import confirmation
from renovation.views.case import error_links
from renovation.views.step import FORBIDDEN, StepView, typed_answers
from renovation.workflow import WORKFLOW


class MoveView(StepView):
    """Ask why, say what follows, and take the move; the rest is as for a step's form."""

    @cached_property
    def move(self) -> Move:
        """The move of the address; 404 for a name that no button has."""
        moves = {move.name: move for step in WORKFLOW.steps for move in step.moves if move.form}
        if self.kwargs["name"] not in moves:
            raise Http404
        return moves[self.kwargs["name"]]

    def get(self, request, uid, name):
        self.refuse_strangers()
        if self.move not in WORKFLOW.offered(self.case.state):
            # The case has moved on since the button was drawn.
            return HttpResponseRedirect(self.case_url)
        return self.again(self.asked_form())

    def post(self, request, uid, name):
        if self.move in WORKFLOW.offered(self.case.state):
            self.refuse_strangers()
        return super().post(request, uid)

    def refuse_strangers(self) -> None:
        """403 for whoever may never take this move on this case."""
        if self.move in WORKFLOW.offered(self.case.state) and not self.is_mine():
            raise PermissionDenied(FORBIDDEN)

    def is_mine(self) -> bool:
        return may_move(self.request.user, self.case, self.move)

    def is_still_asked(self) -> bool:
        return self.move in WORKFLOW.offered(self.case.state) and self.is_mine()

    def purpose(self) -> str:
        return f"move:{self.move.name}:{self.case.uid}"

    def address(self) -> str:
        return reverse("renovation:move", args=[self.case.uid, self.move.name]) + self.suffix

    def asked_form(self, *args, **kwargs):
        return STEP_FORMS[self.move.form](*args, instance=self.case, **kwargs) if self.is_still_asked() else None

    def chosen(self, form) -> Move:
        return self.move

    def again(self, form, *, status: int = 200, slot_errors=None, refusal: str = ""):
        move = self.move
        context = {
            **self.head(),
            "move": move,
            "form": form,
            "purpose": self.purpose(),
            "address": self.address(),
            "outcome": f"办理后：{confirmation.outcome_of(self.case, move)}",
            "back": self.case_url,
            "error_links": error_links(form, {}),
            "refusal": refusal,
            "crumbs": [*self.crumbs()[:1], ("工单详情", self.case_url), (move.label, "")],
        }
        return render(self.request, "renovation/move.html", context, status=status)

    def typed(self) -> list[tuple[str, str]]:
        return typed_answers(self.move.form, self.request.POST)

    def onward(self, due_at):
        """The next case of the list; a case that waits elsewhere (终止 by the county) stays on the screen."""
        # The row as this request found it, before the move.
        if may_handle(self.request.user, self.case):
            return super().onward(due_at)
        return HttpResponseRedirect(self.case_url)
