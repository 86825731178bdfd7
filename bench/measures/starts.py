"""`make run` as a newcomer meets it: a fresh clone until READY, and once more on what that made."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from bench.result import Result

PROJECT = Path(__file__).resolve().parents[2]
# Nothing of this run's own services and settings.
LEFT_OUT = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "ANJU_KEYS", "ANJU_VAR", "SECRET_KEY", "DEBUG"}
FIRST, SECOND = 180, 15


def measure(cases: int) -> Iterator[Result]:
    # Under root the services run as another user, who must be able to enter.
    folder = Path(tempfile.mkdtemp(prefix="anju-bench-", dir="/var/tmp"))
    folder.chmod(0o755)
    try:
        clone = folder / "anju"
        subprocess.run(["git", "clone", "-q", "--depth", "1", f"file://{PROJECT}", str(clone)], check=True)
        # Packages come from pip's cache where it has them; BENCH_VENV takes an environment that is there already.
        if ready := os.environ.get("BENCH_VENV"):
            (clone / ".venv").symlink_to(ready)
        for name, limit, words in (("first_start", FIRST, "≤ 3 min, warm cache"), ("second_start", SECOND, "≤ 15 s")):
            took = start(clone)
            yield Result(name, took, "s", limit, "target", words, took <= limit)
        subprocess.run(["make", "clean"], cwd=clone, env=environment(), check=False, capture_output=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def environment() -> dict:
    return {name: value for name, value in os.environ.items() if name not in LEFT_OUT}


def start(clone: Path) -> float:
    """Seconds from the command to READY; it is ended afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    began = perf_counter()
    run = subprocess.Popen(
        ["make", "run", f"PORT={port}"],
        cwd=clone,
        env=environment() | {"PORT": str(port)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # make and what it starts are one group: a signal to make alone would leave the launcher running.
        start_new_session=True,
    )
    lines = []
    try:
        for line in run.stdout:
            lines.append(line)
            if line.startswith("READY "):
                return perf_counter() - began
        raise RuntimeError("make run ended before READY:\n" + "".join(lines[-20:]))
    finally:
        if run.poll() is None:
            os.killpg(run.pid, signal.SIGINT)
        run.communicate(timeout=90)
