"""工单统计 (domain §13, T13), declared: the Q that counts a number also filters the list that the number opens."""

import datetime as dt
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from regions.keys import PREFIX
from regions.models import Region
from regions.queries import children
from regions.tables import Line, Table
from renovation.choices import CaseState
from renovation.queries import figures, todo
from renovation.queries.cases import EVER_LATE, FINISHED, OPEN
from renovation.workflow import WORKFLOW


@dataclass(frozen=True)
class Measure:
    """A counted number: its Q over the case. `base` names the measure that it is shown as a percentage of."""

    key: str
    label: str
    group: str
    where: Q
    base: str = ""

    @property
    def words(self) -> str:
        """How the list names it: 在办·区县受理."""
        return f"{self.group}·{self.label}" if self.group else self.label


@dataclass(frozen=True)
class Total:
    """A number that is no list: the same case may count more than once."""

    key: str
    label: str
    group: str


@dataclass(frozen=True)
class Ratio:
    """A quotient of two sums; `words` says what it is taken of, `is_share` shows it as a percentage."""

    label: str
    group: str
    top: str
    bottom: str
    words: str
    is_share: bool = False


IN_HAND, CLOSED, LATE = "在办", "办结", "超时"
LATE_NOW = Q(is_overdue=True)
_STEPS = [WORKFLOW.step(code) for code in WORKFLOW.open_codes()]
# 终止 is counted apart (domain §4.2).
_ENDS = [code for code in WORKFLOW.final_codes() if code != CaseState.TERMINATED]

COLUMNS: tuple[Measure | Total | Ratio, ...] = (
    Measure("filed", "申请数", "", ~Q(state=CaseState.DRAFT)),
    Measure("in_hand", "合计", IN_HAND, OPEN),
    *(Measure(step.code, step.title, IN_HAND, Q(state=step.code)) for step in _STEPS),
    Measure("closed", "合计", CLOSED, FINISHED & ~Q(state=CaseState.TERMINATED)),
    *(Measure(code, "通过" if code == CaseState.COMPLETED else code.label, CLOSED, Q(state=code))
      for code in map(CaseState, _ENDS)),
    Measure("terminated", "已终止", "", Q(state=CaseState.TERMINATED)),
    Measure("late", "合计", LATE, OPEN & LATE_NOW),
    Ratio("超时率", LATE, "late", "in_hand", "在办", is_share=True),
    *(Measure(f"late_{step.code}", step.title, LATE, Q(state=step.code) & LATE_NOW, base=step.code)
      for step in _STEPS),
    Measure("ever_late", "曾经超时", "", EVER_LATE),
    Measure("returned", "工单数", "退回", figures.WAS_RETURNED),
    Total("returns", "次数", "退回"),
    Ratio("平均用时（工作日）", "", "workdays", "completed", "办结通过"),
    Ratio("本月入户抽查比例", "", "visited", "decided", "本月审批", is_share=True),
    Measure("rated", "已评价", "满意度", figures.IS_RATED),
    Ratio("均分", "满意度", "stars", "rated", "评价"),
)  # fmt: skip
MEASURES = {column.key: column for column in COLUMNS if isinstance(column, Measure)}


@dataclass(frozen=True)
class Period:
    """申请时间 from and to, both days included; None leaves an end open."""

    since: dt.date | None = None
    until: dt.date | None = None

    @property
    def words(self) -> str:
        if not (self.since or self.until):
            return "全部"
        return f"{self.since or '最早'}至{self.until or '今天'}"


EVER = Period()


def narrow(cases: QuerySet, *, region: Region | None = None, measure: str = "", period: Period = EVER) -> QuerySet:
    """The cases that a number of the table stands for."""
    if region is not None:
        cases = cases.filter(region_key__range=region.key_range)
    if measure:
        cases = cases.filter(MEASURES[measure].where)
    return cases.filter(figures.filed_between(period.since, period.until))


def tabulate(user, region: Region, period: Period) -> Table:
    """The sums of a region within the user's view and of each place directly below it, whatever their number."""
    below = children(region)
    digits = max([PREFIX[region.level], *(PREFIX[place.level] for place in below), 1])
    here = narrow(todo.within_view(user), region=region)
    cases = narrow(here, period=period)
    found = (
        figures.count_each(cases, digits, {key: measure.where for key, measure in MEASURES.items()}),
        figures.count_returns(cases, digits),
        figures.sum_workdays(cases.filter(MEASURES["completed"].where), digits),
        figures.count_visits(here, digits),
    )
    return _fold(region, below, found)


def _fold(region: Region, below: list[Region], found: tuple[figures.Sums, ...]) -> Table:
    """Each group of the statements into the line that its key lies in; the total is the sum of all lines."""
    lines = sorted((Line(place, Counter()) for place in below), key=lambda line: line.region.key)
    starts = [line.region.key for line in lines]
    rest, total = Line(None, Counter()), Line(region, Counter())
    for sums in found:
        for place, numbers in sums.items():
            key = place.ljust(12, "0")
            index = bisect_right(starts, key) - 1
            line = lines[index] if index >= 0 and key <= lines[index].region.key_range[1] else rest
            line.sums.update(numbers)
            total.sums.update(numbers)
    order = {place.pk: number for number, place in enumerate(below)}
    lines.sort(key=lambda line: order[line.region.pk])
    # Places that were merged away and have not handed everything on yet: shown, so that the rows add up.
    return Table(total, [*lines, rest] if below and any(rest.sums.values()) else lines)
