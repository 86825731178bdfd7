"""Which columns of a register are counted: read from the abstract model that register, cube and changes all have."""

from dataclasses import dataclass
from functools import cache

from django.db import models


@dataclass(frozen=True)
class Columns:
    """`cells` tell the cells of a place apart, `sums` are added up; by their names in the database."""

    cells: tuple[str, ...]
    sums: tuple[str, ...]

    @property
    def places(self) -> str:
        """What rows are grouped by, as a statement lists it."""
        return _listed("region_key", *self.cells)

    @property
    def numbers(self) -> str:
        """What is added up, as a statement lists it."""
        return _listed("number", *self.sums)

    @property
    def added(self) -> str:
        """The same, added up."""
        return ", ".join(f'sum("{name}")' for name in ("number", *self.sums))

    @property
    def some(self) -> str:
        """Whether anything is left of it."""
        return " OR ".join(f'sum("{name}") <> 0' for name in ("number", *self.sums))


@cache
def columns_of(cells: type[models.Model]) -> Columns:
    """Big integers are added up, everything else tells cells apart."""
    fields = cells._meta.local_fields
    sums = tuple(one.column for one in fields if isinstance(one, models.BigIntegerField))
    return Columns(tuple(one.column for one in fields if one.column not in sums), sums)


def _listed(*names: str) -> str:
    return ", ".join(f'"{name}"' for name in names)
