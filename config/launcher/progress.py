"""Lines that tell a person what is going on and how long it has taken."""

import os
import subprocess
import time

# Handed on when the launcher starts itself again inside the virtual environment.
STARTED = float(os.environ.setdefault("ANJU_STARTED", str(time.time())))
EVERY = 10


def say(text: str) -> None:
    """One line with the seconds since `make run` was typed."""
    print(f"[{time.time() - STARTED:6.1f} s] {text}", flush=True)


def watch(command: list[str], what: str) -> int:
    """Runs `command` to its end, with a line now and then while it lasts. Returns its exit code."""
    say(what)
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        while True:
            try:
                return process.wait(EVERY)
            except subprocess.TimeoutExpired:
                say(f"… {what[0].lower()}{what[1:]}, still at it")
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()
