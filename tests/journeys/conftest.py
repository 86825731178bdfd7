import pytest
from django.core.management import call_command


@pytest.fixture(autouse=True)
def nothing_is_broken(transactional_db):
    """Every journey ends by asking the whole database whether a rule was broken (invariants I1–I5, I9)."""
    yield
    try:
        call_command("check_invariants")
    except SystemExit:
        # As an exit it would end the whole tear-down, and every test after this one would find the leftovers.
        pytest.fail("check_invariants found something; its report stands in the captured output")
