"""Heads of the audit chains, kept outside the database: only they show that a chain was cut off at its end.

Each hour one signed file under `audit/heads/`; each names the signature of the one before, so none can be taken out.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Max

from accounts.models import AuditLink
from common import clock
from common.crypto import keyed_digest

CHANGED, MISSING = "存证文件被改动", "前面的存证文件缺失"


def anchor_folder() -> Path:
    """Where the files are kept; operators copy it to a second host."""
    return Path(settings.VAR_DIR) / "audit" / "heads"


def anchor_heads() -> int:
    """Write the head of every chain that grew since its last anchor; returns how many. Two at once do no harm."""
    with _alone():
        known = {said["chain"]: said["seq"] for said in read_anchors()}
        heads = AuditLink.objects.values_list("chain").annotate(last=Max("seq")).order_by("chain")
        grown = [(chain, last) for chain, last in heads if last > known.get(chain, 0)]
        links = (AuditLink.objects.get(chain=chain, seq=last) for chain, last in grown)
        said = [{"chain": link.chain, "seq": link.seq, "hash": link.hash} for link in links]
        if said:
            _write(said)
    return len(said)


def read_anchors() -> Iterator[dict]:
    """Every head ever anchored in a file that carries our signature, oldest first: chain, seq, hash, at."""
    for _, said in _files():
        if said is not None:
            yield from (head | {"at": said["at"]} for head in said["heads"])


def broken_anchors() -> Iterator[tuple[str, str]]:
    """(file name, what is wrong) of every file that was changed, or whose predecessor is gone."""
    before = ""
    for path, said in _files():
        if said is None:
            yield path.name, CHANGED
        elif before is not None and said["before"] != before:
            yield path.name, MISSING
        # After an unreadable file the next one's predecessor cannot be known.
        before = said["mark"] if said is not None else None


def signature(said) -> str:
    """The keyed digest of anything JSON can say: whoever holds the index key can make and check it, nobody else."""
    return keyed_digest("audit anchor", json.dumps(said, sort_keys=True).encode())


def _files() -> Iterator[tuple[Path, dict | None]]:
    for path in sorted(anchor_folder().glob("*.json")):
        yield path, _read(path)


def _read(path: Path) -> dict | None:
    try:
        said = json.loads(path.read_text("ascii"))
        mark = said.pop("mark")
    except (ValueError, KeyError, AttributeError, TypeError):
        return None
    return said | {"mark": mark} if mark == signature(said) else None


def _write(heads: list[dict]) -> None:
    now = clock.now()
    # Names in the order of time, whatever zone the machine speaks; none is written over.
    before = [said["mark"] for _, said in _files() if said is not None][-1:]
    while (path := anchor_folder() / f"{now.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}.json").exists():
        now += timedelta(microseconds=1)
    said = {"at": now.isoformat(), "before": before[0] if before else "", "heads": heads}
    handle = os.open(path.with_suffix(".part"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        json.dump(said | {"mark": signature(said)}, file)
        file.flush()
        os.fsync(file.fileno())
    path.with_suffix(".part").rename(path)
    _sync(anchor_folder())


@contextmanager
def _alone():
    anchor_folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    with (anchor_folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
