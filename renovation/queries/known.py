"""What is known before a step's form is filled in, so that nothing is asked twice; read only."""

import datetime as dt

from django.db.models import QuerySet
from django.utils import timezone

from artisans.models import Artisan
from households.models import Person
from renovation.choices import CaseState
from renovation.models import Case, CaseMember, CaseNode

# So many names help while one types; whoever is not among them is found by the full name all the same.
MOST_NAMES = 200


def family_size(case: Case) -> int:
    """The applicant and the family members named in the application."""
    return CaseMember.objects.filter(case=case).count() + 1


def known_traits(case: Case) -> dict[str, bool]:
    """has_veteran and has_disabled where the ledger knows of somebody in the family; what it does not know is left out.

    The columns of a person say 否 for whoever nobody asked, so only 是 is knowledge (domain §4.6).
    """
    members = CaseMember.objects.filter(case=case).values_list("id_index", flat=True)
    indexes = [index for index in (case.applicant_id_index, *members) if index]
    traits = Person.objects.filter(id_index__in=indexes).values_list("is_veteran", "is_disabled")
    veterans, disabled = zip(*traits, strict=True) if traits else ((), ())
    return {name: True for name, told in (("has_veteran", veterans), ("has_disabled", disabled)) if any(told)}


def appraised_on(case: Case) -> dt.date | None:
    """The day on which the last 认定 was decided: a review cannot have been held before it (V12, DQ46)."""
    node = _last_handled(case, CaseState.PENDING_APPRAISAL)
    return timezone.localtime(node.handled_at).date() if node else None


def township_opinion(case: Case) -> CaseNode | None:
    """The audit that the county now judges: the township's last handled 审核, or None."""
    return _last_handled(case, CaseState.PENDING_TOWNSHIP_AUDIT)


def _last_handled(case: Case, code: str) -> CaseNode | None:
    return CaseNode.objects.filter(case=case, code=code, handled_at__isnull=False).order_by("-seq").first()


def artisans_of(case: Case) -> QuerySet[Artisan]:
    """The craftsmen of the house's county; whoever may see the case may see its county's directory (domain §9.3)."""
    return Artisan.objects.filter(region_key__range=case.county.key_range).select_related("region")
