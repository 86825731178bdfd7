"""A county's own limit: shorter than the law's, and at least a day (domain §14.1)."""

import pytest
from django.core.exceptions import ValidationError

from renovation.actions.limits import save_rule
from renovation.models import DeadlineRule
from tests.factories.renovation import make_case, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


@pytest.mark.parametrize(("step", "amount"), [("pending_acceptance", 0), ("pending_acceptance", 4), ("draft", 1)])
def test_a_limit_of_no_day_or_longer_than_the_laws_is_refused(world, step, amount):
    with pytest.raises(ValidationError):
        save_rule(rule=DeadlineRule(step=step, region=world.county, amount=amount), by=world.officer)


def test_a_shorter_limit_counts_for_new_cases(world):
    save_rule(rule=DeadlineRule(step="pending_acceptance", region=world.county, amount=1), by=world.officer)
    ours = make_case(world)
    DeadlineRule.objects.all().delete()
    law = make_case(world)
    assert ours.due_at < law.due_at
