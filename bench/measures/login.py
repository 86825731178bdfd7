from collections.abc import Iterator

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from bench.result import Result, cpu_milliseconds
from config.hashers import TunedArgon2


def measure(cases: int) -> Iterator[Result]:
    ours, ordinary = (_verify(hasher) for hasher in (TunedArgon2(), PBKDF2PasswordHasher()))
    yield Result("login_cost", ours, "ms CPU", ordinary, "Django's default", "≤ 80 ms CPU", ours <= 80)


def _verify(hasher) -> float:
    stored = hasher.encode("Anju-2026-bench", hasher.salt())
    return cpu_milliseconds(lambda: hasher.verify("Anju-2026-bench", stored), times=5)
