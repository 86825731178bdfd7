from renovation.models.case import Case
from renovation.models.deadline import DeadlineRule, LadderNotice, LadderRung
from renovation.models.hold import CaseHold
from renovation.models.member import CaseMember
from renovation.models.node import CaseEvent, CaseNode, CaseNumber

__all__ = [
    "Case",
    "CaseEvent",
    "CaseHold",
    "CaseMember",
    "CaseNode",
    "CaseNumber",
    "DeadlineRule",
    "LadderNotice",
    "LadderRung",
]
