"""Heads of the audit chains, kept outside the database: only they show that a chain was cut off at its end.

Each hour one signed file under `audit/heads/`; each names the signature of the one before, so none can be taken out.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
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
    for path in _paths():
        yield path, _read(path)


def _paths() -> list[Path]:
    return sorted(anchor_folder().glob("[0-9]" * 8 + "-*.json"))


def _read(path: Path) -> dict | None:
    try:
        said = json.loads(path.read_text("ascii"))
        mark = said.pop("mark")
    except (ValueError, KeyError, AttributeError, TypeError):
        return None
    return said | {"mark": mark} if mark == signature(said) else None


def _write(heads: list[dict]) -> None:
    paths, now = _paths(), clock.now()
    last = next((said for path in reversed(paths) if (said := _read(path))), None)
    # Counted on, not named by the time alone: a clock that was set back must not put a later file before an earlier.
    number = int(paths[-1].name[:8]) + 1 if paths else 1
    path = anchor_folder() / f"{number:08d}-{now:%Y%m%d-%H%M}.json"
    said = {"at": now.isoformat(), "before": last["mark"] if last else "", "heads": heads}
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
