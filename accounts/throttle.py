"""How often a login may be tried (L-01, L-02): counters are rows, so that a lost Redis forgets nothing."""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from accounts.choices import LoginOutcome
from accounts.models import LoginAttempt
from common import clock
from common.crypto import keyed_digest

WINDOW = timedelta(minutes=15)
LOCK = timedelta(minutes=15)
MAX_FAILURES = 5
CAPTCHA_AFTER = 3
IP_CAPTCHA_AFTER = 10
IP_LIMIT, BLOCK_LIMIT = 20, 30
# Seconds to wait after so many failures: nobody notices the first, a machine notices all of them.
DELAYS = {0: 0, 1: 0, 2: 2, 3: 4, 4: 8}
FAILED = (LoginOutcome.WRONG, LoginOutcome.STARTED)
LOCK_CLASS = 7_310


@dataclass(frozen=True)
class Gate:
    """What the counters say about one more try: may it be read at all, and what is the person told."""

    failures: int
    opens_at: datetime | None = None
    is_network_busy: bool = False
    needs_captcha: bool = False

    @property
    def tries_left(self) -> int:
        return max(0, MAX_FAILURES - self.failures)

    @property
    def is_open(self) -> bool:
        return self.opens_at is None and not self.is_network_busy


def subject_of(username: str) -> str:
    """The counter's name for what was typed: a keyed hash, whether or not such an account exists."""
    return keyed_digest("login subject", username.strip().lower().encode())


def block_of(ip: str) -> str:
    """The neighbourhood of an address: /24, or /64 for IPv6."""
    address = ipaddress.ip_address(ip)
    return str(ipaddress.ip_network((address, 24 if address.version == 4 else 64), strict=False))


def lock_counters(subject: str, ip: str) -> None:
    """Let one try at a time read and raise these counters, until the transaction ends: parallel guesses queue up."""
    numbers = sorted(int(keyed_digest("login lock", name.encode())[:7], 16) for name in (subject, block_of(ip)))
    with connection.cursor() as cursor:
        for number in numbers:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_CLASS, number])


def gate(*, subject: str, ip: str, is_known_device: bool) -> Gate:
    """Judge the next try. A known device is judged by its own failures only, so that strangers cannot lock it out."""
    now = clock.now()
    times = _failures_of(subject, is_known_device, now)
    own, opens_at = _lock_state(times, now)
    if is_known_device:
        return Gate(own, opens_at, needs_captcha=own >= CAPTCHA_AFTER)
    from_ip, from_block = _failures_from(ip, now)
    busy = from_ip >= IP_LIMIT or from_block >= BLOCK_LIMIT
    return Gate(own, opens_at, busy, own >= CAPTCHA_AFTER or from_ip >= IP_CAPTCHA_AFTER)


def _failures_of(subject: str, is_known_device: bool, now: datetime) -> list[datetime]:
    """Times of the failures since the last success, newest first, as far back as a lock can reach."""
    # The owner's success on a known device must not give strangers their five guesses again.
    tries = LoginAttempt.objects.filter(subject=subject, is_known_device=is_known_device, at__gt=now - WINDOW - LOCK)
    times = []
    for outcome, at in tries.order_by("-at", "-id").values_list("outcome", "at"):
        if outcome == LoginOutcome.OK:
            break
        times.append(timezone.localtime(at))
    return times


def _lock_state(times: list[datetime], now: datetime) -> tuple[int, datetime | None]:
    """How many failures count at present, and until when nothing is read."""
    if len(times) >= MAX_FAILURES and times[0] - times[MAX_FAILURES - 1] <= WINDOW and times[0] + LOCK > now:
        return MAX_FAILURES, times[0] + LOCK
    recent = [at for at in times if at > now - WINDOW][: MAX_FAILURES - 1]
    opens_at = recent[0] + timedelta(seconds=DELAYS[len(recent)]) if recent else now
    return len(recent), opens_at if opens_at > now else None


def _failures_from(ip: str, now: datetime) -> tuple[int, int]:
    tries = LoginAttempt.objects.filter(
        ip_block=block_of(ip), at__gt=now - WINDOW, outcome__in=FAILED, is_known_device=False
    )
    addresses = list(tries.values_list("ip", flat=True)[:BLOCK_LIMIT])
    return addresses.count(ip), len(addresses)
