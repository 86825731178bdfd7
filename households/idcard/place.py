"""The place of the tree an address on a card begins with, and what is left of the address below it."""

import re

from regions.choices import RegionLevel
from regions.models import Region
from regions.placenames import core
from regions.queries import nation

# What stands between a place's short name and the next part: 上坝村|村民委员会|3组, 河口街道|办事处|….
_TAIL = re.compile(r"^(?:村?民?委员会|村?委会|居民委员会|居委会|办事处|人民政府)")
# A card may leave out one level: the city above a county, the township above a village.
_REACH = 2


def place_of(address: str) -> tuple[Region | None, str]:
    """The lowest place whose names the address spells out from the province on, and the rest of the address."""
    place, rest = None, address
    while found := _next(place or nation(), rest):
        place, rest = found
    return place, rest


def _next(place: Region | None, rest: str) -> tuple[Region, str] | None:
    if place is None or len(rest) < 2:
        return None
    depth = RegionLevel(place.level).depth
    levels = [level for level in RegionLevel if depth < level.depth <= depth + _REACH]
    below = Region.objects.effective().within(place).filter(level__in=levels, is_placeholder=False)
    fitting = [
        (RegionLevel(region.level).depth, -len(name), region, name)
        for region in below.filter(name__startswith=rest[:2])[:200]
        for name in {region.name, core(region.name)}
        if rest.startswith(name)
    ]
    if not fitting:
        return None
    _, _, region, name = min(fitting, key=lambda one: one[:2])
    return region, _TAIL.sub("", rest.removeprefix(name))
