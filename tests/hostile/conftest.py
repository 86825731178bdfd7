import pytest

from renovation.choices import CaseState
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
        case = with_project(at(world, CaseState.PENDING_COMPLETION))
        villager = make_villager(world.village, "李石水")
        draft = make_draft(villager, world.village, photos=0)
        yield Desk(world, Case.objects.select_related("project").get(pk=case.pk), draft, villager)
