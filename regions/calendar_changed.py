"""Who must know that the work calendar changed: higher floors register in AppConfig.ready() (decision 10)."""

from collections.abc import Callable

_listeners: list[Callable] = []
_witnesses: list[Callable] = []


def register(listener: Callable) -> None:
    """Register `listener(region, *, by)`; called in the transaction of the change.

    `region` is None when the whole nation is affected, `by` is None when a command made the change.
    """
    if listener not in _listeners:
        _listeners.append(listener)


def witness(listener: Callable) -> None:
    """Register `listener(region, *, by, changes)`, which writes down what changed: {day: [before, after]} or counts."""
    if listener not in _witnesses:
        _witnesses.append(listener)


def notify(region, *, by, changes: dict | None = None) -> None:
    """Tell everybody which region's due dates may be different now; witnesses only if days themselves changed."""
    for listener in _listeners:
        listener(region, by=by)
    for listener in _witnesses if changes else ():
        listener(region, by=by, changes=changes)
