"""Look-back rounds and their lists, of invented people."""

import datetime as dt
from itertools import count

from households.choices import Gender
from lookback.models import LookbackCampaign, LookbackRecord
from regions.models import Region
from tests.factories.people import make_id_number

_numbers = count(1)


def make_campaign(region=None, **fields) -> LookbackCampaign:
    """A round over the whole tree that is going on."""
    number = next(_numbers)
    defaults = {
        "name": f"测试批次{number}",
        "region": region or Region.objects.get(level="nation"),
        "opens_on": dt.date(2026, 10, 1),
        "fill_deadline": dt.date(2026, 12, 25),
        "report_deadline": dt.date(2026, 12, 28),
        "province_deadline": dt.date(2027, 1, 5),
    }
    return LookbackCampaign.objects.create(**defaults | fields)


def make_record(campaign, place, **fields) -> LookbackRecord:
    """A line of the list, of that village (or of a county where the village is not known)."""
    row = new_record(campaign, place, **fields)
    row.save()
    return row


def new_record(campaign, place, **fields) -> LookbackRecord:
    """The same, not saved."""
    row = LookbackRecord(
        **{
            "campaign": campaign,
            "head_name": "张石山",
            # A birth date has a thousand numbers; a list is longer.
            "head_id_number": make_id_number(f"{1930 + next(_numbers) // 900 % 60}0314"),
            "gender": Gender.MALE,
            "registered_population": 3,
            **fields,
        }
    )
    row.bind_region(place)
    return row
