"""What stands in the way of closing or merging a division: higher floors register here in AppConfig.ready()."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Dependent:
    name: str
    reason: Callable
    hand_over: Callable | None


_registered: dict[str, Dependent] = {}


def register(name: str, reason: Callable, *, hand_over: Callable | None = None) -> None:
    """Register `reason(region) -> str | None` (the Chinese reason against closing that region).

    `hand_over(old, new)` moves the rows when one division is merged into another, inside its transaction;
    without it a merge is refused for the same reason as a closure. Region-bound models move by themselves.
    """
    _registered[name] = Dependent(name, reason, hand_over)


def moves_along(old, new) -> None:
    """The `hand_over` of rows that are region-bound: the merge has moved them by the time this is called."""


def reasons(region) -> list[str]:
    """Return every reason against closing `region` (domain §9.2); empty = it may be closed."""
    return [reason for reason in (dependent.reason(region) for dependent in _registered.values()) if reason]


def registered() -> list[Dependent]:
    """Return the dependents in the order of registration."""
    return list(_registered.values())
