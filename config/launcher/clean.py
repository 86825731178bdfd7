"""`make clean`: removes what the project made for itself, and nothing while a server still stands on it."""

import fcntl
import shutil
from pathlib import Path

from config.embedded.places import elsewhere
from config.launcher.progress import say


def clean(project: Path, var: Path) -> int:
    """Removes var/, .venv and the folder under /var/tmp. Returns 1 when servers are still running."""
    roots = [var, var / "test"]
    if any(_in_use(root) for root in roots):
        say("Something still runs on this folder: stop `make run` and the tests first")
        return 1
    caches = [project / name for name in (".pytest_cache", ".ruff_cache", ".import_linter_cache", "test-results")]
    for path in [var, project / ".venv", *caches, *(elsewhere(root) for root in roots)]:
        if path.exists():
            say(f"Removing {path}")
            shutil.rmtree(path)
    return 0


def _in_use(root: Path) -> bool:
    for path in (root / "run").glob("*.keeper.lock"):
        with path.open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
    return False
