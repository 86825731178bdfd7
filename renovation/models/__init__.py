from renovation.models.behalf import BehalfNotice
from renovation.models.case import Case
from renovation.models.deadline import DeadlineRule, LadderNotice, LadderRung
from renovation.models.hold import CaseHold
from renovation.models.member import CaseMember
from renovation.models.node import CaseEvent, CaseNode, CaseNumber
from renovation.models.project import FundingLine, Payment, RenovationProject
from renovation.models.publicity import Objection, Publicity
from renovation.models.service import CaseViewing, OpinionAmendment, Rating, SecondLook

__all__ = [
    "BehalfNotice",
    "Case",
    "CaseEvent",
    "CaseHold",
    "CaseMember",
    "CaseNode",
    "CaseNumber",
    "CaseViewing",
    "DeadlineRule",
    "FundingLine",
    "LadderNotice",
    "LadderRung",
    "Objection",
    "OpinionAmendment",
    "Payment",
    "Publicity",
    "Rating",
    "RenovationProject",
    "SecondLook",
]
