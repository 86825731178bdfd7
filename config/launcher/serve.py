"""One foreground process that holds everything: services, data, web server, worker, beat."""

import http.client
import os
import signal
import socket
import sys
import time
from pathlib import Path

from config.embedded import lease, provide
from config.launcher.children import Children
from config.launcher.progress import say

STARTUP_LIMIT = 60
# Freed memory goes back at once: the reader of cards holds 0.3 to 0.7 GB so, 0.9 GB otherwise (docs/operations.md).
LEAN = {"MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": "131072"}


class Stopped(Exception):
    """Somebody asked us to end."""


def serve(project: Path, var: Path) -> int:
    """Runs until a signal or until a child dies. Exit code 0 after a signal, 1 after a failure."""
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _stop)
    children = Children()
    try:
        _refuse_taken_port(host, port)
        return _serve(children, var, host, port)
    except Stopped:
        return 0
    except lease.ServiceError as error:
        say(str(error))
        return 1
    finally:
        _ignore_further_signals()
        say("Stopping")
        children.stop()
        lease.release_all()
        lease.wait_until_stopped(var)


def _serve(children: Children, var: Path, host: str, port: int) -> int:
    say("Starting PostgreSQL and Redis" if not os.environ.get("DATABASE_URL") else "Using the given services")
    provide(var)
    os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings.development", "DEBUG": os.environ.get("DEBUG", "0")}
    if not _prepare(children):
        return 1
    _start_servers(children, host, port)
    if not _wait_until_ready(children, host, port):
        return 1
    _introduce(var, host, port)
    while (ended := children.first_ended()) is None:
        time.sleep(0.2)
    say(f"{ended[0]} ended by itself (exit code {ended[1]})")
    return 1


def _prepare(children: Children) -> bool:
    child = children.start("prepare", [sys.executable, "-m", "config.launcher.prepare"])
    while child.poll() is None:
        time.sleep(0.05)
    children.forget("prepare")
    return child.returncode == 0


def _start_servers(children: Children, host: str, port: int) -> None:
    say("Starting web server, worker and beat")
    python = [sys.executable, "-m"]
    children.start(
        "web server",
        [*python, "gunicorn", "config.wsgi", "--config", "config/gunicorn.py", "--bind", f"{host}:{port}"],
    )
    celery = [*python, "celery", "--quiet", "-A", "config.celery"]
    quiet = ["--loglevel", "WARNING"]
    lonely = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    children.start("worker", [*celery, "worker", "--concurrency", "1", *lonely, *quiet])
    # The only process with the model in it, replaced once it has grown (docs/operations.md).
    reader = ["worker", "-Q", "ocr", "-n", "reader@%h", "--concurrency", "1", "--max-memory-per-child", "800000"]
    children.start("card reader", [*celery, *reader, *lonely, *quiet], **LEAN)
    children.start("beat", [*celery, "beat", "--pidfile=", *quiet])


def _wait_until_ready(children: Children, host: str, port: int) -> bool:
    deadline = time.monotonic() + STARTUP_LIMIT
    while time.monotonic() < deadline:
        if ended := children.first_ended():
            say(f"{ended[0]} ended while starting (exit code {ended[1]})")
            return False
        if _answers(host, port):
            return True
        time.sleep(0.1)
    say(f"The web server did not become ready within {STARTUP_LIMIT} s")
    return False


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(_reachable(host), port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _reachable(host: str) -> str:
    return "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104


def _refuse_taken_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise lease.ServiceError(
                f"Port {port} cannot be used ({error.strerror}). Try: make run PORT=8001"
            ) from None


def _introduce(var: Path, host: str, port: int) -> None:
    address = f"http://{_reachable(host)}:{port}"
    pages = {"villagers": "/", "staff": "/staff/", "admin": "/admin/", "SMS codes": "/dev/sms/"}
    for name, page in pages.items():
        print(f"  {name:<10} {address}{page}")
    accounts = var / "demo-accounts.txt"
    if accounts.exists():
        print(accounts.read_text().rstrip())
    say("Ctrl-C stops everything")
    print(f"READY {address}", flush=True)


def _stop(*_: object) -> None:
    raise Stopped


def _ignore_further_signals() -> None:
    # A second Ctrl-C must not leave half of them running.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
