"""Questions to the division tree; all of them bounded and answered from an index, whatever the table's size."""

from django.db.models import Q

from regions.choices import RegionLevel
from regions.keys import NATION_KEY, ancestor_keys, key_range
from regions.models import Region
from regions.models.region import RegionQuerySet

MAX_CHILDREN = 500


def children(parent: Region | None, *, down_to: str = RegionLevel.VILLAGE) -> list[Region]:
    """Return the places directly below `parent` (None = the provinces) in official order.

    Rows that only fill a level (市辖区, the county of a county-less city) are stepped over: their children stand
    in their place, unless the row is of level `down_to` itself, the lowest that is asked for.
    """
    parent = parent or nation()
    lowest = RegionLevel(down_to).depth
    found = []
    for child in _direct(parent) if parent else []:
        depth = RegionLevel(child.level).depth
        if child.is_placeholder and depth < lowest:
            found += children(child, down_to=down_to)
        elif depth <= lowest:
            found.append(child)
    return found


def nation() -> Region | None:
    """Return the row on top of the tree; None before the divisions are loaded."""
    return Region.objects.filter(level=RegionLevel.NATION, code=NATION_KEY).first()


def ancestors(region: Region) -> list[Region]:
    """Return everything above a region, nation first, placeholders included; one query by key."""
    keys = ancestor_keys(region.key)
    above = Region.objects.filter(key__in=keys).exclude(pk=region.pk).order_by("key")
    return [place for place in above if RegionLevel(place.level).depth < RegionLevel(region.level).depth]


def breadcrumb(region: Region, *, below: Region | None = None) -> list[Region]:
    """Return the named places from the province (or from below `below`) down to the region, for the head of a page."""
    path = [place for place in (*ancestors(region), region) if place.level != RegionLevel.NATION]
    if below is not None:
        depth = RegionLevel(below.level).depth
        path = [place for place in path if RegionLevel(place.level).depth > depth]
    return [place for place in path if not place.is_placeholder or place == region]


def find_by_code(code: str, level: str | None = None) -> Region | None:
    """Return the effective region with this code today, else the one that carried it before (曾用编码).

    Four official codes repeat on several levels; without `level` the lowest one is meant.
    """
    at_level = Q(level=level) if level else Q()
    current = Region.objects.effective().filter(at_level, code=code)
    former = Region.objects.effective().filter(at_level, previous_codes__contains=[code]).exclude(previous_codes=[])
    found = sorted(current, key=_depth) or sorted(former, key=_depth)
    return found[-1] if found else None


def enabled_counties() -> RegionQuerySet:
    """Return the counties where people may apply online (已开通网上申请, decision 19)."""
    return Region.objects.effective().filter(level=RegionLevel.COUNTY, case_enabled=True)


def leads_to(place: Region, counties: list[Region]) -> bool:
    """Does `place` contain, or lie in, one of the counties?"""
    low, high = place.key_range
    return any(low <= county.key <= high or is_within(place.key, county) for county in counties)


def is_within(key: str, region: Region) -> bool:
    """Does a key belong to the subtree of `region`?"""
    low, high = key_range(region.key, region.level)
    return low <= key <= high


def _direct(parent: Region) -> RegionQuerySet:
    return Region.objects.effective().filter(parent=parent).order_by("order", "key")[:MAX_CHILDREN]


def _depth(region: Region) -> int:
    return RegionLevel(region.level).depth
