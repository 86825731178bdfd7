"""T-04: while no audit row can be written nothing is done, everything can be read, and it is told."""

import logging

import pytest
from django.db import connection
from django.test import Client

from accounts.actions import audit
from accounts.actions.audit import CLOSED, chain_audit
from accounts.models import AuditEntry, User
from common import clock
from common.errors import Unavailable
from renovation.models import Case
from tests.factories.accounts import PASSWORD
from tests.factories.renovation import acceptance, make_case, make_world, take_step
from tests.renovation.pages import case_url, post_step

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.proof]
# What can stand in the way of a row, and how it is taken away again.
CLOSINGS = {
    "table gone": (
        "ALTER TABLE accounts_auditentry RENAME TO away",
        "ALTER TABLE away RENAME TO accounts_auditentry",
    ),
    "refused by a trigger": (
        "CREATE TRIGGER closed BEFORE INSERT ON accounts_auditentry FOR EACH ROW EXECUTE FUNCTION anju_refuse_change()",
        "DROP TRIGGER closed ON accounts_auditentry",
    ),
    "queue gone": (
        "ALTER TABLE accounts_auditpending RENAME TO away",
        "ALTER TABLE away RENAME TO accounts_auditpending",
    ),
}


@pytest.fixture(params=CLOSINGS)
def closed(request, town):
    close, reopen = CLOSINGS[request.param]
    _run(close)
    yield
    _run(reopen)


@pytest.fixture
def town(transactional_db):
    world = make_world()
    world.officer.set_password(PASSWORD)
    world.officer.save()
    world.case = make_case(world)
    return world


def _run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _state():
    return [
        list(Case.objects.order_by("pk").values_list("pk", "state", "version", "office_id")),
        list(User.objects.order_by("pk").values_list("pk", "password", "status")),
    ]


def _officer(town):
    client = Client()
    client.force_login(town.officer)
    return client


def test_writes_are_refused_reads_work_and_it_is_told(closed, town, caplog, tried):
    client, before = _officer(town), _state()
    with caplog.at_level(logging.CRITICAL, logger="anju.audit"):
        answers = [
            Client().post("/staff/login/", {"username": town.officer.username, "password": PASSWORD}),
            Client().post("/staff/login/", {"username": town.officer.username, "password": "wrong"}),
            post_step(client, town.case, acceptance()),
            client.post(
                "/staff/account/password/",
                {"old_password": PASSWORD, "new_password": "Qmx-7781-zz", "repeated": "Qmx-7781-zz"},
            ),
        ]
    for number, answer in enumerate(answers):
        assert answer.status_code in (200, 409, 503), (number, answer.status_code)
        assert CLOSED in answer.content.decode(), number
    assert _state() == before
    told = [record for record in caplog.records if record.name == "anju.audit"]
    assert len(told) == len(answers)
    assert not any(town.officer.username in record.getMessage() for record in told)

    pages = ("/staff/", "/staff/account/", "/staff/messages/", case_url(town.case))
    assert [client.get(page).status_code for page in pages] == [200] * len(pages)
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["audit"] != "ok") == (200, True)
    tried("T-04", len(answers) + len(pages), "writes and reads while no audit row can be written", CONTROL)


CONTROL = "test_control_without_the_row_the_case_goes_on"


def test_control_without_the_row_the_case_goes_on(town, monkeypatch):
    """The row left out: with the trail closed the case moves, and nobody will ever know who did it."""
    _run(CLOSINGS["table gone"][0])
    try:
        with pytest.raises(Unavailable, match="操作记录暂时无法写入"):
            take_step(town.case, by=town.officer, answers=acceptance())
        monkeypatch.setattr(audit, "record", lambda **said: None)
        take_step(town.case, by=town.officer, answers=acceptance())
    finally:
        _run(CLOSINGS["table gone"][1])
    assert Case.objects.get(pk=town.case.pk).state != town.case.state


def test_leaving_works_though_it_cannot_be_written_down(closed, town):
    """Somebody at a shared desk must get out; what is done without a trail is only what takes rights away."""
    client = _officer(town)
    assert client.post("/logout/").status_code == 302
    assert client.get("/staff/account/").status_code == 302


def test_rows_left_unchained_are_reported(town, client):
    with clock.freeze(clock.now() - clock.dt.timedelta(minutes=2)):
        audit.record(by=town.officer, action="login")
    assert client.get("/readyz").json()["audit"] == "UnchainedRows"
    while chain_audit():
        pass
    assert client.get("/readyz").json()["audit"] == "ok"
    assert AuditEntry.objects.filter(action="probe").count() == 0
