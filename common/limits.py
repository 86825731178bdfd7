"""Time limits as values: a number and its unit, with no calendar behind them (domain §14.1)."""

from dataclasses import dataclass


def _require_positive(amount: int) -> None:
    if not isinstance(amount, int) or isinstance(amount, bool) or amount < 1:
        raise ValueError(f"a limit is a whole number of at least 1, not {amount!r}")


@dataclass(frozen=True)
class Workdays:
    """A limit in working days, 工作日 (domain §14.2)."""

    amount: int

    def __post_init__(self):
        _require_positive(self.amount)

    def __str__(self):
        return f"{self.amount}个工作日"


@dataclass(frozen=True)
class Days:
    """A limit in natural days, 自然日; one that ends on a day of rest rolls to the next working day (民法典 203)."""

    amount: int
    roll_forward: bool = True

    def __post_init__(self):
        _require_positive(self.amount)

    def __str__(self):
        return f"{self.amount}天（自然日）"


Limit = Workdays | Days
