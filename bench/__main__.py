"""`make bench`: ours, the floor and the ordinary way, in one run on the same generated rows.

python -m bench [--cases 100000] [--only lists,steps] [--out var/bench/results.json]
Everything lives in a database of its own that is dropped at the end; no person in it exists.
"""

import argparse
import json
import os
import secrets
import sys
import tempfile
from pathlib import Path


def main() -> int:
    options = arguments()
    prepare_environment()
    import django

    django.setup()
    from bench.result import HEAD
    from bench.run import run

    results = run(options.cases, {name for name in options.only.split(",") if name})
    rows = [result.as_row() for result in results]
    Path(options.out).parent.mkdir(parents=True, exist_ok=True)
    Path(options.out).write_text(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
    sys.stdout.write("\n".join([HEAD, *(result.as_line() for result in results)]) + "\n")
    return int(any(result.is_met is False for result in results))


def arguments():
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000, help="open cases to generate (1000000 for the targets)")
    parser.add_argument("--only", default="", help="modules of bench/measures, separated by commas")
    parser.add_argument("--out", default="var/bench/results.json")
    return parser.parse_args()


def prepare_environment() -> None:
    # Real durability: a figure without the disk's flush would flatter every write.
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
    # Servers of their own (mixed) must read what this process has signed.
    os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(48))
    from common.keys import create_keys

    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("ANJU_KEYS", create_keys(Path(folder) / "keys.json").read_text("ascii"))


if __name__ == "__main__":
    sys.exit(main())
