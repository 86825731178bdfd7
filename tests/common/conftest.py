import json

import pytest

from common import keys


def ring(current=1, *numbers) -> str:
    """A key ring as JSON; key n is 32 bytes of n."""
    known = {str(number): f"{number:02x}" * 32 for number in numbers or (current,)}
    return json.dumps({"current": current, "sealing": known, "index": "ee" * 32})


@pytest.fixture
def use_keys(monkeypatch):
    """Put other keys in the ring for one test: use_keys(current, *numbers)."""

    def use(*arguments):
        monkeypatch.setenv("ANJU_KEYS", ring(*arguments))
        keys.forget()

    yield use
    keys.forget()


@pytest.fixture(autouse=True)
def _fresh_ring():
    keys.forget()
    yield
    keys.forget()
