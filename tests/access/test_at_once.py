"""A-06: whoever loses a right, a unit, an account or a password is out at the next request, not at the next login."""

import pytest

from accounts.actions.accounts import cancel_account, change_account, reset_password
from accounts.choices import Duty
from accounts.models import Office, User
from renovation.choices import CaseState
from renovation.models import Case
from tests.access.asking import everything
from tests.access.table import filled
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db


def change(town, **changes):
    user = User.objects.get(pk=town.users["township"].pk)
    said = {"office": user.office, "display_name": user.display_name, "phone": user.phone, "duties": list(user.duties)}
    change_account(by=town.users["county"], user=user, **said | changes)


ACTS = {
    "duty removed": lambda town: change(town, duties=[Duty.READ_ONLY]),
    "office moved": lambda town: change(town, office=Office.objects.get(region=town.village())),
    "account cancelled": lambda town: cancel_account(
        by=town.users["county"], user=town.users["township"], reason="调离"
    ),
    "password reset": lambda town: reset_password(by=town.users["county"], user=town.users["township"]),
}


@pytest.fixture(autouse=True)
def _colleague(town, db):
    """An open county keeps somebody who decides: a colleague stays when the account of the test goes."""
    make_user(office=User.objects.get(pk=town.users["township"].pk).office)


@pytest.mark.parametrize("act", ACTS)
def test_next_request_is_refused_after(town, act, tried):
    client, path = town.client("township"), filled("staff/claims/<uuid:uid>/", town.values["home"]["claim"])
    assert client.get(path).status_code == 200
    body = everything(town, "township", path, town.values["home"]["claim"])
    ACTS[act](town)
    for answer in (client.post(path, body), client.get(path), client.get("/admin/")):
        assert answer.status_code == 302
        assert "/login/" in answer["Location"]
    town.claims["villager"].refresh_from_db()
    assert town.claims["villager"].confirmed_at is None
    tried("A-06", 3, "requests right after a right was lost", "test_twin_without_a_change_goes_on")


def test_twin_without_a_change_goes_on(town):
    client, path = town.client("township"), filled("staff/claims/<uuid:uid>/", town.values["home"]["claim"])
    change(town)
    assert client.get(path).status_code == 200


def test_officer_of_a_case_that_was_taken_away_cannot_finish_it(town):
    """The form lies open, the duty goes, the form is sent: nothing happens to the case."""
    values = town.values["home"]["officers_case"]
    path = filled("staff/cases/<uuid:uid>/step/", values)
    client, body = town.client("county"), everything(town, "county", path, values)
    user = town.users["county"]
    user.duties = [Duty.ENTRY]
    user.save(update_fields=["duties"])
    client.post(path, body)
    assert Case.objects.get(uid=values["<uuid:uid>"]).state == CaseState.PENDING_ACCEPTANCE
