"""The descriptive option lists as they ship (domain §10.14, 10.17–10.21, 10.26–10.29) and how they are read."""

import csv
import datetime as dt
from pathlib import Path

from django.db.models import Q

from common.clock import today
from regions.models import OptionItem
from regions.models.option import LISTS

SOURCE = Path(__file__).parent / "data" / "options.csv"


def load_options() -> int:
    """Add the shipped entries that are missing and return their number; labels changed in the admin stay."""
    with SOURCE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    unknown = {row["list_code"] for row in rows} - LISTS.keys()
    if unknown:
        raise ValueError(f"lists without a name: {sorted(unknown)}")
    before = OptionItem.objects.count()
    OptionItem.objects.bulk_create(
        [OptionItem(order=number * 10, **row) for number, row in enumerate(rows, start=1)], ignore_conflicts=True
    )
    return OptionItem.objects.count() - before


def options(list_code: str, on: dt.date | None = None) -> list[tuple[str, str]]:
    """Return (code, label) of the entries of a list that may be chosen on a day (default today), in order."""
    day = on or today()
    rows = OptionItem.objects.filter(list_code=list_code, active=True)
    rows = rows.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=day))
    rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
    return list(rows.order_by("order", "pk").values_list("code", "label"))


def labels(list_code: str) -> dict[str, str]:
    """Return every code of a list with its label, retired ones included: old records must stay readable."""
    return dict(OptionItem.objects.filter(list_code=list_code).values_list("code", "label"))
