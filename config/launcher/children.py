"""The processes of one `make run`: started together, stopped together, none left behind."""

import os
import signal
import subprocess
import time

from config.embedded.process import die_with_parent

PATIENCE = 20.0


class Children:
    """Named child processes. Each leads a session of its own, so that Ctrl-C reaches only the launcher."""

    def __init__(self) -> None:
        self._running: dict[str, subprocess.Popen] = {}

    def start(self, name: str, command: list[str], **environment: str) -> subprocess.Popen:
        """Starts a child that also ends when the launcher is killed outright."""
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            env=os.environ | environment,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
        self._running[name] = child
        return child

    def first_ended(self) -> tuple[str, int] | None:
        """Name and exit code of a child that is no more."""
        for name, child in self._running.items():
            if child.poll() is not None:
                return name, child.returncode
        return None

    def forget(self, name: str) -> None:
        """A child that was meant to end has ended."""
        del self._running[name]

    def stop(self) -> None:
        """Asks all to finish, waits, then ends whatever is left of their sessions."""
        for child in self._running.values():
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + PATIENCE
        for child in self._running.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                # Not reaped yet, so the group's number is still this child's own.
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
        self._running.clear()
