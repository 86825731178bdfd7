"""The repository as text: which files are ours, which of them are code of which kind."""

import ast
import subprocess
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
APPS = ("common", "regions", "accounts", "households", "artisans", "renovation", "workbench", "applicants")
VENDORED = ("static/vendor/",)
BINARY = {".png", ".jpg", ".jpeg", ".heic", ".webp", ".xz", ".gz", ".ico", ".ttf", ".woff2", ".pdf", ".docx", ".xlsx"}


@cache
def files() -> tuple[Path, ...]:
    """Every file that is or would be committed."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=PROJECT, capture_output=True, check=True).stdout.decode().split("\0")
    paths = (PROJECT / name for name in sorted(listed) if name and not name.startswith(VENDORED))
    return tuple(path for path in paths if path.is_file())


@cache
def texts() -> dict[str, str]:
    """Relative name → content of every file that is text."""
    return {
        str(path.relative_to(PROJECT)): path.read_text("utf-8")
        for path in files()
        if path.suffix not in BINARY and not path.is_symlink()
    }


@cache
def trees() -> dict[str, ast.Module]:
    """Relative name → syntax tree of the Python of our apps and of config, migrations left out."""
    return {
        name: ast.parse(text, name)
        for name, text in texts().items()
        if name.endswith(".py") and name.split("/")[0] in (*APPS, "config") and "/migrations/" not in name
    }


def of_kind(*kinds: str) -> dict[str, ast.Module]:
    """The trees of `<app>/<kind>.py` and `<app>/<kind>/…`."""
    found = {}
    for name, tree in trees().items():
        parts = name.split("/")
        if len(parts) > 1 and parts[0] in APPS and parts[1].removesuffix(".py") in kinds:
            found[name] = tree
    return found


def templates() -> dict[str, str]:
    return {name: text for name, text in texts().items() if name.startswith("templates/")}
