"""What must be in place before a county takes online applications (decision 19): higher floors register here."""

from collections.abc import Callable

_conditions: list[Callable] = []
_witnesses: list[Callable] = []


def register(condition: Callable) -> None:
    """Register `condition(county) -> str | None`: the Chinese reason against opening online applications there."""
    if condition not in _conditions:
        _conditions.append(condition)


def witness(listener: Callable) -> None:
    """Register `listener(county, *, by)`, called in the transaction that opened or closed a county."""
    if listener not in _witnesses:
        _witnesses.append(listener)


def notify(county, *, by) -> None:
    """Tell the witnesses that a county was opened or closed."""
    for listener in _witnesses:
        listener(county, by=by)


def reasons(county) -> list[str]:
    """Return everything that is still missing; empty = the county may be opened."""
    return [reason for reason in (condition(county) for condition in _conditions) if reason]
