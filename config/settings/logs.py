"""Logs say what happened, never to whom: no request bodies, no query strings, no cookies, no local variables."""

import logging
import re

# Numbers that point at a person, should one ever come along inside an error's text.
PERSONAL = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|1[3-9]\d{9})(?!\d)")


class WithoutPersonalData(logging.Formatter):
    """Blackens ID and phone numbers in the finished line, traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        return PERSONAL.sub("████", super().format(record))


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "config.settings.logs.WithoutPersonalData",
            "format": "%(asctime)s %(levelname)s %(name)s %(process)d %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # It names the address of every page that is not there, and addresses are typed by people.
        "django.request": {"handlers": [], "level": "ERROR", "propagate": True},
        # Every scanner of the internet sends wrong host names; the answer is 400 and nobody needs to read of it.
        "django.security.DisallowedHost": {"handlers": [], "level": "CRITICAL", "propagate": True},
        "celery": {"handlers": [], "level": "WARNING", "propagate": True},
        "kombu": {"handlers": [], "level": "WARNING", "propagate": True},
    },
}
