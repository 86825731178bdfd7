"""What a change of one region means for all below it: full names, keys, and the rows bound to its villages."""

from django.apps import apps
from django.db import connection

from regions.choices import RegionLevel
from regions.keys import PREFIX
from regions.models import Region, RegionBoundModel

_REGIONS = Region._meta.db_table

# The nation's name is no part of a full name.
_FULL_NAMES = f"""
    UPDATE {_REGIONS} c
    SET full_name = CASE WHEN p.level = 'nation' THEN '' ELSE p.full_name END
                 || CASE WHEN c.is_placeholder THEN '' ELSE c.name END
    FROM {_REGIONS} p
    WHERE p.id = c.parent_id AND c.level = %s AND c.key BETWEEN %s AND %s
"""  # noqa: S608
_REKEY = f"UPDATE {_REGIONS} SET key = %s || substr(key, %s) WHERE key BETWEEN %s AND %s"  # noqa: S608
_REBIND = """
    UPDATE {table} b
    SET region_key = v.key, township_id = t.id, county_id = c.id, province_id = p.id
    FROM {regions} v
    LEFT JOIN {regions} t ON t.level = 'township' AND t.key = rpad(left(v.key, 9), 12, '0')
    LEFT JOIN {regions} c ON c.level = 'county' AND c.key = rpad(left(v.key, 6), 12, '0')
    LEFT JOIN {regions} p ON p.level = 'province' AND p.key = rpad(left(v.key, 2), 12, '0')
    WHERE b.region_id = v.id AND v.key BETWEEN %s AND %s
"""


def bound_models() -> list[type[RegionBoundModel]]:
    """Return every concrete model whose rows belong to a village, on whatever floor it lives."""
    return [model for model in apps.get_models() if issubclass(model, RegionBoundModel) and not model._meta.proxy]


def refresh_full_names(region: Region) -> None:
    """Write the full names of a region and all below it anew, level by level."""
    low, high = region.key_range
    with connection.cursor() as cursor:
        for level in list(RegionLevel)[max(RegionLevel(region.level).depth, 1) :]:
            cursor.execute(_FULL_NAMES, [level.value, low, high])


def rekey(region: Region, new_key: str) -> None:
    """Give a region a new key: its whole subtree follows, then every row bound to a village in it (decision 3)."""
    low, high = region.key_range
    size = PREFIX[region.level]
    with connection.cursor() as cursor:
        cursor.execute(_REKEY, [new_key[:size], size + 1, low, high])
    region.key = new_key
    rebind(region)


def rebind(region: Region) -> None:
    """Copy keys and ancestors of the villages below `region` onto every row bound to them."""
    low, high = region.key_range
    with connection.cursor() as cursor:
        for model in bound_models():
            statement = _REBIND.format(table=connection.ops.quote_name(model._meta.db_table), regions=_REGIONS)
            cursor.execute(statement, [low, high])


def hand_over_rows(old: Region, new: Region) -> int:
    """Give the rows bound to `old` itself to `new` (a merge) and return their number."""
    moved = 0
    for model in bound_models():
        rows = model._base_manager.filter(region_id=old.pk)
        moved += rows.update(region_id=new.pk)
    rebind(new)
    return moved
