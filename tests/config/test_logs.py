import json
import logging
import random
from unicodedata import category

import pytest

from config.metrics import MeasureRequests
from config.settings.logs import FIELDS, LOGGING, JsonLines, WithoutPersonalData
from tests.access.numbers import numbers_in
from tests.factories.accounts import make_user
from tests.factories.people import make_id_number
from tests.factories.regions import make_tree

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


@pytest.fixture
def production_lines():
    """What production would write of every logger of the process, request lines included."""
    lines, handler = [], logging.Handler()
    handler.setFormatter(JsonLines())
    handler.emit = lambda record: lines.append(handler.format(record))
    loggers = [logging.getLogger(), logging.getLogger("anju.requests")]
    before = [logger.level for logger in loggers]
    logging.getLogger().addHandler(handler)
    for logger in loggers:
        logger.setLevel(logging.INFO)
    yield lines
    logging.getLogger().removeHandler(handler)
    for logger, level in zip(loggers, before, strict=True):
        logger.setLevel(level)


@pytest.mark.django_db
def test_request_has_one_line_with_its_number_and_no_name(client, production_lines):
    user = make_user(region=make_tree()["990101000000"], display_name="岱山雀")
    client.force_login(user)
    answer = client.get("/staff/", {"q": "岱山雀"})
    line = next(json.loads(line) for line in production_lines if "anju.requests" in line)
    assert set(FIELDS) <= set(line)
    assert (line["view"], line["status"], line["user_id"]) == ("workbench:home", answer.status_code, user.pk)
    assert line["request_id"] == answer["X-Request-ID"]
    assert "岱山雀" not in "".join(production_lines)


def test_a_line_is_a_line_whatever_is_in_it():
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "a\nERROR forged \x1b[31m", (), None)
    written = JsonLines().format(record)
    assert len(written.splitlines()) == 1 and "\x1b" not in written
    assert json.loads(written)["message"] == "a\nERROR forged \x1b[31m"


KNOWN = 1000


@pytest.mark.proof
@pytest.mark.django_db
def test_a_thousand_known_numbers_never_reach_a_line(rf, production_lines, tried):
    """In addresses, queries, bodies, cookies, headers, errors and their traces: T-06 and P-01 for the log."""
    dice = random.Random(7)

    def breaking(request):
        if dice.random() < 0.5:
            logging.getLogger("anju.errors").error("saving %s failed", request.POST["id_number"])
        raise ValueError(request.POST["id_number"])

    known = set()
    for index in range(KNOWN):
        number, phone = make_id_number(f"19{50 + index % 50}0203"), f"154{dice.randrange(10**8):08d}"
        known |= {number, phone}
        request = rf.post(
            f"/x/{number}/?q={phone}", {"id_number": number, "phone": phone}, HTTP_USER_AGENT=number, HTTP_COOKIE=phone
        )
        handler = MeasureRequests(lambda request: shielded(breaking, request))
        assert handler(request).status_code == 500
    text = "".join(production_lines)
    assert len(production_lines) > KNOWN
    assert [number for number in known if number in text] == []
    assert numbers_in(text) == set()
    tried("T-06", len(known), "known numbers looked for in the log", "test_twin_without_the_formatter_shows_them")


def shielded(view, request):
    from django.core.handlers.exception import response_for_exception

    try:
        return view(request)
    except ValueError as error:
        return response_for_exception(request, error)


def test_twin_without_the_formatter_shows_them():
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "saving %s failed", (make_id_number(),), None)
    assert numbers_in(logging.Formatter("%(message)s").format(record))
