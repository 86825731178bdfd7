"""Limits, rungs and calendars as of one moment: when a step is due and when the ladder looks at it next (domain §14).

Made once for a whole batch: computing for thousands of steps asks the database nothing more.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from common.limits import Days, Limit
from regions import calendars, deadlines
from renovation.models import DeadlineRule, LadderRung
from renovation.workflow import WORKFLOW


@dataclass(frozen=True)
class Moment:
    """A time at which the ladder does something for a step: climb that rung, or only mark it overdue (no rung)."""

    at: datetime
    rung: LadderRung | None


class Timetable:
    """The answers for all counties, or for one (one row read instead of thousands)."""

    def __init__(self, county_id: int | None = None):
        rules = DeadlineRule.objects.all() if county_id is None else DeadlineRule.objects.filter(region_id=county_id)
        self._rules = {(rule.step, rule.region_id): rule for rule in rules}
        self._rungs = tuple(LadderRung.objects.filter(is_active=True))
        self._calendars = calendars.current()
        self._moments: dict[tuple, tuple[Moment, ...]] = {}

    def limit(self, code: str, county_id: int) -> Limit:
        """The limit in force: the table's, or the county's own shorter one (domain §14.1)."""
        limit = WORKFLOW.step(code).limit
        rule = self._rules.get((code, county_id))
        if rule is None or rule.amount >= limit.amount:
            return limit
        return Days(rule.amount, limit.roll_forward) if isinstance(limit, Days) else type(limit)(rule.amount)

    def warn_before(self, code: str, county_id: int) -> int:
        """Working days between N41 and the due date: the step's, or what the county set with its own limit."""
        rule = self._rules.get((code, county_id))
        return rule.warn_before if rule else WORKFLOW.step(code).warn_before

    def due(self, code: str, received_at: datetime, case) -> deadlines.Due:
        """When a step received then is due in the place of that case (needs county_id, region_id, region_key)."""
        return self.due_within(self.limit(code, case.county_id), received_at, case)

    def due_within(self, limit: Limit, received_at: datetime, case) -> deadlines.Due:
        """The same for a limit that is no step's own: the five days of an objection."""
        self._calendars.learn(case.region_id, case.region_key)
        return deadlines.due(received_at, limit, case.region_id, calendars=self._calendars)

    def next_workday(self, day: date, region_key: str) -> date:
        """The first working day after that day in that region."""
        return self._calendars.of_key(region_key).offset(day, 1)

    def moments(self, code: str, due_on: date, case) -> tuple[Moment, ...]:
        """Everything that happens around a due date, in the order of time; the due date itself is always there."""
        calendar = self._calendars.of_key(case.region_key)
        warn_before = self.warn_before(code, case.county_id)
        key = (warn_before, due_on, calendar)
        if key not in self._moments:
            self._moments[key] = self._around(due_on, warn_before, calendar)
        return self._moments[key]

    def _around(self, due_on: date, warn_before: int, calendar) -> tuple[Moment, ...]:
        found = [Moment(_time_of(rung, due_on, warn_before, calendar), rung) for rung in self._rungs]
        due_at = deadlines.end_of(due_on)
        if all(one.at != due_at for one in found):
            # With the rung at 0 switched off the step still has to be marked on time.
            found.append(Moment(due_at, None))
        return tuple(sorted(found, key=lambda one: (one.at, one.rung.order if one.rung else 0)))

    def next_moment(self, code: str, due_on: date, case, *, after: datetime | None = None) -> Moment | None:
        """The first moment (later than `after`, where given); None at the top of the ladder."""
        return next((one for one in self.moments(code, due_on, case) if after is None or one.at > after), None)


def _time_of(rung: LadderRung, due_on: date, warn_before: int, calendar) -> datetime:
    """The start of a working day before the due date, or the end of one after it."""
    offset = -warn_before if rung.offset is None else rung.offset
    if offset == 0:
        return deadlines.end_of(due_on)
    day = calendar.offset(due_on, offset)
    return deadlines.end_of(day - timedelta(days=1)) if offset < 0 else deadlines.end_of(day)
