"""Words and receivers of what the clock says: N40 and N41 of the ladder, N48 after a change (domain §17)."""

from datetime import date, datetime

from accounts.choices import LADDER
from accounts.models import Office
from regions.keys import ancestor_keys
from renovation.actions.notices import in_words
from renovation.choices import RungTarget
from renovation.models import CaseNode, LadderRung
from renovation.urls_of import for_staff
from renovation.workflow import WORKFLOW

OVERDUE = "工单{no}“{node}”环节已超时{days}天，请立即办理。"
WARNING = "工单{no}“{node}”环节将于{due}到期。"
# N48; a county that shortens a limit, or lengthens it again, moves due dates just as a calendar does.
NEW_DUE = {
    "calendar": "工作日历已更新，工单{no}办理期限由{old}调整为{new}。",
    "rule": "办理时限已调整，工单{no}办理期限由{old}调整为{new}。",
}


class OfficesAbove:
    """Who stands above a unit: the nearest office further up the tree, levels without one left out (domain §17 N40)."""

    def __init__(self):
        self._above: dict[int, int | None] = {}

    def learn(self, office_ids: set[int]) -> None:
        """Find the unit above each of these; two queries however many there are."""
        unknown = office_ids - self._above.keys()
        if not unknown:
            return
        units = list(Office.objects.filter(id__in=unknown).values_list("id", "level", "region__key"))
        keys = {key for _, _, own in units for key in ancestor_keys(own)}
        uppers = Office.objects.filter(region__key__in=keys).order_by("id").values_list("id", "level", "region__key")
        by_place = {(key, level): pk for pk, level, key in reversed(uppers)}
        for pk, level, own in units:
            self._above[pk] = _nearest(by_place, level, own)

    def of(self, office_id: int) -> int | None:
        """The unit above, or None at the top."""
        return self._above[office_id]


def _nearest(by_place: dict, level: str, region_key: str) -> int | None:
    keys = ancestor_keys(region_key)[::-1]
    levels = LADDER[LADDER.index(level) + 1 :]
    return next((by_place[key, one] for one in levels for key in keys if (key, one) in by_place), None)


class Reminders:
    """Collects what the rungs of one batch say, each unit once per step, and hands it over as rows."""

    def __init__(self, above: OfficesAbove, now: datetime):
        self._above, self._now, self._today = above, now, now.date()
        self.rows: dict[tuple[int, int, str], tuple[int, str, str, str]] = {}

    def add(self, step, rung: LadderRung) -> None:
        """The rung of a step (id, office_id, number, uid, code, due_on, due_at).

        A warning that comes after the due date is only recorded: it would be false by now.
        """
        is_late = step.due_at <= self._now
        is_warning = rung.offset is None or rung.offset < 0
        if step.office_id is None or (is_warning and is_late):
            return
        kind, text = self._overdue(step) if is_late else self._warning(step)
        for office_id in self._receivers(step.office_id, rung.target):
            self.rows[step.id, office_id, kind] = (office_id, kind, text, for_staff(step))

    def _receivers(self, office_id: int, target: str) -> list[int]:
        receivers = []
        if target in (RungTarget.UNIT, RungTarget.BOTH):
            receivers.append(office_id)
        above = self._above.of(office_id)
        if target in (RungTarget.ABOVE, RungTarget.BOTH) and above is not None:
            receivers.append(above)
        return receivers

    def _overdue(self, step) -> tuple[str, str]:
        days = (self._today - step.due_on).days
        return "N40", OVERDUE.format(no=step.number, node=WORKFLOW.step(step.code).title, days=days)

    def _warning(self, step) -> tuple[str, str]:
        text = WARNING.format(no=step.number, node=WORKFLOW.step(step.code).title, due=in_words(step.due_on))
        return "N41", text


def new_due(node: CaseNode, old: date, cause: str) -> tuple[int, str, str, str]:
    """The row that tells the unit of a step about its new due date (N48)."""
    sentence = NEW_DUE.get(cause, NEW_DUE["calendar"])
    text = sentence.format(no=node.case.number, old=in_words(old), new=in_words(node.due_on))
    return (node.office_id, "N48", text, for_staff(node.case))
