"""Everything between an empty database and a county to try out; every step finds out by itself that it was done."""

import contextlib
import os
import secrets
import signal
import sys

import django
from django.core.management import call_command, get_commands

from config.launcher.progress import say

STEPS = (
    ("migrate", "Bringing the database up to date", {"interactive": False, "verbosity": 0}),
    ("load_divisions", "Loading the divisions of the whole country", {}),
    ("load_calendar", "Loading the work calendar", {}),
    ("load_options", "Loading option lists", {}),
    ("load_demo", "Making the demo county", {}),
    ("collectstatic", "Collecting static files", {"interactive": False, "verbosity": 0}),
)


def make_keys() -> None:
    """The only place that makes keys, and only where there are none (decision 27)."""
    from django.conf import settings

    from common.keys import create_keys

    settings.KEYS_FILE.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not os.environ.get("ANJU_KEYS") and not settings.KEYS_FILE.exists():
        say(f"Making encryption keys in {settings.KEYS_FILE}")
        create_keys(settings.KEYS_FILE)
    if not os.environ.get("SECRET_KEY") and not settings.SECRET_KEY_FILE.exists():
        with open(settings.SECRET_KEY_FILE, "x", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(secrets.token_urlsafe(48))


def main() -> None:
    django.setup()
    make_keys()
    known = get_commands()
    for command, what, options in STEPS:
        if command in known:
            say(what)
            with contextlib.redirect_stdout(sys.stdout):
                call_command(command, **options)


if __name__ == "__main__":
    # Ended from outside: no traceback, the launcher says what happens.
    signal.signal(signal.SIGTERM, lambda *_: os._exit(143))
    main()
