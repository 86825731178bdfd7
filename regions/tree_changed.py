"""Who must know that divisions were published: the audit trail registers in AppConfig.ready()."""

from collections.abc import Callable

_listeners: list[Callable] = []


def register(listener: Callable) -> None:
    """Register `listener(parent, edits, *, by)`; called in the transaction of 【立即生效】 with the published edits."""
    if listener not in _listeners:
        _listeners.append(listener)


def notify(parent, edits: list, *, by) -> None:
    """Tell every listener what was published below `parent`."""
    for listener in _listeners:
        listener(parent, edits, by=by)
