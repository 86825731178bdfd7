"""What people agreed to: which text, in which version, when and from where (domain §15.2)."""

from uuid import UUID

from django.db import transaction

from accounts.actions import audit
from accounts.models import Consent
from common import clock, context
from common.crypto import sm3


@transaction.atomic
def agree(*, by, who: UUID, notice: str, version: str, text: str) -> Consent:
    """Write down that `who` agreed to this very text; the same text agreed to again keeps the first row."""
    digest = sm3(text.encode())
    known = Consent.objects.filter(who=who, notice=notice, version=version, text_hash=digest).first()
    if known is not None:
        return known
    consent = Consent.objects.create(
        who=who, notice=notice, version=version, text_hash=digest, ip=context.current().ip, at=clock.now()
    )
    audit.record(by=by, action="consent.given", target=consent, changes={"notice": notice, "version": version})
    return consent
