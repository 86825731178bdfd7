"""What must be in place before a county takes online applications (decision 19): higher floors register here."""

from collections.abc import Callable

_conditions: list[Callable] = []


def register(condition: Callable) -> None:
    """Register `condition(county) -> str | None`: the Chinese reason against opening online applications there."""
    if condition not in _conditions:
        _conditions.append(condition)


def reasons(county) -> list[str]:
    """Return everything that is still missing; empty = the county may be opened."""
    return [reason for reason in (condition(county) for condition in _conditions) if reason]
