"""`make lock`: both lock files from pyproject.toml, without a word about where packages were fetched from."""

import subprocess
import sys

SILENT = ["--no-emit-index-url", "--no-emit-find-links", "--no-emit-trusted-host", "--no-header", "--quiet"]
WAYS = ["--generate-hashes", "--strip-extras", "--allow-unsafe", *SILENT]


def compile_lock(target: str, *extra: str) -> None:
    """Writes one lock. Versions already in it stay unless pyproject.toml rules them out (`--upgrade` frees them)."""
    command = [
        sys.executable,
        "-m",
        "piptools",
        "compile",
        *WAYS,
        "-o",
        target,
        *extra,
        *sys.argv[1:],
        "pyproject.toml",
    ]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


if __name__ == "__main__":
    compile_lock("requirements.lock")
    # The tests run on exactly what production runs on, and more.
    compile_lock("requirements-dev.lock", "--extra", "dev", "--constraint", "requirements.lock")
