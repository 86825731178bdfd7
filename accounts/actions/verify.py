"""Recompute the audit chains and say what is wrong where (reliability T-01)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.db import connection
from django.db.models import Exists, Max, OuterRef

from accounts.actions.anchors import broken_anchors, read_anchors
from accounts.actions.audit import FIRST, TAIL_ALARM, chain_of, content_hash, link_hash
from accounts.models import AuditEntry, AuditLink, AuditPending
from common import clock

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
    "bad_anchor": "存证文件有问题",
    "unchained": "未入链",
}


def verify_audit(*, chain: str = "") -> Iterator[Finding]:
    """Every finding of all chains, or of one (six digits of a tree key), in order; nothing = all is well."""
    links = AuditLink.objects.filter(chain=chain) if chain else AuditLink.objects.all()
    place = ("", 0, FIRST)
    for batch in _batches(links.order_by("chain", "seq").iterator(BATCH)):
        entries = AuditEntry.objects.in_bulk([link.entry_id for link in batch])
        for link in batch:
            if link.chain != place[0]:
                place = (link.chain, 0, FIRST)
            yield from _check(link, entries.get(link.entry_id), place)
            place = (link.chain, link.seq, link.hash)
    yield from _bad_anchors()
    yield from _cut_off(chain)
    yield from _unchained(chain)


def _cut_off(chain: str) -> Iterator[Finding]:
    """The first anchored head of each chain that is not there any more: its end was removed, or written anew."""
    told = set()
    for batch in _batches(said for said in read_anchors() if chain in ("", said["chain"])):
        stored = stored_hashes([(said["chain"], said["seq"]) for said in batch])
        for said in batch:
            name, seq = said["chain"], said["seq"]
            if name not in told and stored.get((name, seq)) != said["hash"]:
                told.add(name)
                last = AuditLink.objects.filter(chain=name).aggregate(last=Max("seq"))["last"] or 0
                if last < seq:
                    yield Finding("cut_off", name, last + 1, f"存证到第{seq}条，现只有{last}条")
                else:
                    yield Finding("cut_off", name, seq, "与存证的链尾不一致")


def stored_hashes(places: list[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """The hashes that stand at those places (chain, seq) in the database; a place that is not there is missing."""
    if not places:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT chain, seq, hash FROM accounts_auditlink WHERE (chain, seq) IN %s", [tuple(places)])
        return {(chain, seq): digest for chain, seq, digest in cursor}


def _bad_anchors() -> Iterator[Finding]:
    for name, why in broken_anchors():
        yield Finding("bad_anchor", "", 0, f"{name}：{why}")


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
    """Rows without a place in a chain: forged ones, those nobody is going to chain, and those waiting too long."""
    queued = Exists(AuditPending.objects.filter(entry=OuterRef("pk")))
    loose = AuditEntry.objects.filter(link=None).annotate(is_queued=queued).order_by("id")
    loose = loose.filter(region_key__startswith=chain) if chain else loose
    now = clock.now()
    for entry in loose.iterator(BATCH):
        name = chain_of(entry.region_key)
        if content_hash(entry) != entry.content_hash:
            yield Finding("altered_row", name, 0, f"编号{entry.id}")
        # A time to come is no excuse for waiting: it would never be over.
        if not entry.is_queued or abs(now - entry.at) > TAIL_ALARM:
            yield Finding("unchained", name, 0, f"编号{entry.id}")


def _batches(rows: Iterable) -> Iterator[list]:
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        yield batch
