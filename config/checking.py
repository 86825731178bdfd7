"""`make check`: everything that can be judged without running the product, each with its name and its time."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
PYTHON = [sys.executable]
# A whole production configuration whose addresses lead nowhere: the deployment check must not need services.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "only-for-the-deployment-check-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "housing.example.org",
    "TRUSTED_PROXIES": "unix",
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SMS_GATEWAY_URL": "https://sms.example.org/send",
    "ANJU_KEYS": json.dumps({"current": 1, "sealing": {"1": "0" * 64}, "index": "1" * 64}),
}
CHECKS = (
    ("ruff check", [str(BIN / "ruff"), "check", "-q", "."], {}),
    ("ruff format", [str(BIN / "ruff"), "format", "--check", "-q", "."], {}),
    ("djlint", [str(BIN / "djlint"), "--lint", "--quiet", "templates"], {}),
    ("layers", [str(BIN / "lint-imports")], {}),
    ("migrations", [*PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"], {}),
    ("deployment", [*PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
    ("house rules", [*PYTHON, "-m", "pytest", "-q", "tests/test_house_rules.py"], {}),
)


def main() -> int:
    """Runs every check, also after one failed; the exit code is the number of those that did."""
    failed = [name for name, command, environment in CHECKS if not passes(name, command, environment)]
    print(
        f"{len(CHECKS) - len(failed)} of {len(CHECKS)} checks passed"
        + (f"; failed: {', '.join(failed)}" if failed else "")
    )
    return len(failed)


def passes(name: str, command: list[str], environment: dict[str, str]) -> bool:
    """Runs one check and shows what it says only when it fails."""
    began = time.monotonic()
    done = subprocess.run(
        command, cwd=PROJECT, env=os.environ | environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    print(f"{'ok    ' if done.returncode == 0 else 'FAILED'} {name} ({time.monotonic() - began:.1f} s)", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
