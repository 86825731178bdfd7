"""Heads of the audit chains, kept outside the database: only they show that a chain was cut off at its end."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db.models import Max

from accounts.models import AuditLink
from common import clock
from common.crypto import keyed_digest


def anchor_file() -> Path:
    """Where the heads are kept; operators copy it to a second host."""
    return Path(settings.VAR_DIR) / "audit" / "heads.jsonl"


def anchor_heads() -> int:
    """Append the head of every chain that grew since its last anchor; returns how many. Two at once do no harm."""
    known = {said["chain"]: said["seq"] for said in read_anchors()}
    heads = AuditLink.objects.values("chain").annotate(last=Max("seq"))
    grown = [head for head in heads if head["last"] > known.get(head["chain"], 0)]
    lines = []
    for head in grown:
        link = AuditLink.objects.get(chain=head["chain"], seq=head["last"])
        said = {"chain": link.chain, "seq": link.seq, "hash": link.hash, "at": clock.now().isoformat()}
        lines.append(json.dumps(said | {"mark": _mark(said)}) + "\n")
    if lines:
        _append("".join(lines))
    return len(lines)


def read_anchors() -> Iterator[dict]:
    """Every anchor ever written that carries our mark, oldest first."""
    if not anchor_file().exists():
        return
    with anchor_file().open(encoding="ascii") as file:
        for line in file:
            said = json.loads(line)
            if said.pop("mark") == _mark(said):
                yield said


def _mark(said: dict) -> str:
    return keyed_digest("audit anchor", json.dumps(said, sort_keys=True).encode())


def _append(text: str) -> None:
    anchor_file().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(anchor_file(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
