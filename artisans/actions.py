"""Writes to the craftsman directory (domain §9.3)."""

from django.db import IntegrityError, transaction

from accounts.actions import audit
from accounts.permissions import Can
from artisans.models import Artisan
from common.errors import Refusal


@transaction.atomic
def save_artisan(*, by, artisan: Artisan) -> Artisan:
    """Store a new or changed row; Refusal when it is somebody else's, out of the region, or the ID is listed already.

    谁录入谁管理: only the account that wrote a row edits it (domain §1.3).
    """
    is_new = artisan.pk is None
    if is_new:
        artisan.created_by = by
    if reason := may_edit(artisan, by):
        raise Refusal(reason)
    artisan.region_key = artisan.region.key
    try:
        with transaction.atomic():
            artisan.save()
    except IntegrityError as clash:
        raise Refusal("该身份证号的工匠已登记") from clash
    audit.record(
        by=by, action="artisan.created" if is_new else "artisan.changed", target=artisan, region=artisan.region
    )
    return artisan


def may_edit(artisan: Artisan, user) -> str | None:
    """Why this user may not write the row, or None."""
    if not user.can(Can.WRITE_ARTISANS):
        return "您没有录入工匠的权限"
    if artisan.created_by_id != user.pk:
        return "谁录入谁管理：只有录入人可以修改"
    low, high = user.region.key_range
    return None if low <= artisan.region.key <= high else "只能录入本辖区的工匠"
