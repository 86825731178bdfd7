"""What look-back counts (ADR 0130)."""

from lookback.models.counters import LookbackCells
from regions.cubes import Cube

CUBE = Cube("lookback.LookbackRecord", "lookback.LookbackTotal", "lookback.LookbackChange", LookbackCells)
