"""Steps and moves of one case, for the page, the timeline and the actions; read only."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from common.prepared import Prepared
from renovation.choices import CaseState
from renovation.models import Case, CaseEvent, CaseNode, Objection, OpinionAmendment, SecondLook
from renovation.workflow import WORKFLOW

OPEN = Prepared(
    lambda case_id: CaseNode.objects.select_for_update(of=("self",)).filter(case=case_id, handled_at__isnull=True)
)
WAITING = Prepared(lambda case_id: CaseNode.objects.filter(case=case_id, handled_at__isnull=True).order_by("seq")[:1])
ALL = Prepared(lambda case_id: CaseNode.objects.filter(case=case_id).order_by("seq"))
LAST = Prepared(lambda case_id: CaseEvent.objects.filter(case=case_id).order_by("-seq")[:1])
AMENDED = Prepared(
    lambda case_id: OpinionAmendment.objects.filter(case=case_id).order_by("id").values_list("node_id", "amended")
)
LOOK = Prepared(
    lambda case_id: SecondLook.objects.filter(case=case_id).select_related("asked_by", "closed_by__office")[:1]
)


def open_node(case: Case) -> CaseNode | None:
    """The step the case waits in, locked for the transaction; None for a draft or an ended case."""
    return OPEN.one(case.pk)


def open_stay(case: Case) -> CaseNode | None:
    """The step the case waits in, for reading; None for a draft or an ended case."""
    return WAITING.one(case.pk)


def steps_of(case: Case) -> list[CaseNode]:
    """Every stay of the case in a step, in order."""
    return ALL.rows(case.pk)


def second_look_of(case: Case) -> SecondLook | None:
    """The applicant's request to look again, answered or not, or None."""
    return LOOK.one(case.pk)


def next_place(case: Case) -> tuple[int, int]:
    """(number of the next step, which time the case enters the state it is in now), both from 1.

    A case that is taken up again goes on counting.
    """
    nodes = CaseNode.objects.filter(case=case)
    counted = nodes.aggregate(all=Count("pk"), same=Count("pk", filter=Q(code=case.state)))
    return counted["all"] + 1, counted["same"] + 1


def is_late(node: CaseNode, at: datetime) -> bool:
    """Whether the step is late at that moment: past its limit or, in 公示, with an objection past its five days."""
    if not WORKFLOW.step(node.code).is_timed:
        return at >= node.due_at
    objections = Objection.objects.filter(publicity__case_id=node.case_id, registered_at__gte=node.received_at)
    times = objections.values_list("closed_at", "due_at")
    return any((closed_at or at) >= due_at for closed_at, due_at in times)


def last_event(case: Case) -> CaseEvent | None:
    """The latest move, or None for a draft."""
    return LAST.one(case.pk)


# The nine steps, and 公示 as part of the way between 评议 and 审核.
WAY = tuple(step.title for step in WORKFLOW.steps if step.title)
SECOND_LOOK = "申请区县复核"


@dataclass(frozen=True)
class TimelineStep:
    """One line of the progress page: a step done, going on, or still to come; `amended` is the county's wording."""

    title: str
    status: str  # done | now | next | ended
    office: str = ""
    handler: str = ""
    at: datetime | None = None
    conclusion: str = ""
    opinion: str = ""
    due_on: date | None = None
    is_provisional: bool = False
    is_late: bool = False
    round: int = 1
    code: str = ""
    move: str = ""
    amended: str = ""


def timeline(case: Case) -> list[TimelineStep]:
    """All steps of the case as the applicant sees them: what was done, what is going on, what comes (domain §3.6)."""
    steps = [_application(case)] if case.submitted_at else []
    amended = dict(AMENDED.rows(case.pk))
    steps += [_of_node(node, amended.get(node.pk, "")) for node in steps_of(case)]
    if case.is_open:
        here = WORKFLOW.step(case.state).title
        steps += [TimelineStep(title=title, status="next") for title in WAY[WAY.index(here) + 1 :]]
    elif case.closed_at:
        status = "done" if case.state == CaseState.COMPLETED else "ended"
        steps.append(TimelineStep(title=case.get_state_display(), status=status, at=case.closed_at))
    return _with_second_look(case, steps)


def _with_second_look(case: Case, steps: list[TimelineStep]) -> list[TimelineStep]:
    """The applicant's request stands where the case had ended: after the last step handled before it (decision 22)."""
    look = second_look_of(case)
    if look is None:
        return steps
    place = sum(1 for step in steps if step.at is not None and step.at <= look.asked_at)
    result = {True: "同意重新评议", False: "维持评议不通过"}.get(look.is_granted, "")
    line = TimelineStep(
        title=SECOND_LOOK,
        status="done" if look.closed_at else "now",
        at=look.closed_at or look.asked_at,
        conclusion=result,
        opinion=look.answer,
    )
    return [*steps[:place], line, *steps[place:]]


def _application(case: Case) -> TimelineStep:
    helper = f"（由{case.agent_name}代办）" if case.on_behalf else ""
    return TimelineStep(
        title=WORKFLOW.step(CaseState.DRAFT).title,
        status="done",
        handler=f"{case.applicant_name}{helper}",
        at=case.submitted_at,
    )


def _of_node(node: CaseNode, amended: str) -> TimelineStep:
    return TimelineStep(
        title=WORKFLOW.step(node.code).title,
        status="done" if node.handled_at else "now",
        office=node.office_name,
        handler=node.handler_name,
        at=node.handled_at,
        conclusion=node.conclusion,
        opinion=node.opinion,
        due_on=node.due_on,
        is_provisional=node.is_provisional,
        is_late=node.is_overdue,
        round=node.round,
        code=node.code,
        move=node.move,
        amended=amended,
    )
