"""Sealing stored values again with the current key (key rotation, P-08), while people work.

After keys.rotate() both keys are in the ring: old seals stay readable, new ones use the new key. This walks
the old ones over; when it finds none, the old key may leave the ring, except for papers on the disk.
"""

from django.apps import apps
from django.db import models, transaction

from common import crypto
from common.fields import Sealed, sealed_fields
from common.keys import key_ring

BATCH = 500


def sealed_models() -> list[type[models.Model]]:
    """Every model with sealed fields of its own table."""
    found = [model for model in apps.get_models() if sealed_fields(model)]
    return [model for model in found if any(field.model is model for field in sealed_fields(model))]


def reseal(model: type[models.Model]) -> int:
    """Seal every value of the model that an older key sealed again; returns the number of rows changed.

    Rows are locked a batch at a time, so that a change made meanwhile is neither lost nor overtaken.
    """
    changed, last = 0, None
    while True:
        rows = model._base_manager.order_by("pk")
        rows = rows if last is None else rows.filter(pk__gt=last)
        with transaction.atomic():
            batch = list(rows.select_for_update()[:BATCH])
            changed += sum(_reseal_row(model, row) for row in batch)
        if len(batch) < BATCH:
            return changed
        last = batch[-1].pk


def _reseal_row(model: type[models.Model], row: models.Model) -> bool:
    fresh = {}
    for field in sealed_fields(model):
        held = row.__dict__[field.attname]
        if field.model is model and held and crypto.key_number(held) != key_ring().current:
            fresh[field.attname] = Sealed(crypto.seal(field.open(row, held), **field.bound_to(row)))
    # Not save(): nothing about the row has changed, and nobody should find its version or time moved.
    return bool(fresh and model._base_manager.filter(pk=row.pk).update(**fresh))
