"""One writer of the division tree at a time, and a new stamp after each change."""

import uuid

from django.db import connection

from common.clock import now
from regions import names
from regions.models import TreeStamp

_LOCK = 990_000_001


def lock_tree() -> None:
    """Wait until no other transaction changes the tree; held to the end of this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def change_stamp(*, source_sha256: str | None = None) -> None:
    """Renew the token, so that every process drops the names it remembers."""
    values = {"token": uuid.uuid4(), "changed_at": now()}
    if source_sha256 is not None:
        values["source_sha256"] = source_sha256
    TreeStamp.objects.update_or_create(pk=1, defaults=values)
    names.forget()
