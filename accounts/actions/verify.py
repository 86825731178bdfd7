"""Recompute the audit chains and say what is wrong where (reliability T-01)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from accounts.actions.anchors import read_anchors
from accounts.actions.audit import FIRST, content_hash, link_hash
from accounts.models import AuditEntry, AuditLink
from common import clock

TAIL_ALARM = timedelta(seconds=60)
BATCH = 2000


@dataclass(frozen=True)
class Finding:
    """One thing wrong; `kind` is a key of WORDS, `seq` its place in the chain."""

    kind: str
    chain: str
    seq: int
    detail: str


WORDS = {
    "altered_row": "审计内容被改动",
    "missing_row": "审计记录缺失",
    "altered_link": "链接被改动",
    "gap": "链条中断",
    "cut_off": "链尾被截断或重写",
    "unchained": "超过60秒未入链",
}


def verify_audit(*, chain: str = "") -> Iterator[Finding]:
    """Every finding of all chains, or of one (six digits of a tree key), in order; nothing = all is well."""
    links = AuditLink.objects.filter(chain=chain) if chain else AuditLink.objects.all()
    place = ("", 0, FIRST)
    for batch in _batches(links.order_by("chain", "seq")):
        entries = AuditEntry.objects.in_bulk([link.entry_id for link in batch])
        for link in batch:
            if link.chain != place[0]:
                place = (link.chain, 0, FIRST)
            yield from _check(link, entries.get(link.entry_id), place)
            place = (link.chain, link.seq, link.hash)
    yield from _cut_off(chain)
    yield from _unchained(chain)


def _cut_off(chain: str) -> Iterator[Finding]:
    """Anchored heads that are no longer there: the end of a chain was removed or written anew with the key."""
    for said in read_anchors():
        if chain in ("", said["chain"]):
            link = AuditLink.objects.filter(chain=said["chain"], seq=said["seq"]).first()
            if link is None or link.hash != said["hash"]:
                yield Finding("cut_off", said["chain"], said["seq"], "与存证的链尾不一致")


def _check(link: AuditLink, entry: AuditEntry | None, place: tuple[str, int, str]) -> Iterator[Finding]:
    _, seq, prev_hash = place
    if link.seq != seq + 1:
        yield Finding("gap", link.chain, seq + 1, f"{seq + 1}至{link.seq - 1}")
    elif link.prev_hash != prev_hash:
        yield Finding("altered_link", link.chain, link.seq, "与前一条不衔接")
    if entry is None:
        yield Finding("missing_row", link.chain, link.seq, f"编号{link.entry_id}")
        return
    if content_hash(entry) != entry.content_hash:
        yield Finding("altered_row", link.chain, link.seq, f"编号{entry.id}")
    if link_hash(link.prev_hash, link.chain, link.seq, entry.uid, entry.content_hash) != link.hash:
        yield Finding("altered_link", link.chain, link.seq, f"编号{entry.id}")


def _unchained(chain: str) -> Iterator[Finding]:
    late = AuditEntry.objects.filter(link=None, at__lt=clock.now() - TAIL_ALARM).order_by("id")
    late = late.filter(region_key__startswith=chain) if chain else late
    for entry in late.iterator(BATCH):
        yield Finding("unchained", entry.region_key[:6] or "000000", 0, f"编号{entry.id}")


def _batches(links) -> Iterator[list[AuditLink]]:
    batch = []
    for link in links.iterator(BATCH):
        batch.append(link)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
