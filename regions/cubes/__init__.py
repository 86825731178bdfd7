"""The engine of numbers (ADR 0130): what a register counts is kept up to date, so that no page ever counts its rows.

Rows fall into *cells*: a village and a handful of columns with few values. Triggers append what changed (`triggers`),
once a second that is added to the cube, for the village and everything above it (`folding`), and whoever reads a number
adds what is still waiting in the same statement (`reading`): a number is exact the moment it is read. The cube's
columns bear the register's names, so that the `Q` which counts the cube also filters the list.
"""

from dataclasses import dataclass, field

from django.apps import apps
from django.db import models
from django.db.models import Q

from regions.cubes.columns import Columns, columns_of


@dataclass(frozen=True)
class Cube:
    """A register that is counted: the abstract model of its cells, and where its counters stand ("app.Model")."""

    register: str
    totals: str
    changes: str
    cells: type[models.Model]

    @property
    def counted(self) -> type[models.Model]:
        return apps.get_model(self.register)

    @property
    def rows(self) -> type[models.Model]:
        return apps.get_model(self.totals)

    @property
    def deltas(self) -> type[models.Model]:
        return apps.get_model(self.changes)

    @property
    def columns(self) -> Columns:
        return columns_of(self.cells)


@dataclass(frozen=True)
class Measure:
    """A number of a table of statistics: its Q over cell columns. `sums` names the column added up; rows if none."""

    key: str
    label: str
    where: Q = field(default_factory=Q)
    group: str = ""
    sums: str = "number"

    @property
    def words(self) -> str:
        """How the list names it: 自有农村住房·存在一定安全隐患."""
        return f"{self.group}·{self.label}" if self.group else self.label


_registered: dict[str, Cube] = {}


def register(cube: Cube) -> Cube:
    """Once a register, in its AppConfig.ready(): the fold and the rebuild go through all of them."""
    return _registered.setdefault(cube.register, cube)


def registered() -> list[Cube]:
    """Every register with counters."""
    return list(_registered.values())
