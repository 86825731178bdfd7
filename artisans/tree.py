"""The craftsman directory follows the division tree (decision 3, fault F22)."""

from django.db import connection

from artisans.models import Artisan


def artisans_in(region) -> str | None:
    """Why the region cannot be closed: craftsmen are listed in it; None when there are none."""
    count = Artisan.objects.filter(region_key__range=region.key_range).count()
    return f"本区划下有{count}名工匠" if count else None


def hand_over_artisans(old, new) -> int:
    """A division was merged into another: its craftsmen are listed there from now on; returns how many."""
    return Artisan.objects.filter(region=old).update(region=new, region_key=new.key)


def follow_tree(parent, edits, *, by) -> None:
    """After 【立即生效】: copy moved keys onto the rows, in the same transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {Artisan._meta.db_table} a SET region_key = r.key FROM regions_region r "  # noqa: S608
            "WHERE r.id = a.region_id AND a.region_key <> r.key"
        )
