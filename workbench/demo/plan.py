"""Which cases the demo county has: what happened to each, day by day, and for how long it has waited since."""

from datetime import datetime, timedelta
from random import Random

from common.clock import now
from common.limits import Days
from regions import deadlines

# What happens, and how many days after what happened before; the end of a notice follows the calendar instead.
GAPS = {
    "submit": 0,
    "withdraw": 1,
    "accept": 1,
    "refuse": 1,
    "appraise": 5,
    "find_safe": 5,
    "review": 4,
    "fail_review": 4,
    "object": 2,
    "dismiss": 2,
    "uphold": 3,
    "audit": 2,
    "fail_audit": 2,
    "confirm_failure": 2,
    "ask_second_look": 3,
    "reopen": 2,
    "approve": 4,
    "reject": 4,
    "return_to_audit": 3,
    "start": 9,
    "finish": 62,
    "inspect": 3,
    "fail_inspection": 3,
    "pay": 8,
    "rate": 2,
    "complain": 2,
    "terminate": 5,
}
END_OF_NOTICE = "end_notice"

APPRAISED = "submit accept appraise"
PUBLICISED = f"{APPRAISED} review"
TO_AUDIT = f"{PUBLICISED} {END_OF_NOTICE}"
TO_APPROVAL = f"{TO_AUDIT} audit"
TO_WORKS = f"{TO_APPROVAL} approve"
AT_WORK = f"{TO_WORKS} start"
TO_INSPECTION = f"{AT_WORK} finish"
COMPLETED = f"{TO_INSPECTION} inspect"
REVIEW_FAILED = f"{APPRAISED} fail_review confirm_failure"

# (what happened, days since the last of it): some are late, some near their date, some fresh.
PLAN = (
    ("", 0),
    ("submit", 0),
    ("submit", 1),
    ("submit", 3),
    ("submit", 6),
    ("submit accept", 4),
    ("submit accept", 12),
    ("submit accept", 23),
    (APPRAISED, 2),
    (APPRAISED, 24),
    (PUBLICISED, 3),
    (f"{PUBLICISED} object", 1),
    (f"{PUBLICISED} object uphold", 2),
    (f"{PUBLICISED} object dismiss {END_OF_NOTICE}", 1),
    (TO_AUDIT, 12),
    (f"{APPRAISED} fail_review", 1),
    (f"{TO_AUDIT} fail_audit", 1),
    (f"{TO_AUDIT} fail_audit review {END_OF_NOTICE} audit", 2),
    (f"{TO_APPROVAL} return_to_audit", 1),
    (TO_APPROVAL, 13),
    (TO_WORKS, 27),
    (TO_WORKS, 38),
    (AT_WORK, 60),
    (f"{TO_INSPECTION} fail_inspection", 5),
    (TO_INSPECTION, 1),
    (COMPLETED, 3),
    (f"{COMPLETED} rate pay", 12),
    (f"{COMPLETED} complain", 6),
    ("submit refuse", 11),
    ("submit accept find_safe", 14),
    (REVIEW_FAILED, 4),
    (f"{REVIEW_FAILED} ask_second_look", 1),
    (f"{REVIEW_FAILED} ask_second_look reopen", 3),
    (f"{TO_APPROVAL} reject", 9),
    ("submit withdraw", 14),
    (f"{TO_WORKS} terminate", 8),
)


def moments(happened: list[str], waited: int, village, draw: Random) -> list[datetime]:
    """When each of it happened, so that the last of it was that many days ago, or a little more."""
    last = now() - timedelta(days=waited, minutes=draw.randint(5, 150))
    steps = [timedelta(days=GAPS.get(one, 0), minutes=draw.randint(0, 40)) for one in happened]
    start = last - sum(steps, timedelta())
    while True:
        times = _forward(start, happened, steps, village)
        if times[-1] <= last:
            return times
        # A notice lasts longer over holidays than anybody can tell from its end.
        start -= times[-1] - last


def _forward(start: datetime, happened: list[str], steps: list[timedelta], village) -> list[datetime]:
    times, at, posted = [], start, start
    for what, step in zip(happened, steps, strict=True):
        at += step
        if what == "review":
            posted = at
        elif what == END_OF_NOTICE:
            at = max(at, deadlines.due(posted, Days(7), village.pk).due_at)
        times.append(at)
    return times
