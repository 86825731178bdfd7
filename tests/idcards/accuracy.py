"""python -m tests.idcards.accuracy [PEOPLE] — reads every variant of every person's card and writes the table.

docs/idcard-accuracy.md is made by this; people and spoiling are the same every time, times are this machine's.
"""

import os
import resource
import statistics
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import django
from django.conf import settings

from config.launcher.serve import LEAN
from tests.idcards.drawing import VARIANTS, photo
from tests.idcards.people import Holder, holders

PAGE = Path(__file__).parents[2] / "docs" / "idcard-accuracy.md"
PEOPLE = 26
MARK = "<!-- table -->"


@dataclass
class Score:
    """What came of one variant."""

    number: int = 0
    wrong: int = 0
    name: int = 0
    address: int = 0
    read: int = 0
    seconds: list[float] = field(default_factory=list)
    walls: list[float] = field(default_factory=list)

    def add(self, holder: Holder, card, cpu: float, wall: float) -> None:
        """One card more."""
        self.read += 1
        self.number += card.id_number == holder.id_number
        self.wrong += card.id_number not in ("", holder.id_number)
        self.name += card.name == holder.name
        self.address += card.address == holder.address
        self.seconds.append(cpu)
        self.walls.append(wall)

    def __iadd__(self, other: "Score") -> "Score":
        for name in ("number", "wrong", "name", "address", "read"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.seconds += other.seconds
        self.walls += other.walls
        return self


def measure(people: int, variants=None) -> dict[int, Score]:
    """Every card of so many people in those variants, read by the real model."""
    from households.idcard.read import read_card, warm_up

    warm_up()
    scores = {}
    for variant in variants or range(len(VARIANTS)):
        scores[variant] = score = Score()
        for seed, holder in enumerate(holders(people)):
            jpeg = photo(holder, variant, seed=seed)
            cpu, wall = time.process_time(), time.monotonic()
            card = read_card(jpeg)
            score.add(holder, card, time.process_time() - cpu, time.monotonic() - wall)
        print(row(VARIANTS[variant][0], score), flush=True)  # noqa: T201  a command
    return scores


def row(name: str, score: Score) -> str:
    """One line of the table."""

    def of(count: int) -> str:
        return f"{count}/{score.read}"

    slowest = sorted(score.seconds)[int(len(score.seconds) * 0.95)]
    return (
        f"| {name} | {of(score.number)} | {score.wrong} | {of(score.name)} | {of(score.address)} |"
        f" {statistics.mean(score.seconds):.1f} / {slowest:.1f} | {statistics.median(score.walls):.1f} |"
    )


def table(scores: dict[int, Score]) -> str:
    """The table of the page, sums of the two sets at its end."""
    lines = [
        "| photo | number exact | another number | name | address | processor seconds, mean / 95 % | wall, median |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [row(VARIANTS[variant][0], score) for variant, score in scores.items()]
    for title, is_ordinary in (("**ordinary set**", True), ("**difficult set**", False)):
        total = Score()
        for variant, score in scores.items():
            if VARIANTS[variant][1] == is_ordinary:
                total += score
        lines.append(row(title, total))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lines += ["", f"Cards read: {sum(one.read for one in scores.values())}. Memory of the reading process at its"
              f" highest: {peak:.0f} MB."]  # fmt: skip
    return "\n".join(lines)


def main() -> None:
    """Measure and put the table into the page."""
    if not LEAN.keys() <= os.environ.keys():  # read before the first allocation, so begun anew
        os.execve(sys.executable, [sys.executable, "-m", "tests.idcards.accuracy", *sys.argv[1:]], os.environ | LEAN)
    settings.configure(TIME_ZONE="Asia/Shanghai", USE_TZ=True)
    django.setup()
    made = table(measure(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE))
    before, _, rest = PAGE.read_text("utf-8").partition(MARK)
    PAGE.write_text(before + MARK + "\n" + made + "\n" + MARK + rest.partition(MARK)[2], "utf-8")


if __name__ == "__main__":
    main()
