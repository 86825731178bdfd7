"""What was tried and how often: every proof writes one line, and `make faults` turns the lines into docs/trust.md.

    def test_a_thousand_tamperings_are_found(tried):
        …
        tried("T-01", 1000, "ways to tamper with the trail")

The entry is the catalogue's (F01, I5, T-01, B-I …); `control` names the twin without the protection that must fail.
"""

import json
import os
import subprocess
import sys
from collections import defaultdict
from datetime import date
from pathlib import Path

from tests.scale import FULL
from tests.trust_findings import ELSEWHERE, FOUND

ROOT = Path(__file__).resolve().parents[1]
LOG = "TRUST_LOG"
PAGE = ROOT / "docs" / "trust.md"
FULL_RUN = "Everything was tried in full (FULL=1)."
PART_RUN = (
    "Not everything was tried in full: the column says which rows have the full count of `make faults` and which the "
    "selection of every run."
)


def write(test: str, entry: str, count: int, of: str, control: str, is_failed: bool) -> None:
    """Append one line to the log that the environment names; nothing without one."""
    if LOG in os.environ:
        line = {"test": test, "entry": entry, "count": count, "of": of, "control": control, "failed": is_failed}
        line["full"] = FULL
        with open(os.environ[LOG], "a", encoding="utf-8") as log:
            log.write(json.dumps(line, ensure_ascii=False) + "\n")


def page(lines: list[dict]) -> str:
    """docs/trust.md from the lines of a run: one row for each thing that was tried."""
    rows = defaultdict(lambda: {"count": 0, "failed": 0, "is_full": True, "control": set(), "where": set()})
    for line in lines:
        row = rows[line["entry"], line["of"]]
        row["count"] += line["count"]
        row["failed"] += line["failed"]
        row["is_full"] &= line["full"]
        row["control"] |= {line["control"]} - {""}
        row["where"].add(line["test"].split("::")[0])
    table = [
        f"| {entry} | {of} | {row['count']:,} | {'full' if row['is_full'] else 'selection'} | {row['failed']} | "
        f"{'<br>'.join(sorted(row['control'])) or '—'} | "
        f"{'<br>'.join(f'`{where}`' for where in sorted(row['where']))} |"
        for (entry, of), row in sorted(rows.items())
    ]
    elsewhere = [f"| {entry} | {why} | {instead} |" for entry, (why, instead) in sorted(ELSEWHERE.items())]
    found = [f"| {what} | {done} |" for what, done in FOUND]
    scale = FULL_RUN if all(line["full"] for line in lines) else PART_RUN
    return "\n".join(
        [
            "# What was tried to break Anju",
            "",
            f"Counted by the tests on {date.today():%Y-%m-%d}, commit `{_git('rev-parse', '--short', 'HEAD')}`, "
            f"{os.cpu_count()} cores. Entries are those of the test catalogue; each row is counted by the test that "
            f"did it. {scale} A control twin is the same attempt with the protection removed: it must fail, or the "
            "proof proves nothing.",
            "",
            "| entry | what was tried | how often | scale | failures | control twin | where |",
            "|---|---|---|---|---|---|---|",
            *table,
            "",
            "## What it found",
            "",
            "| found | mended |",
            "|---|---|",
            *found,
            "",
            "## What one machine cannot show",
            "",
            "| entry | why | the nearest thing done instead |",
            "|---|---|---|",
            *elsewhere,
            "",
        ]
    )


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def main(log: str) -> None:
    """Write the page from that log; the exit code says whether anything failed."""
    lines = [json.loads(line) for line in Path(log).read_text("utf-8").splitlines()]
    PAGE.write_text(page(lines), "utf-8")
    attempts = sum(line["count"] for line in lines)
    sys.stdout.write(f"{PAGE.relative_to(ROOT)}: {len(lines)} proofs, {attempts:,} attempts\n")
    sys.exit(any(line["failed"] for line in lines) or not lines)


if __name__ == "__main__":
    main(sys.argv[1])
