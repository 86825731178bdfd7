"""Logs say what happened, never to whom: no request bodies, no query strings, no cookies, no local variables.

Lines for people while developing; in production one JSON object a line, ready for whatever collects them.
"""

import json
import logging
import re
from datetime import UTC, datetime

# Numbers that point at a person, should one ever come along inside an error's text.
PERSONAL = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|1[3-9]\d{9})(?!\d)")
BLACK = "████"
# What a line about a request says beside its message (config.metrics.MeasureRequests); nothing else is taken over.
FIELDS = ("request_id", "method", "view", "status", "duration_ms", "user_id")
# What ends a line for some reader, moves a terminal's cursor or turns the order of letters round: somebody else's
# text must not look like a line of ours (T-06). Ours are split by \n alone.
UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
# No line of a record but its first begins like one.
CONTINUED = "\n    | "


def visible(text: str) -> str:
    """The text with every character that could forge or hide something written as its number."""
    return UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class WithoutPersonalData(logging.Formatter):
    """One record, one line (a traceback below it, indented), ID and phone numbers blackened in all of it."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  the name is logging's
        record.message = record.message.replace("\n", "\\u000a")
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        lines = visible(super().format(record)).split("\n")
        return PERSONAL.sub(BLACK, CONTINUED.join(lines))


class JsonLines(WithoutPersonalData):
    """One JSON object a line: time in UTC, level, logger, process, message, and the FIELDS of a request."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "message": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in FIELDS if getattr(record, name, None) is not None}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        blackened = {name: PERSONAL.sub(BLACK, said) if isinstance(said, str) else said for name, said in line.items()}
        # What JSON leaves as it is and a reader might take for the end of a line is written in JSON's own way.
        return visible(json.dumps(blackened, ensure_ascii=False))


def logging_with(formatter: str) -> dict:
    """The whole configuration; `formatter` is "line" or "json"."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": "config.settings.logs.WithoutPersonalData",
                "format": "%(asctime)s %(levelname)s %(name)s %(process)d %(message)s",
            },
            "json": {"()": "config.settings.logs.JsonLines"},
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": formatter}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            # It names the address of every page that is not there, and addresses are typed by people.
            "django.request": {"handlers": [], "level": "ERROR", "propagate": True},
            # Every scanner of the internet sends wrong host names; the answer is 400 and nobody needs to read of it.
            "django.security.DisallowedHost": {"handlers": [], "level": "CRITICAL", "propagate": True},
            # A line for each request: in production, where something collects and counts them.
            "anju.requests": {"handlers": [], "level": "INFO" if formatter == "json" else "WARNING", "propagate": True},
            "celery": {"handlers": [], "level": "WARNING", "propagate": True},
            "kombu": {"handlers": [], "level": "WARNING", "propagate": True},
        },
    }


LOGGING = logging_with("line")
