"""The virtual environment: made once, filled from a lock file with hashes, left alone while the lock stays the same."""

import hashlib
import subprocess
import sys
from pathlib import Path

from config.launcher.progress import say, watch

PROJECT = Path(__file__).resolve().parents[2]
VENV = PROJECT / ".venv"
BIN = VENV / "bin"
# The development lock was made on top of the other one and holds all of it.
COVERED = {"requirements-dev.lock": ("requirements.lock",)}


def ensure(lock: str) -> None:
    """Makes the environment hold exactly what `lock` names. Does nothing when it already does."""
    if not (BIN / "python").exists():
        _make()
    if _is_installed(lock):
        return
    _install(PROJECT / lock)
    for each in (lock, *COVERED.get(lock, ())):
        _stamp(each).write_text(_digest(each))


def _stamp(lock: str) -> Path:
    return VENV / f"{lock}.sha256"


def _digest(lock: str) -> str:
    return hashlib.sha256((PROJECT / lock).read_bytes()).hexdigest()


def _is_installed(lock: str) -> bool:
    return _stamp(lock).exists() and _stamp(lock).read_text() == _digest(lock)


def _make() -> None:
    say("Making a virtual environment in .venv")
    done = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"No virtual environment could be made (on Debian: apt install python3-venv).\n{done.stdout[-800:]}")


def _install(lock: Path) -> None:
    count = sum(1 for line in lock.read_text().splitlines() if "==" in line and not line.startswith((" ", "#")))
    # The lock names every package there is, so nothing has to be resolved.
    command = [str(BIN / "python"), "-m", "pip", "install", "--require-hashes", "--no-deps", "--no-input", "-qq"]
    command += ["--disable-pip-version-check", "--no-warn-script-location", "-r", str(lock)]
    failed = watch(command, f"Installing {count} locked packages")
    # A lock made on another Python may lack what this one needs; better said now than by a traceback later.
    if failed or subprocess.run([str(BIN / "python"), "-m", "pip", "check", "-q"], stdin=subprocess.DEVNULL).returncode:
        sys.exit("The packages could not be installed; see pip's message above.")
