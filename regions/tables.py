"""A table of statistics: one line for a region and one for each place directly below it (domain §13)."""

from collections import Counter
from dataclasses import dataclass

from regions.models import Region


@dataclass(frozen=True)
class Line:
    """The numbers of a region; no region = what lies in none of the places below."""

    region: Region | None
    sums: Counter


@dataclass(frozen=True)
class Table:
    """合计 and one line a place below, in official order; a line without a region only where something lies there."""

    total: Line
    lines: list[Line]
