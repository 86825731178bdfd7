"""What a leaver leaves behind (交接): whoever knows of something registers it here, and the account stays."""

from collections.abc import Callable

_holdings: dict[str, Callable] = {}


def register(name: str, func: Callable) -> None:
    """`func(user)` returns a Chinese sentence about open work of that account, or None. Called in AppConfig.ready()."""
    _holdings[name] = func


def left_behind(user) -> list[str]:
    """Everything the account still holds, as sentences; empty when it may simply go."""
    return [sentence for func in _holdings.values() if (sentence := func(user))]
