"""「××正在办理」: a notice to colleagues that expires by itself (usability §5.3); who submits first still wins."""

from common.clock import now
from renovation.models import Case, CaseHold
from renovation.queries.holds import LASTS


def note_opened(*, case: Case, by) -> None:
    """Remember that this officer opened the case to handle it, unless a colleague did so less than 15 minutes ago."""
    moment = now()
    known = CaseHold.objects.filter(case=case).first()
    if known is None or known.user_id == by.pk or known.at <= moment - LASTS:
        CaseHold.objects.update_or_create(case=case, defaults={"user": by, "at": moment})


def release(*, case: Case, by) -> None:
    """The officer is done with the case."""
    CaseHold.objects.filter(case=case, user=by).delete()
