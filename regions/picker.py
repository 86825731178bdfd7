"""The steps of the region picker: which selects stand on the page for a place chosen so far."""

from dataclasses import dataclass

from regions.choices import RegionLevel
from regions.models import Region
from regions.queries import children, enabled_counties, is_within, leads_to, nation


@dataclass(frozen=True)
class Step:
    """One select: what it asks, its options in official order, the chosen id."""

    label: str
    options: list[Region]
    selected: int | None


@dataclass(frozen=True)
class Terms:
    """What may be picked: down to which level, only counties open to online applications, or any level on the way."""

    level: str = RegionLevel.VILLAGE
    case_enabled_only: bool = False
    any_level: bool = False


def steps_after(root: Region | None, chosen: Region | None, terms: Terms) -> list[Step]:
    """Return the selects below `root` (None = the nation) that lead to `chosen`, and the next one to answer.

    A single option above the asked level is taken at once: nobody should have to confirm what cannot be otherwise.
    """
    found, place = [], root or nation()
    counties = list(enabled_counties()) if terms.case_enabled_only else None
    while place is not None and RegionLevel(place.level).depth < RegionLevel(terms.level).depth:
        options = children(place, down_to=terms.level)
        if counties is not None:
            options = [option for option in options if leads_to(option, counties)]
        if not options:
            break
        place = _continue(options, chosen, terms)
        found.append(Step(_label(options), options, place and place.pk))
    return found


def _continue(options: list[Region], chosen: Region | None, terms: Terms) -> Region | None:
    if chosen is not None:
        for option in options:
            if is_within(chosen.key, option):
                return option
    single = len(options) == 1 and not terms.any_level and options[0].level != terms.level
    return options[0] if single else None


def _label(options: list[Region]) -> str:
    # Directly governed counties stand among the cities of a province: the first row names the question.
    return RegionLevel(options[0].level).question


def deepest(region_ids: list[int]) -> Region | None:
    """Return the place a chain of selects means: the lowest choice that still lies in the choice before it.

    After the upper select was changed without script, the lower ones still post their old answers.
    A place merged into another since the page was made answers with its successor.
    """
    known = Region.objects.select_related("successor").in_bulk(region_ids)
    place = None
    for region_id in region_ids:
        region = known.get(region_id)
        if region is None or (place is not None and not is_within(region.key, place)):
            break
        place = region
    while place is not None and not place.is_effective and place.successor:
        place = place.successor
    return place
