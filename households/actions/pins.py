"""The four digits that protect a person of a shared phone (decision 18): set, tried, shut, forgotten (ADR 0062)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from accounts.actions import audit
from common.clock import now
from common.errors import Refusal
from households.models import Claim

# Ten thousand possibilities: five guesses, then a pause that doubles up to a day (ADR 0062 counts them).
GUESSES = 5
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=15), timedelta(days=1)


@dataclass(frozen=True)
class PinTry:
    """What one try led to: open, or how many guesses are left until the pause, or until when it is shut."""

    opens: bool
    left: int = 0
    locked_until: datetime | None = None


@transaction.atomic(savepoint=False)
def set_pin(*, claim: Claim, pin: str, by) -> None:
    """Protect a person of a shared phone with four digits; an empty pin takes the protection away."""
    if pin and not (len(pin) == 4 and pin.isascii() and pin.isdigit()):
        raise Refusal("请输入4位数字")
    claim.pin_hash, claim.pin_forgotten_at = make_password(pin) if pin else "", None
    claim.save(update_fields=["pin_hash", "pin_forgotten_at"])
    audit.record(by=by, action="claim.pin_changed", target=claim, region=claim.home_region)


@transaction.atomic
def say_forgotten(*, claim: Claim, by) -> None:
    """The holder of the phone says that the digits are forgotten: the village sees it among those to be met."""
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    if claim.pin_hash and claim.pin_forgotten_at is None:
        claim.pin_forgotten_at = now()
        claim.save(update_fields=["pin_forgotten_at"])
        audit.record(by=by, action="claim.pin_forgotten", target=claim, region=claim.home_region)


@transaction.atomic
def take_away(*, claim: Claim, by) -> bool:
    """Take forgotten digits away from a person whom `by` has just met; False when nobody had said so."""
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    if claim.pin_forgotten_at is None:
        return False
    claim.pin_hash, claim.pin_forgotten_at, claim.pin_failures, claim.pin_locked_until = "", None, 0, None
    claim.save(update_fields=["pin_hash", "pin_forgotten_at", "pin_failures", "pin_locked_until"])
    audit.record(by=by, action="claim.pin_cleared", target=claim, region=claim.home_region)
    return True


@transaction.atomic
def try_pin(*, claim: Claim, pin: str, by) -> PinTry:
    """Whether this pin opens the person; a wrong one is counted, and during the pause even the right one is not asked.

    The row is locked, so that guesses sent side by side are counted one by one. Only the right pin clears the count.
    """
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    if claim.pin_locked_until is not None and claim.pin_locked_until > now():
        return PinTry(opens=False, locked_until=claim.pin_locked_until)
    if not claim.pin_hash or check_password(pin, claim.pin_hash):
        _clear(claim)
        return PinTry(opens=True)
    return _count(claim, by)


def _clear(claim: Claim) -> None:
    if claim.pin_failures or claim.pin_forgotten_at:
        claim.pin_failures, claim.pin_locked_until, claim.pin_forgotten_at = 0, None, None
        claim.save(update_fields=["pin_failures", "pin_locked_until", "pin_forgotten_at"])


def _count(claim: Claim, by) -> PinTry:
    claim.pin_failures += 1
    rounds, used = divmod(claim.pin_failures, GUESSES)
    claim.pin_locked_until = None if used else now() + _pause(rounds)
    claim.save(update_fields=["pin_failures", "pin_locked_until"])
    action = "claim.pin_wrong" if used else "claim.pin_locked"
    changes = {"failures": claim.pin_failures}
    audit.record(by=by, action=action, target=claim, region=claim.home_region, changes=changes)
    return PinTry(opens=False, left=(GUESSES - used) % GUESSES, locked_until=claim.pin_locked_until)


def _pause(rounds: int) -> timedelta:
    # The exponent is cut off as well: a patient guesser must not make the number overflow.
    return min(FIRST_PAUSE * 2 ** min(rounds - 1, 10), LONGEST_PAUSE)
