"""The real model on drawn cards: a few in every run, all of them with FULL=1 (docs/idcard-accuracy.md)."""

import importlib.util
import logging
import socket

import pytest

from tests.idcards import drawing
from tests.idcards.accuracy import PEOPLE, measure
from tests.idcards.drawing import VARIANTS, photo
from tests.idcards.people import holders
from tests.scale import FULL, some

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not all(importlib.util.find_spec(name) for name in ("rapidocr", "onnxruntime")),
        reason="rapidocr and onnxruntime are not installed",
    ),
    pytest.mark.skipif(not drawing.has_fonts(), reason="fonts-noto-cjk is not installed"),
]
NAMES = [name for name, _, _ in VARIANTS]
# One upright, one dim, one turned.
FEW = [(NAMES.index("turned 5°"), 7), (NAMES.index("dim and grainy"), 9), (NAMES.index("turned 270°, skewed 12°"), 2)]


@pytest.mark.parametrize(("variant", "person"), FEW, ids=[NAMES[variant] for variant, _ in FEW])
def test_card_is_read(variant, person):
    from households.idcard.read import read_card

    holder = holders(PEOPLE)[person]
    card = read_card(photo(holder, variant, seed=person))
    assert (card.id_number, card.name, card.address) == (holder.id_number, holder.name, holder.address)


def test_reading_fetches_nothing_and_says_nothing(monkeypatch, caplog, capfd):
    from households.idcard.read import read_card

    def refuse(*_):
        raise AssertionError("the reader asked the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    holder = holders(1)[0]
    with caplog.at_level(logging.DEBUG):
        assert read_card(photo(holder, 0)).id_number == holder.id_number
    out, err = capfd.readouterr()
    assert all(secret not in caplog.text + out + err for secret in (holder.id_number, holder.name))


@pytest.mark.skipif(not FULL, reason="three hundred cards: FULL=1")
def test_the_promise_is_kept():
    scores = measure(some(1, PEOPLE))
    ordinary = [scores[at] for at, (_, is_ordinary, _) in enumerate(VARIANTS) if is_ordinary]
    assert sum(one.read for one in scores.values()) >= 300
    assert sum(one.number for one in ordinary) >= 0.98 * sum(one.read for one in ordinary)
    assert sum(one.wrong for one in scores.values()) == 0
