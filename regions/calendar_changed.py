"""Who must know that the work calendar changed: higher floors register in AppConfig.ready() (decision 10)."""

from collections.abc import Callable

_listeners: list[Callable] = []


def register(listener: Callable) -> None:
    """Register `listener(region, *, by)`; called in the transaction of the change.

    `region` is None when the whole nation is affected, `by` is None when a command made the change.
    """
    if listener not in _listeners:
        _listeners.append(listener)


def notify(region, *, by) -> None:
    """Tell every listener which region's due dates may be different now."""
    for listener in _listeners:
        listener(region, by=by)
