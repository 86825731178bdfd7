import logging
from unicodedata import category

import pytest

from config.settings.logs import LOGGING, WithoutPersonalData

LINE = LOGGING["formatters"]["line"]["format"]
FORGED = "2026-04-01 09:00:00,000 CRITICAL anju.audit 1 all is well"
# What a reader or a terminal takes for the end of a line, and what else changes what is seen.
BREAKS = ("\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\x00\n", "\n\n")
TRICKS = ("\x1b[2K", "\x1b[1A", "\x1b]0;x\x07", "\x08" * 9, "\x9b31m", "\u202e", "\u2066", "\u200b", "\x7f")


@pytest.mark.parametrize("secret", ["990101195203140016", "99010119520314001X", "15412345678"])
def test_numbers_of_persons_never_reach_a_log_line(secret):
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "saving %s failed", (f"「{secret}」",), None)
    assert secret not in WithoutPersonalData("%(message)s").format(record)


def test_numbers_inside_a_traceback_are_blackened_too():
    try:
        raise ValueError("15412345678")
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "x", (), (ValueError, error, error.__traceback__))
    assert "15412345678" not in WithoutPersonalData("%(message)s").format(record)


def test_other_numbers_stay_readable():
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "case 123456 took 1520 ms", (), None)
    assert WithoutPersonalData("%(message)s").format(record) == "case 123456 took 1520 ms"


def _record(text, *, error=None):
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("anju", logging.WARNING, "f", 1, "refused: %s", (text,), info)


def _caught(text):
    try:
        raise ValueError(text)
    except ValueError as error:
        return error


def _forged(formatter, record):
    return [line for line in formatter.format(record).splitlines()[1:] if not line.startswith("    | ")]


@pytest.mark.proof
def test_nothing_typed_forges_or_hides_a_line(tried):
    """Names and browsers in the message, in an error's text, and between other words."""
    formatter, count = WithoutPersonalData(LINE), 0
    for trick in (*BREAKS, *TRICKS):
        for text in (
            f"{trick}{FORGED}",
            f"王{trick}{FORGED}{trick}",
            f"<b>{trick}</b>",
            f"Mozilla/5.0{trick}{trick}{FORGED}",
        ):
            for record in (_record(text), _record("x", error=_caught(text))):
                assert _forged(formatter, record) == []
                said = formatter.format(record).replace("\n    | ", "")
                assert {category(one) for one in said} & {"Cc", "Cf", "Zl", "Zp"} == set(), ascii(said)
                count += 1
    tried("T-06", count, "ways to forge or hide a log line", "test_control_djangos_formatter_shows_the_forged_line")


@pytest.mark.proof
def test_control_djangos_formatter_shows_the_forged_line():
    assert _forged(logging.Formatter(LINE), _record(f"\n{FORGED}")) == [FORGED]


def test_a_traceback_stays_readable():
    lines = WithoutPersonalData("%(message)s").format(_record("x", error=_caught("wrong"))).split("\n")
    assert lines[1] == "    | Traceback (most recent call last):"
    assert lines[-1] == "    | ValueError: wrong"
