from collections.abc import Iterator

from bench import data
from bench.result import Result, seconds


def measure(cases: int) -> Iterator[Result]:
    took = seconds(data.divisions)
    yield Result("load_divisions", took, "s", target="≤ 15 s, whole tree", is_met=took <= 15)
