"""Opening and closing online applications in a county (已开通网上申请, decision 19)."""

from django.db import transaction

from common.clock import now
from common.errors import Refusal
from regions import enabling
from regions.guards import against_enabling
from regions.models import Region


@transaction.atomic
def set_case_enabled(*, county: Region, enabled: bool, by) -> Region:
    """Open or close a county; raises Refusal with what is missing: no application may land where nobody works."""
    county = Region.objects.select_for_update(of=("self",)).get(pk=county.pk)
    if refusal := against_enabling(county, enabled):
        raise Refusal(refusal)
    county.case_enabled, county.edited_at = enabled, now()
    county.save(update_fields=["case_enabled", "edited_at"])
    enabling.notify(county, by=by)
    return county
