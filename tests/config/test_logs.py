import logging

import pytest

from config.settings.logs import WithoutPersonalData


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
