"""Names of places for lists: a dictionary per process, forgotten as soon as the tree's stamp moves."""

from collections.abc import Iterable

from regions.models import Region, TreeStamp

# About a county's worth of villages times a hundred; a process that has seen more starts afresh.
_REMEMBERED = 50_000
_token = None
_known: dict[int, tuple[str, str]] = {}


def _refreshed(ids: set[int]) -> dict[int, tuple[str, str]]:
    global _token
    token = TreeStamp.objects.filter(pk=1).values_list("token", flat=True).first()
    if token != _token or len(_known) > _REMEMBERED:
        _known.clear()
        _token = token
    missing = ids - _known.keys()
    if missing:
        rows = Region.objects.filter(pk__in=missing).values_list("id", "name", "full_name")
        _known.update({pk: (name, full or name) for pk, name, full in rows})
    return _known


def full_names(ids: Iterable[int | None]) -> dict[int, str]:
    """The full names of these regions; one query for the stamp and at most one for names not yet known."""
    wanted = {pk for pk in ids if pk is not None}
    known = _refreshed(wanted)
    return {pk: known[pk][1] for pk in wanted if pk in known}


def full_name(region_id: int | None) -> str:
    """「云岭省青屏市青溪县石桥镇上坝村」; empty for an unknown region."""
    return full_names([region_id]).get(region_id, "")


def short_name(region_id: int | None) -> str:
    """「上坝村」; empty for an unknown region."""
    if region_id is None:
        return ""
    return _refreshed({region_id}).get(region_id, ("", ""))[0]


def below(full: str, above: str) -> str:
    """The part of a full name under a region the reader knows: 「石桥镇上坝村」 for an officer of the county."""
    return full.removeprefix(above) or full
