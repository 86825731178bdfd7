"""The web server: few processes, several threads each, so that slow uploads of some do not hold up the others."""

import os
from pathlib import Path

from config.counting import forget

worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
keepalive = 75
timeout = 60
# What is under way when the server is told to stop may finish; deploy/anju-web.service waits longer.
graceful_timeout = 15
# Request lines hold names of places people look at: nginx keeps the access log, with its own rules.
accesslog = None
errorlog = "-"
loglevel = "warning"
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
control_socket_disable = True


def on_starting(server) -> None:
    """The counters of /metrics begin anew with the server."""
    forget(Path(os.environ.get("ANJU_VAR") or "var") / "metrics")
