"""Time that passes while a journey stands still: the rows grow older instead, for the site reads the real clock."""

from datetime import timedelta

from django.db.models import F

from common.clock import freeze, now
from renovation.actions.publicity import close_due_publicities
from renovation.models import Case, CaseEvent, CaseNode, Publicity

_MOMENTS = {
    Case: ("submitted_at", "due_at"),
    CaseNode: ("received_at", "due_on", "due_at", "next_rung_at", "handled_at"),
    CaseEvent: ("at",),
    Publicity: ("starts_on", "ends_on", "ends_at", "closed_at"),
}


def let_notice_run_out(case: Case) -> Case:
    """The clock ends the notice of the case at its last minute; then all of it happened as many days ago."""
    notice = Publicity.objects.get(case=case, state="open")
    with freeze(notice.ends_at):
        assert close_due_publicities() == 1
    return grow_older(case, days=(notice.ends_at - now()).days + 1)


def grow_older(case: Case, *, days: int) -> Case:
    """Everything that happened to the case, and its due dates, that many days earlier."""
    for model, names in _MOMENTS.items():
        rows = model.objects.filter(**{"pk" if model is Case else "case": case.pk})
        rows.update(**{name: F(name) - timedelta(days=days) for name in names})
    return Case.objects.get(pk=case.pk)
