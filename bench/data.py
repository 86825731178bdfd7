"""The generated county rows that lists, steps and the ladder are measured on (region tree real, everybody invented)."""

from functools import cache
from io import StringIO
from itertools import islice

from django.core.management import call_command
from django.db import connection

from accounts.models import Office, User
from regions.models import Region
from tests.factories.accounts import make_office, make_user
from tests.factories.bulk import make_open_cases

COUNTIES = 200
VILLAGES = 10


@cache
def divisions() -> None:
    """The whole national tree and calendar, once a run."""
    call_command("load_divisions", verbosity=0, stdout=StringIO())
    call_command("load_calendar", verbosity=0, stdout=StringIO())


@cache
def fill(cases: int) -> User:
    """That many open cases over 2,000 villages of 200 counties, each with an office; returns one county's officer."""
    divisions()
    places, officers = [], []
    for county in islice(Region.objects.filter(level="county", is_placeholder=False).order_by("key"), COUNTIES):
        office = make_office(county, name=f"{county.name}住建部门{county.pk}")
        officers.append(make_user(office=office))
        villages = Region.objects.filter(level="village").within(county).order_by("key")[:VILLAGES]
        places += [(village, office) for village in villages]
    for city in {office.region.parent for office in Office.objects.select_related("region__parent")}:
        if city.level == "city":
            make_user(office=make_office(city, name=f"{city.name}住建部门{city.pk}"))
    # Nine of thirty days late: near 83 in 1,000 become due in any one day's batch after a standstill.
    make_open_cases(cases, places=places, by=officers[0], late=3, ahead=27)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return officers[COUNTIES // 2]
