"""A-12: with the scope taken out the sweep goes red at every address with an id: a test that cannot fail is none."""

import pytest

from accounts.models import Message
from households.models import Claim
from regions.scope import RegionScopedQuerySet
from renovation.models import Case
from tests.access.table import TABLE
from tests.access.test_sweep import WITH_OBJECT, faults, town  # noqa: F401
from tests.scale import some

pytestmark = pytest.mark.django_db


@pytest.fixture
def open_house(monkeypatch):
    """Every fence between a person and a row is down; the doors (who is staff, who has the duty) still stand."""
    monkeypatch.setattr(RegionScopedQuerySet, "visible_to", lambda rows, user: rows.all())
    monkeypatch.setattr("applicants.access.is_applicant", lambda user, case: True)
    for module in ("accounts.views.messages", "workbench.views.home"):
        monkeypatch.setattr(f"{module}.inbox", lambda user: Message.objects.all())
    monkeypatch.setattr("applicants.views.people.claims_of", lambda user: Claim.objects.all())
    monkeypatch.setattr("households.queries.owners_visible_to", lambda user, kind: Case.objects.all())


TWIN = "test_twin_with_the_scope_in_place_finds_nothing"
SCOPED = [one for one in WITH_OBJECT if TABLE[one]["view"] != "admin"]


# Every fourth of them in each run, which is one of every kind of view; all of them in the long runs.
@pytest.mark.parametrize("address", some(SCOPED[::4], SCOPED))
def test_sweep_notices_a_view_without_its_scope(town, open_house, address, tried):  # noqa: F811
    assert faults(town, address, "get") or faults(town, address, "post")
    tried(
        "A-12",
        1,
        "views opened to strangers, each seen by the sweep",
        "test_twin_with_the_scope_in_place_finds_nothing",
    )


@pytest.mark.parametrize("address", ["staff/cases/<uuid:uid>/", "apply/<uuid:uid>/check/", "files/<uuid:uid>/"])
def test_twin_with_the_scope_in_place_finds_nothing(town, address):  # noqa: F811
    assert faults(town, address, "get") == {}
