"""Real web processes on the generated database, started and stopped by the measure that needs them."""

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psutil
from django.conf import settings
from django.db import connection

PROJECT = Path(__file__).resolve().parents[1]


def database_url() -> str:
    """The address of the database this process works on."""
    place = connection.settings_dict
    name, host, user = place["NAME"], str(place["HOST"]), quote(place["USER"])
    if host.startswith("/"):
        port = f"&port={place['PORT']}" if place["PORT"] else ""
        return f"postgres://{user}@/{name}?host={quote(host, safe='/')}{port}"
    return f"postgres://{user}:{quote(place['PASSWORD'])}@{host}:{place['PORT'] or 5432}/{name}"


@contextmanager
def running(folder: Path):
    """(port, process) of gunicorn with a worker a core, production-like: collected files, no debug."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.development",
        "DEBUG": "0",
        "ANJU_VAR": str(folder),
        "DATABASE_URL": database_url(),
        "SECRET_KEY": settings.SECRET_KEY,
        "WEB_WORKERS": str(os.cpu_count()),
    }
    run = {"cwd": PROJECT, "env": environment, "stdin": subprocess.DEVNULL}
    subprocess.run([sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"], check=True, **run)
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--config", "config/gunicorn.py"]
    child = subprocess.Popen([*command, "--bind", f"127.0.0.1:{port}"], **run)
    try:
        _wait(port, child)
        yield port, psutil.Process(child.pid)
    finally:
        child.terminate()
        child.wait(30)


def _wait(port: int, child) -> None:
    for _ in range(600):
        if child.poll() is not None:
            raise RuntimeError("the web server ended while starting")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the web server did not start")


def cpu_of(process: psutil.Process) -> float:
    """Processor seconds of the server and its workers so far."""
    family = [process, *process.children(recursive=True)]
    return sum(sum(one.cpu_times()[:2]) for one in family)
