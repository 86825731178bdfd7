"""`make run` as a person starts it: one foreground process, READY, pages, and nothing left behind however it ends."""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pytest

PROJECT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow


class Launcher:
    """One `make run` with a folder and a port of its own."""

    def __init__(self, var: Path, port: int) -> None:
        inherited = {k: v for k, v in os.environ.items() if k not in LEFT_OUT}
        self.var, self.port = var, port
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "config.launcher", "run"],
            cwd=PROJECT,
            env=inherited | {"ANJU_VAR": str(var), "PORT": str(port)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def until_ready(self) -> float:
        """Seconds from the start to READY."""
        began = time.monotonic()
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            if line.startswith("READY "):
                return time.monotonic() - began
        raise AssertionError("\n".join(self.lines))

    def get(self, address: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", address)
            return connection.getresponse().status
        finally:
            connection.close()

    def family(self) -> list[psutil.Process]:
        """Every process that works on this folder: the launcher, its children, the keepers and their servers."""
        mine = psutil.Process(self.process.pid)
        keepers = [p for p in psutil.process_iter(["cmdline"]) if str(self.var) in (p.info["cmdline"] or [])]
        found = {mine, *mine.children(recursive=True)}
        for keeper in keepers:
            found |= {keeper, *keeper.children(recursive=True)}
        return list(found)

    def end(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        return self.process.wait(60)

    def __enter__(self):
        return self

    def __exit__(self, *_: object) -> None:
        # Only a failed test leaves it running.
        if self.process.poll() is None:
            self.process.terminate()
        if not self.process.stdout.closed:
            self.process.communicate(timeout=60)


LEFT_OUT = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "ANJU_KEYS", "SECRET_KEY", "ANJU_STARTED", "DEBUG"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def assert_all_gone(processes: list[psutil.Process]) -> None:
    _, alive = psutil.wait_procs(processes, timeout=40)
    assert [(p.pid, p.cmdline()) for p in alive if p.is_running() and p.status() != psutil.STATUS_ZOMBIE] == []


@pytest.fixture(scope="module")
def var():
    # A folder that other users may enter, unlike pytest's own.
    folder = Path(tempfile.mkdtemp(prefix="anju-test-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder / "v"
    shutil.rmtree(folder)


@pytest.fixture(scope="module", autouse=True)
def first_start(var):
    """Everything from an empty folder to READY; the tests below start on what it made."""
    with Launcher(var, free_port()) as launcher:
        seconds = launcher.until_ready()
        family = launcher.family()
        assert launcher.end(signal.SIGTERM) == 0
    assert_all_gone(family)
    # The target of performance.md; a busy machine gets some room.
    assert seconds < 180
    return launcher.lines


def test_first_start_tells_where_to_go(first_start):
    assert re.fullmatch(r"READY http://127\.0\.0\.1:\d+", first_start[-1])
    assert any("/staff/" in line for line in first_start)


def test_keys_are_made_once_and_only_for_their_owner(var):
    keys = var / "keys" / "keys.json"
    before = keys.read_text()
    assert keys.stat().st_mode & 0o077 == 0
    with Launcher(var, free_port()) as launcher:
        launcher.until_ready()
        launcher.end(signal.SIGINT)
    assert keys.read_text() == before


def test_second_start_is_quick_and_pages_answer(var):
    with Launcher(var, free_port()) as launcher:
        seconds = launcher.until_ready()
        family = launcher.family()
        statuses = {page: launcher.get(page) for page in ("/readyz", "/healthz", "/admin/login/")}
        assert launcher.end(signal.SIGINT) == 0
    assert_all_gone(family)
    assert seconds < 15
    assert statuses == {"/readyz": 200, "/healthz": 200, "/admin/login/": 200}


def test_nothing_is_left_when_the_launcher_is_killed_outright(var):
    with Launcher(var, free_port()) as launcher:
        launcher.until_ready()
        family = launcher.family()
        assert len(family) >= 7, "web server, worker, beat, two keepers, two servers"
        launcher.end(signal.SIGKILL)
    assert_all_gone(family)


def test_death_of_one_child_ends_all_with_an_error(var):
    with Launcher(var, free_port()) as launcher:
        launcher.until_ready()
        family = launcher.family()
        beat = next(p for p in psutil.Process(launcher.process.pid).children() if "beat" in p.cmdline())
        beat.kill()
        said = launcher.process.communicate(timeout=60)[0]
    assert launcher.process.returncode == 1
    assert_all_gone(family)
    assert "beat ended by itself" in said


def test_taken_port_is_said_at_once(var):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with Launcher(var, taken.getsockname()[1]) as launcher:
            said = launcher.process.communicate(timeout=30)[0]
    assert launcher.process.returncode == 1
    assert "cannot be used" in said
    assert "PORT=8001" in said
