"""Filed cases in any state as plain rows: for counting it does not matter how they came there."""

import datetime as dt
from itertools import count

from common.clock import now
from renovation.choices import CaseState
from renovation.models import Case, CaseEvent, CaseNode, Rating
from renovation.workflow import WORKFLOW

_numbers = count(1)


def file_case(world, village, state: str = CaseState.PENDING_ACCEPTANCE, **columns) -> Case:
    """One filed case of that village; open ones wait in the world's county office, ended ones are closed now."""
    step, number = WORKFLOW.step(state), next(_numbers)
    case = Case(
        number=f"9901{number:014d}",
        state=state,
        filed_by=world.officer,
        applicant_name="张石山",
        office=world.officer.office if step.is_open else None,
        due_at=now() + dt.timedelta(days=3) if step.is_open else None,
        **{"submitted_at": now(), "closed_at": None if step.is_open else now(), **columns},
    )
    case.bind_region(village)
    case.save()
    return case


def send_back(case: Case, move: str, from_state: str, to_state: str, seq: int = 2) -> CaseEvent:
    """An event of the trail, as a return leaves it."""
    return CaseEvent.objects.create(
        case=case, seq=seq, at=now(), by_name="测试员", move=move, from_state=from_state, to_state=to_state
    )


def decide(case: Case, move: str, *, visited: bool, at=None, seq: int = 6) -> CaseNode:
    """The handled approval of a case, with the answer whether somebody went to the house."""
    moment = at or now()
    return CaseNode.objects.create(
        case=case,
        seq=seq,
        code=CaseState.PENDING_COUNTY_APPROVAL,
        office_name="住建部门",
        received_at=moment,
        due_on=moment.date(),
        due_at=moment,
        handled_at=moment,
        move=move,
        payload={"home_visit": visited},
    )


def rate(case: Case, stars: int) -> Rating:
    """The villager's word on the service."""
    return Rating.objects.create(case=case, stars=stars, reason="慢" if stars < 3 else "", by=case.filed_by, at=now())
