"""Projects of the register without the steps that lead there, for what is only about the project and its money."""

from decimal import Decimal

from django.db import transaction

from common.clock import today
from renovation.choices import ApplicationState, ArchiveState, FundLevel, ProjectSource, RenovationType
from renovation.models import Case, FundingLine, RenovationProject


@transaction.atomic
def make_project(case: Case, *, is_linked: bool = True, central=20_000, county=6_000, **columns) -> RenovationProject:
    """An accepted project of the case's family with its funding lines in 元; 0 and 0: neither lines nor acceptance."""
    granted = Decimal(central) + Decimal(county)
    values = {
        "household": case.household,
        "case": case if is_linked else None,
        "source": ProjectSource.ONLINE_CASE,
        "plan_year": today().year,
        "type": RenovationType.RENOVATION,
        "application_state": ApplicationState.APPROVED,
        "archive_state": ArchiveState.APPROVED if granted else ArchiveState.TO_FILL,
        "approved_on": today(),
        "start_date": today() if granted else None,
        "accepted_on": today() if granted else None,
        "government_total": granted,
        "total": granted,
    }
    project = RenovationProject(**{**values, **columns})
    project.bind_region(case.region)
    project.save()
    for level, amount in ((FundLevel.CENTRAL, central), (FundLevel.COUNTY, county)):
        if granted:
            FundingLine.objects.create(project=project, level=level, amount=Decimal(amount))
    return project
