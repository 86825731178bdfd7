"""The ledger follows the division tree: claims carry the key of their home village (decision 3, fault F22)."""

from django.db import connection

from households.models import Claim


def hand_over_claims(old, new) -> int:
    """A village was merged into another: its claims live there from now on; returns how many."""
    return Claim.objects.filter(home_region=old).update(home_region=new, region_key=new.key)


def follow_tree(parent, edits, *, by) -> None:
    """After 【立即生效】: copy moved keys onto the claims, in the same transaction, wherever they moved to."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {Claim._meta.db_table} c SET region_key = r.key FROM regions_region r "  # noqa: S608
            "WHERE r.id = c.home_region_id AND c.region_key <> r.key"
        )
