"""What the first visit to a villager's page weighs: `python -m tests.network.weights` fills docs/villager-pages.md."""

import gzip
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from django.conf import settings

PAGE = Path(__file__).resolve().parents[2] / "docs" / "villager-pages.md"
BEGIN, END = "<!-- weights -->", "<!-- /weights -->"
LOG = "WEIGHTS_LOG"
# Bytes compressed before the page can be used, and in all; seconds at 100 kbit/s and 300 ms (G10).
USABLE, ALL, SECONDS = 30_000, 60_000, 5.0
# What the line of a phone adds that the rig has not: two round trips of a TLS 1.2 handshake and its certificates.
HANDSHAKE = 0.9
NEEDED = re.compile(r'<script src="([^"]+)"|<link rel="stylesheet" href="([^"]+)"(?! media="print")>')
EVERYTHING = re.compile(r'<(?:script|img)[^>]* src="(/static/[^"]+)"|<link[^>]* href="(/static/[^"]+)"')
HASHED = re.compile(r"\.[0-9a-f]{12}\.\w+$")


def links(html: str, pattern: re.Pattern) -> set[str]:
    """The static files that the page names."""
    return {a or b for a, b in pattern.findall(html)}


def compressed(address: str) -> int:
    """The bytes that travel for that file: the compressed one where it is smaller."""
    path = Path(settings.STATIC_ROOT) / address.removeprefix("/static/")
    packed = path.with_name(path.name + ".gz")
    return (packed if packed.exists() else path).stat().st_size


def weigh(client, url: str) -> dict:
    """Bytes of the page itself, of what it needs, and of all it names."""
    answer = client.get(url, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200, (url, answer.status_code)
    assert answer.headers["Content-Encoding"] == "gzip", url
    html = gzip.decompress(answer.content).decode()
    needed, everything = links(html, NEEDED), links(html, EVERYTHING)
    assert needed and needed <= everything, url
    strangers = [one for one in everything if not HASHED.search(one)]
    assert not strangers, f"{url}: not long-cached: {strangers}"
    page = len(answer.content)
    before = page + sum(map(compressed, needed))
    return {"page": page, "usable": before, "all": page + sum(map(compressed, everything)), "files": len(everything)}


def note(**line) -> None:
    """One line of the table, for the log that the environment names."""
    if LOG in os.environ:
        with open(os.environ[LOG], "a", encoding="utf-8") as log:
            log.write(json.dumps(line, ensure_ascii=False) + "\n")


def table(lines: list[dict]) -> str:
    """The table from the lines of a run."""
    rows = [
        f"| {one['name']} | {one['page'] / 1000:.1f} | {one['usable'] / 1000:.1f} | {one['all'] / 1000:.1f} | "
        f"{one['files']} | {one['seconds']:.1f} |"
        for one in lines
    ]
    head = [
        "| page | page itself, KB | before usable, KB | in all, KB | files | usable after, s |",
        "|---|---|---|---|---|---|",
    ]
    return "\n".join([*head, *rows])


def main() -> None:
    """Run the measuring test in full and put its numbers into the page."""
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as log:
        command = [sys.executable, "-m", "pytest", "-q", "tests/network/test_weights.py", *sys.argv[1:]]
        done = subprocess.run(command, env=os.environ | {"FULL": "1", LOG: log.name}, check=False)
        lines = [json.loads(line) for line in Path(log.name).read_text("utf-8").splitlines()]
    text = PAGE.read_text("utf-8")
    start, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    PAGE.write_text(f"{text[:start]}\n{table(lines)}\n{text[end:]}", "utf-8")
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
