from collections.abc import Iterator

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from bench.result import Result, cpu_milliseconds
from config.hashers import TunedArgon2


def measure(cases: int) -> Iterator[Result]:
    """What a login costs, as milliseconds of processor time and as logins a second that one core can take."""
    ours, ordinary = (_verify(hasher) for hasher in (TunedArgon2(), PBKDF2PasswordHasher()))
    yield Result("login_cost", ours, "ms CPU", ordinary, "Django's default", "≤ 80 ms CPU", ours <= 80)
    # A village rush is 16.7 logins a second for half an hour (finding 11): two cores must have it to spare.
    ours, ordinary = 1000 / ours, 1000 / ordinary
    yield Result("logins_per_core", ours, "logins/s a core", ordinary, "Django's default", "≥ 12.5", ours >= 12.5)


def _verify(hasher) -> float:
    stored = hasher.encode("Anju-2026-bench", hasher.salt())
    return cpu_milliseconds(lambda: hasher.verify("Anju-2026-bench", stored), times=5)
