from datetime import timedelta

import pytest

from common.clock import today
from renovation.actions.payments import record_payment
from renovation.choices import ApplicationState, CaseState
from renovation.models import Case
from tests.access.conftest import town
from tests.factories.renovation import make_draft, make_villager, make_world
from tests.hostile.inventory import Desk
from tests.renovation.step_answers import at, with_project
from tests.shared import shared_rows

__all__ = ["town"]


@pytest.fixture(scope="module")
def desk(django_db_setup, django_db_blocker, tmp_path_factory):
    """A case with its project, a draft and the people around them, made once for a module; forms save nothing."""
    with shared_rows(django_db_blocker, tmp_path_factory.mktemp("desk")):
        world = make_world()
        # Works begun and money paid: only then does 终止 ask what becomes of the money.
        begun = {"start_date": today() - timedelta(days=30), "approved_on": today() - timedelta(days=60)}
        case = with_project(
            at(world, CaseState.PENDING_COMPLETION), **begun, application_state=ApplicationState.APPROVED
        )
        record_payment(project=case.project, by=world.officer, paid_on=today(), amount=100, payee="张石山")
        villager = make_villager(world.village, "李石水")
        draft = make_draft(villager, world.village, photos=0)
        yield Desk(world, Case.objects.select_related("project").get(pk=case.pk), draft, villager)
