"""One line of the table, and how a thing is timed."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time


@dataclass(frozen=True)
class Result:
    """A measure: our figure, what it is compared with in the same run, and whether its target is met (None: has none).

    Where there is neither a floor nor an ordinary way, the reference is the target itself.
    """

    name: str
    ours: float
    unit: str
    reference: float | None = None
    reference_name: str = ""
    target: str = ""
    is_met: bool | None = None

    def as_row(self) -> dict:
        """One object of results.json; `ratio` is ours ÷ reference."""
        ratio = round(self.ours / self.reference, 4) if self.reference else None
        reference = None if self.reference is None else round(self.reference, 4)
        row = {"name": self.name, "ours": round(self.ours, 4), "reference": reference}
        return row | {"reference_name": self.reference_name, "ratio": ratio, "unit": self.unit}

    def as_line(self) -> str:
        mark = {True: "met", False: "MISSED", None: "-"}[self.is_met]
        is_told = self.reference is not None
        reference = f"{self.reference:>12,.3f} {self.reference_name:<34}" if is_told else " " * 47
        ratio = f"{self.ours / self.reference:>9.3f}" if self.reference else " " * 9
        return f"{self.name:<26}{self.ours:>12,.3f} {self.unit:<18}{reference}{ratio}  {self.target:<36}{mark}"


HEAD = f"{'name':<26}{'ours':>12} {'unit':<18}{'reference':>12} {'which':<34}{'ratio':>9}  {'target':<36}is it met"


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
