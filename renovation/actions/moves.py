"""The only door for the state of a case (architecture: one step of the workflow, in one place)."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import DateTimeField, Func
from django.utils import timezone

from accounts.actions import audit
from common.clock import database_time, now
from common.errors import Refusal
from common.prepared import Prepared
from common.rows import changed, held, insert, one, update
from common.workflow import Move, TransitionNotAllowed, first_refusal
from renovation.actions import clock, effects, notices
from renovation.models import Case, CaseEvent, CaseNode
from renovation.permissions import is_helper, may_move
from renovation.queries.behalf import frozen_refusal
from renovation.queries.nodes import is_late, last_event, open_node
from renovation.queries.separation import separation_refusal
from renovation.workflow import WORKFLOW

# Who took a move that nobody took.
CLOCK = "系统"
CLOSING = ["handled_at", "handler", "handler_name", "move", "opinion", "conclusion", "payload"]
CLOSING += ["is_overdue", "next_rung_at"]
# Not now(), which stands still in a transaction: whoever waited for a lock acts later than he began.
_MOMENT = Func(function="clock_timestamp", output_field=DateTimeField())
LOCKED = Prepared(lambda pk: Case.objects.select_related("claim").annotate(read_at=_MOMENT).filter(pk=pk))


@dataclass(frozen=True)
class Done:
    """What a move led to: the case as it is now, the event written, the new open node (None when it ended)."""

    case: Case
    event: CaseEvent
    node: CaseNode | None


def perform_move(case: Case, move: str, *, by, form=None, version: int | None = None) -> Done:
    """Take the move on the case and return what came of it; Refusal with the Chinese reason, everything rolled back.

    `form` is a valid step form (its answers are written to the locked row) or None; `version` is the one the page
    was made from: when somebody was faster, the refusal names who and when (fault F06). `by=None` is the clock.
    Order of domain §4.2: scope and lock, offered?, permitted?, answers, guards, transition, new deadline, event,
    effects, messages.
    """
    try:
        with transaction.atomic():
            case = _lock(case, by=by)
            read = held(case)
            refuse_stale(case, version)
            chosen = WORKFLOW.find(case.state, move)
            if not may_move(by, case, chosen):
                raise Refusal("您没有办理此环节的权限", code="forbidden")
            if reason := separation_refusal(by, case, chosen):
                raise Refusal(reason, code="separation")
            if reason := frozen_refusal(by, case, chosen):
                raise Refusal(reason, code="frozen")
            if form is not None:
                form.apply_to(case)
            return _take(case, chosen, read, by=by, form=form)
    except IntegrityError as clash:
        # Two submissions of one person at once: neither guard saw the other, the unique index saw both.
        if "one_open_case_per" in str(clash):
            told = "该人员的申请请到村委会或乡镇查询"
            # 受理 finds the household: a spouse's case may be under way, and the officer may know (domain §3.5).
            raise Refusal(told if by.is_villager else "该人员或其所在户已有正在办理的工单，不能重复受理") from clash
        raise


def _lock(case: Case, *, by) -> Case:
    """The case as it is once nobody else holds it, with the moment of its reading."""
    rows = Case.objects.all() if by is None else Case.objects.visible_to(by)
    # The number alone: the statement that depends on the person is short, the long one is put together once.
    if one(rows.filter(pk=case.pk).select_for_update(of=("self",)).only("pk")) is None:
        raise Refusal("没有找到该工单", code="missing")
    return LOCKED.one(case.pk)


def refuse_stale(case: Case, version: int | None) -> None:
    """Refusal (code "stale") that says who was faster and when, if the case moved on since that version (fault F06)."""
    if version is None or case.version == version:
        return
    event = last_event(case)
    if event is None:
        raise Refusal("此工单已在别处修改，请刷新后核对", code="stale")
    at = timezone.localtime(event.at)
    when = f"{at:%H:%M}" if at.date() == now().date() else f"{at.month}月{at.day}日 {at:%H:%M}"
    raise Refusal(f"此工单已由{event.by_name}于{when}办理", code="stale")


def _take(case: Case, chosen: Move, read: dict, *, by, form) -> Done:
    """`read` is what the row held when it was locked: only what the move changed is written."""
    moment, source = database_time(case.read_at), case.state
    _transit(case, chosen)
    event = CaseEvent(
        case=case,
        seq=case.version,
        at=moment,
        by=by,
        by_name=_name_of(by, case),
        office_name=by.office.name if by is not None and by.office_id else "",
        move=chosen.name,
        from_state=source,
        to_state=chosen.to,
        opinion=form.cleaned_data.get("opinion", "") if form else "",
    )
    _close_node(case, chosen, event, form=form)
    effects.before(case, chosen, by=by, at=moment)
    node = clock.open_next_node(case, received_at=moment)
    case.version += 1
    case.save(update_fields={*changed(case, read), "updated_at"})
    insert(event)
    effects.after(case, chosen, by=by, event=event, node=node, answers=form.cleaned_data if form else {})
    audit.record(by=by, action=f"case.{chosen.name}", target=case, region=case, changes={"state": [source, case.state]})
    notices.announce(case, event, node)
    return Done(case, event, node)


def _transit(case: Case, chosen: Move) -> None:
    """Let django_fsm judge the guards once; only a refusal asks them again, for the reason."""
    try:
        getattr(case, chosen.name)()
    except TransitionNotAllowed as refused:
        raise Refusal(first_refusal(chosen.guards, case) or "该环节不能进行此操作，请刷新后再试") from refused


def _name_of(by, case: Case) -> str:
    if by is None:
        return CLOCK
    return by.display_name or (case.agent_name if is_helper(by, case) else case.applicant_name)


def _close_node(case: Case, chosen: Move, event: CaseEvent, *, form) -> None:
    node = open_node(case)
    if node is None:
        return
    node.handled_at, node.handler, node.handler_name = event.at, event.by, event.by_name
    node.move, node.opinion = event.move, event.opinion
    node.conclusion = chosen.result if form is None else form.conclusion_label()
    node.payload = form.payload() if form else {}
    node.is_overdue = is_late(node, event.at)
    node.next_rung_at = None
    update(node, CLOSING)
    case.was_late = case.was_late or node.is_overdue
