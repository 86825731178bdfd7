import os
import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036  said here, or an old Python stops at a syntax error
    sys.exit(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}. Try: make run PYTHON=python3.11")

from config.launcher import environment

PROJECT = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("ANJU_VAR") or PROJECT / "var").resolve()


def run() -> int:
    """`make run`: the environment first, then this same module again inside it."""
    environment.ensure("requirements.lock")
    python = environment.BIN / "python"
    if Path(sys.prefix).resolve() != environment.VENV.resolve():
        os.execv(python, [str(python), "-m", "config.launcher", "run"])
    from config.launcher.serve import serve

    return serve(PROJECT, VAR)


def venv() -> int:
    environment.ensure("requirements-dev.lock")
    return 0


def clean() -> int:
    from config.launcher.clean import clean

    return clean(PROJECT, VAR)


if __name__ == "__main__":
    os.chdir(PROJECT)
    command = {"run": run, "venv": venv, "clean": clean}.get(sys.argv[1] if len(sys.argv) == 2 else "")
    try:
        sys.exit(command() if command else "usage: python -m config.launcher run|venv|clean")
    except KeyboardInterrupt:
        sys.exit(130)
