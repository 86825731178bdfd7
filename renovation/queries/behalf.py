"""代办 as pages and moves read it: what the absent person was told, and whether they disown the application."""

from renovation.models import BehalfNotice, Case
from renovation.workflow import WORKFLOW

# What ends the application needs no answer to 「本人不同意」: the person has it as they wished.
ENDING = ("withdraw", "refuse", "terminate")
FROZEN = "申请人本人表示不同意代办，区县向本人核实前不能办理"


def notice_of(case: Case) -> BehalfNotice | None:
    """What was told to the person the case was filed for; None where nobody filed for anybody."""
    if not case.on_behalf:
        return None
    return BehalfNotice.objects.filter(case=case).select_related("disowned_by", "settled_by").first()


def at_address(token: str) -> BehalfNotice | None:
    """The notice behind the link of a text message, or None."""
    return BehalfNotice.objects.filter(token=token).select_related("case__region", "case__claim").first()


def frozen_refusal(by, case: Case, move) -> str | None:
    """Why nobody may take this move now: the applicant disowns the application (ADR 0110). The clock goes on."""
    if by is None or not case.on_behalf or move.name in ENDING or not WORKFLOW.step(case.state).is_open:
        return None
    waiting = BehalfNotice.objects.filter(case=case, disowned_at__isnull=False, settled_at__isnull=True)
    return FROZEN if waiting.exists() else None
