"""The demo county: cases in every state, and nothing in them that the house forbids."""

from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from regions.actions.calendar import load_days
from regions.management.commands.load_calendar import SOURCE, official_days
from regions.options import load_options
from renovation.choices import CaseState
from renovation.models import Case, CaseNode, Objection, Payment, Rating, SecondLook
from tests.factories.regions import make_tree
from workbench.demo.plan import PLAN
from workbench.demo.scenes import Scenes

COUNTY = "990101000000"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker, tmp_path_factory):
    """One demo for all tests here, in a transaction that never ends well: it takes as long as forty of them."""
    folder = tmp_path_factory.mktemp("demo")
    kept = settings.VAR_DIR, settings.MEDIA_ROOT
    settings.VAR_DIR, settings.MEDIA_ROOT = folder, folder / "media"
    with django_db_blocker.unblock(), transaction.atomic():
        make_tree()
        load_days(rows=official_days(), source=SOURCE, by=None)
        load_options()
        call_command("load_demo", county=COUNTY, stdout=StringIO())
        yield folder
        transaction.set_rollback(True)
    settings.VAR_DIR, settings.MEDIA_ROOT = kept


@pytest.fixture
def demo(made, db, settings):  # noqa: F811 - pytest-django's, for one test
    """The printed list; the files of the demo lie where it was made."""
    settings.VAR_DIR, settings.MEDIA_ROOT = made, made / "media"
    return (made / "demo-accounts.txt").read_text("utf-8")


def test_there_is_a_case_in_every_state_and_the_rules_hold(demo):
    assert set(Case.objects.values_list("state", flat=True)) == set(CaseState)
    assert Case.objects.count() == len(PLAN)
    call_command("check_invariants", stdout=StringIO())


def test_every_kind_of_turn_has_happened(demo):
    acts = {act for happened, _ in PLAN for act in happened.split()}
    assert acts == {name for name in vars(Scenes) if not name.startswith("_")} - set(Scenes.__annotations__)
    again = set(CaseNode.objects.filter(round__gte=2).values_list("code", flat=True))
    assert {"pending_review", "in_publicity", "pending_township_audit", "pending_completion"} <= again
    assert Objection.objects.filter(closed_at=None, publicity__case__state=CaseState.IN_PUBLICITY).exists()
    assert set(Rating.objects.values_list("stars", flat=True)) == {2, 5}
    assert Case.objects.filter(state=CaseState.COMPLETED, rating=None).exists()
    assert SecondLook.objects.filter(closed_at=None).exists()
    assert Payment.objects.exists()


def test_some_are_late_at_the_county_and_at_a_township_and_some_are_not(demo):
    open_cases = Case.objects.filter(closed_at=None, office__isnull=False)
    late = set(open_cases.filter(is_overdue=True).values_list("office__level", flat=True))
    in_time = set(open_cases.filter(is_overdue=False).values_list("office__level", flat=True))
    assert late == in_time == {"county", "township"}


def test_the_list_names_a_phone_for_every_state(demo):
    assert all(f"（{state.label}）" in demo for state in CaseState)


def test_once_made_it_stays_as_it_is(demo):
    told = StringIO()
    call_command("load_demo", county=COUNTY, stdout=told)
    assert "已存在" in told.getvalue()
    assert Case.objects.count() == len(PLAN)
