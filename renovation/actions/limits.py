"""Changes of limits and of the ladder in the admin pages take effect on the steps already open (domain §14.1)."""

from uuid import uuid4

from django.db import transaction

from accounts.actions import audit
from renovation.actions.clock import recompute_later
from renovation.models import DeadlineRule, LadderRung


@transaction.atomic
def save_rule(*, rule: DeadlineRule, by) -> DeadlineRule:
    """Store a county's shorter limit; its open steps follow. ValidationError when it is longer than the law's."""
    rule.full_clean()
    rule.save()
    _note(rule, by, "deadline.saved", {"amount": rule.amount, "warn_before": rule.warn_before})
    return rule


@transaction.atomic
def remove_rule(*, rule: DeadlineRule, by) -> None:
    """Back to the limit of the law in that county; open steps follow."""
    _note(rule, by, "deadline.removed", {"amount": rule.amount})
    rule.delete()


def _note(rule: DeadlineRule, by, action: str, changes: dict) -> None:
    audit.record(by=by, action=action, target=rule, region=rule.region, changes={"step": rule.step, **changes})
    recompute_later(rule.region, by=by, cause="rule", token=uuid4().hex)


@transaction.atomic
def save_rung(*, rung: LadderRung, by) -> LadderRung:
    """Store a rung of the ladder; every open step is looked at again. A rung climbed before is not climbed twice."""
    rung.full_clean()
    rung.save()
    changes = {"offset": rung.offset, "target": rung.target, "is_active": rung.is_active}
    audit.record(by=by, action="ladder.saved", target=rung, changes=changes)
    recompute_later(None, by=by, cause="ladder", token=uuid4().hex)
    return rung
