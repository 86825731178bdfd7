"""The user's side of an embedded server: hold its lock, and start its keeper when there is none."""

import fcntl
import json
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
_held: list[int] = []
_keepers: list[int] = []


class ServiceError(RuntimeError):
    """An embedded server cannot be had here; the message says what to do."""


def take(service: str, var: Path, *, durable: bool) -> str:
    """Address of the running server `service`; it stays up at least as long as this process.

    Raises ServiceError with the keeper's own words when the server does not come up.
    """
    run = var / "run"
    run.mkdir(parents=True, exist_ok=True)
    with _alone(run / f"{service}.start.lock"):
        # Blocks only while a keeper is stopping its server; afterwards a new one is started below.
        _held.append(_lock(run / f"{service}.users.lock", fcntl.LOCK_SH))
        if started := not _has_keeper(run / f"{service}.keeper.lock"):
            _start_keeper(service, var, durable=durable)
        found = json.loads((run / f"{service}.json").read_text())
        if started and not Path(found["home"]).is_relative_to(var):
            message = (
                f"Embedded {service} lives in {found['home']}: other users cannot enter {var} (make clean removes it)"
            )
            print(message, file=sys.stderr, flush=True)
    return found["url"]


def release_all() -> None:
    """Gives every server back. The process's end does the same; `make run` calls it to see the keepers out."""
    while _held:
        os.close(_held.pop())


def wait_until_stopped(var: Path) -> None:
    """Returns once no keeper of this folder runs any more (each waits at most half a minute for its server)."""
    for path in sorted((var / "run").glob("*.keeper.lock")):
        os.close(_lock(path, fcntl.LOCK_EX))
    while _keepers:
        os.waitpid(_keepers.pop(), 0)


def _lock(path: Path, how: int) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, how)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


@contextmanager
def _alone(path: Path):
    descriptor = _lock(path, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(descriptor)


def _has_keeper(path: Path) -> bool:
    try:
        os.close(_lock(path, fcntl.LOCK_EX | fcntl.LOCK_NB))
    except BlockingIOError:
        return True
    return False


def _start_keeper(service: str, var: Path, *, durable: bool) -> None:
    command = [sys.executable, "-m", "config.embedded.keeper", service, str(var), "durable" if durable else "fast"]
    with (var / "run" / f"{service}.keeper.log").open("wb") as log:
        keeper = subprocess.Popen(
            command,
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            # A Ctrl-C in the terminal is for the users; the keeper goes when they are gone.
            start_new_session=True,
        )
    said = keeper.stdout.readline().decode().strip()
    keeper.stdout.close()
    # The keeper outlives this process, so it must not be waited for or warned about when this object goes.
    keeper.returncode = 0
    _keepers.append(keeper.pid)
    if said != "READY":
        _held and os.close(_held.pop())
        log_text = (var / "run" / f"{service}.keeper.log").read_text(errors="replace").strip()
        raise ServiceError(said or f"The embedded {service} did not start:\n{log_text[-2000:]}")
