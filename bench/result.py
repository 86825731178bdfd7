"""One line of the table, and how a thing is timed."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median
from time import perf_counter, process_time


@dataclass(frozen=True)
class Result:
    """A measure: our figure, the one it is compared with, and whether its target is met (None = it has none)."""

    name: str
    ours: float
    unit: str
    other: float | None = None
    other_is: str = ""
    target: str = ""
    is_met: bool | None = None

    def as_row(self) -> dict:
        return asdict(self) | {"ours": round(self.ours, 4), "other": self.other and round(self.other, 4)}

    def as_line(self) -> str:
        mark = {True: "met", False: "MISSED", None: "-"}[self.is_met]
        other = f"{self.other:>12,.3f} {self.other_is}" if self.other is not None else " " * 13
        return f"{self.name:<28}{self.ours:>12,.3f} {self.unit:<16}{other:<44}{self.target:<34}{mark}"


def milliseconds(work: Callable[[], object], times: int = 15) -> float:
    """The median duration; one run before it warms caches and plans."""
    work()
    return median(_elapsed(work, perf_counter) for _ in range(times)) * 1000


def cpu_milliseconds(work: Callable[[], object], times: int = 10) -> float:
    """The median processor time of this process (the database's own is not in it)."""
    work()
    return median(_elapsed(work, process_time) for _ in range(times)) * 1000


def seconds(work: Callable[[], object]) -> float:
    """One run, by the clock on the wall."""
    return _elapsed(work, perf_counter)


def _elapsed(work, clock) -> float:
    before = clock()
    work()
    return clock() - before
