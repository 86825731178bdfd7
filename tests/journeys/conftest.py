import pytest
from django.core.management import call_command


@pytest.fixture(autouse=True)
def nothing_is_broken(transactional_db):
    """Every journey ends by asking the whole database whether a rule was broken (invariants I1–I5, I9)."""
    yield
    # A violated invariant ends the command with an exit code.
    call_command("check_invariants")
