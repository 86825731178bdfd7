"""Names of regions from a dictionary of the process: a list of fifty rows must not join the tree (performance.md)."""

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable

from common.rows import one
from regions.models import Region, TreeStamp

_MOST = 50_000
# Another process may publish a rename; its names are seen here this many seconds later at the latest.
_TRUSTED_SECONDS = 1.0

_lock = threading.Lock()
_names: OrderedDict[int, tuple[str, str]] = OrderedDict()
_token = None
_looked_at = 0.0


def full_name(region_id: int | None) -> str:
    """Return 云岭省青屏市青溪县石桥镇上坝村 of a region; '' for None and for an id that is no region."""
    return _pair(region_id)[1]


def short_name(region_id: int | None) -> str:
    """Return the region's own name, 上坝村; '' for None and for an id that is no region."""
    return _pair(region_id)[0]


def warm(region_ids: Iterable[int | None]) -> None:
    """Fetch the names of many regions with one query; call it before printing a list."""
    _check_stamp()
    missing = {region_id for region_id in region_ids if region_id is not None} - _names.keys()
    if missing:
        _remember(Region.objects.filter(pk__in=missing).values_list("pk", "name", "full_name"))


def forget() -> None:
    """Drop everything remembered; called by whoever changes the tree in this process."""
    global _looked_at
    with _lock:
        _names.clear()
        _looked_at = 0.0


def _pair(region_id: int | None) -> tuple[str, str]:
    if region_id is None:
        return "", ""
    _check_stamp()
    pair = _names.get(region_id)
    if pair is None:
        _remember(Region.objects.filter(pk=region_id).values_list("pk", "name", "full_name"))
        pair = _names.get(region_id, ("", ""))
    return pair


def _remember(rows: Iterable[tuple[int, str, str]]) -> None:
    with _lock:
        for pk, name, full in rows:
            _names[pk] = name, full
        while len(_names) > _MOST:
            _names.popitem(last=False)


def _check_stamp() -> None:
    global _token, _looked_at
    if time.monotonic() - _looked_at < _TRUSTED_SECONDS:
        return
    token = one(TreeStamp.objects.filter(pk=1).values_list("token", flat=True))
    with _lock:
        if token != _token:
            _names.clear()
        _token, _looked_at = token, time.monotonic()


def full_names(region_ids: Iterable[int | None]) -> dict[int, str]:
    """Return the full names of many regions by id, fetched with one query; unknown ids are left out."""
    wanted = {region_id for region_id in region_ids if region_id is not None}
    warm(wanted)
    return {region_id: name for region_id in wanted if (name := full_name(region_id))}


def below(full: str, above: str) -> str:
    """Return the part of a full name under a place the reader knows: 石桥镇上坝村 for an officer of the county."""
    return full.removeprefix(above) or full
