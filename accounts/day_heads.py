"""The heads of the audit chains of one day, as they were signed outside the database: for the printed day page."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from accounts.actions.anchors import read_anchors, signature
from accounts.actions.verify import stored_hashes
from regions.models import Region

SHORT = 16


@dataclass(frozen=True)
class Head:
    """The last head of one chain signed on that day, and how many entries it had gained since the day before."""

    chain: str
    place: str
    seq: int
    added: int
    hash: str
    at: datetime
    is_stored: bool

    @property
    def digest(self) -> str:
        """The first sixteen characters: enough to compare on paper."""
        return self.hash[:SHORT]


@dataclass(frozen=True)
class Day:
    """What the page of a day says, and the signature over all of it."""

    heads: list[Head]
    mark: str

    @property
    def added(self) -> int:
        return sum(head.added for head in self.heads)

    @property
    def differing(self) -> int:
        return sum(not head.is_stored for head in self.heads)


def day_of(day: date, region=None) -> Day:
    """The signed heads of that day (local time) of the chains inside the region, or of all without one."""
    before, last = {}, {}
    low, high = region.key_range if region is not None else ("", "9" * 12)
    for said in read_anchors():
        at = timezone.localtime(datetime.fromisoformat(said["at"]))
        if low <= f"{said['chain']}000000" <= high and at.date() <= day:
            (last if at.date() == day else before)[said["chain"]] = said | {"at": at}
    stored = stored_hashes([(chain, said["seq"]) for chain, said in last.items()])
    names = dict(Region.objects.filter(key__in=[f"{chain}000000" for chain in last]).values_list("key", "full_name"))
    heads = [
        Head(
            chain,
            names.get(f"{chain}000000") or "未归属地区",
            said["seq"],
            said["seq"] - before.get(chain, {"seq": 0})["seq"],
            said["hash"],
            said["at"],
            stored.get((chain, said["seq"])) == said["hash"],
        )
        for chain, said in sorted(last.items())
    ]
    # Over what is printed, so that whoever holds the key can tell an invented page; not over what the database says.
    spoken = [[head.chain, head.seq, head.added, head.hash, head.at.isoformat()] for head in heads]
    return Day(heads, signature({"day": day.isoformat(), "heads": spoken}))
