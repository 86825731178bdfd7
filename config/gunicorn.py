"""The web server: few processes, several threads each, so that slow uploads of some do not hold up the others."""

import os
from pathlib import Path

from config.counting import forget
from config.settings.logs import logging_with

worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
keepalive = 75
timeout = 60
# What is under way when the server is told to stop may finish; deploy/anju-web.service waits longer.
graceful_timeout = 15
# No page waits longer for the database; half a minute is what a request may take in all (invariant I10).
os.environ.setdefault("STATEMENT_SECONDS", "25")
# Request lines hold names of places people look at: nginx keeps the access log, with its own rules.
accesslog = None
# Its own lines come in the form of all others, so that whatever collects them can read them.
logconfig_dict = logging_with("json" if os.environ.get("DJANGO_SETTINGS_MODULE", "").endswith("production") else "line")
logconfig_dict["loggers"]["gunicorn.error"] = {"handlers": [], "level": "WARNING", "propagate": True}
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
control_socket_disable = True


def on_starting(server) -> None:
    """The counters of /metrics begin anew with the server."""
    forget(Path(os.environ.get("ANJU_VAR") or "var") / "metrics")
