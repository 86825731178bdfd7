"""F16: one process has a wrong clock (an hour, a day, more than a year), all others and the database the right one.

libfaketime is not part of the locked environment, so the jump is made inside the process before it serves anything:
`time.time` and Django's clock, from which the house clock, sessions, tokens and timers read. FULL=1 only.
"""

import pytest

from tests.faults.inside import Inside
from tests.faults.site import until
from tests.faults.steps import ready_to_accept, ready_to_submit
from tests.faults.verdict import broken
from tests.faults.visitors import Visitor
from tests.scale import FULL

pytestmark = pytest.mark.skipif(not FULL, reason="takes minutes: FULL=1")
HOUR, DAY = 3600, 86_400
JUMPS = {"an hour ahead": HOUR, "an hour behind": -HOUR, "a day ahead": DAY, "a day behind": -DAY}
JUMPS["400 days ahead"] = 400 * DAY
CONTROL = "test_control_by_the_workers_own_clock_everything_is_late_at_once"
KEPT = [
    "renovation_case",
    "renovation_casenode",
    "renovation_laddernotice",
    "households_attachment",
    "households_claim",
    "accounts_submission",
    "django_session",
    "accounts_user",
]


@pytest.mark.parametrize("jump", JUMPS)
def test_web_server_with_a_wrong_clock_gives_everybody_the_right_dates(site, tried, beside, jump):
    right, wrong = site.inside("people", count=2)
    with beside(CLOCK_JUMP=str(JUMPS[jump]), DATABASE_URL=site.urls["postgres"]) as (port, inside):
        used = port
        if JUMPS[jump] > 365 * DAY:
            _assert_everybody_is_asked_first(site, port, wrong)
            used = site.port
        for filing, deciding, who in ((site.port, site.port, right), (used, used, wrong)):
            visitor, url, fields = ready_to_submit(filing, who)
            assert visitor.post(url, fields).status == 302
            officer, url, fields = ready_to_accept(site, who, port=deciding)
            assert officer.post(url, fields).status == 302
        inside("promise", count=2)
    assert _dates(site, right) == _dates(site, wrong)
    early = "SELECT count(*) FROM renovation_casenode WHERE received_at > clock_timestamp() OR handled_at < received_at"
    assert site.ask(early)[0] == 0
    # Nothing was promised for a day that is not here yet.
    later = "SELECT count(*) FROM accounts_outboxentry WHERE state = 'waiting' AND next_at > clock_timestamp()"
    assert site.ask(later)[0] == 0
    assert broken(site) == []
    tried("F16", 1, "clocks of a web server that jumped", CONTROL)


def _assert_everybody_is_asked_first(site, port: int, who: dict) -> None:
    """A phone silent for a year is to be confirmed (decision 17), a password is too old (L-05): nothing is lost."""
    asked = Visitor(port, who["session"]).get(f"/apply/{who['case']}/check/")
    assert asked.location.startswith("/people/")
    asked = Visitor(port, site.inside("staff")[0]["session"]).get("/staff/cases/")
    assert asked.location.startswith("/staff/account/password/")


def _dates(site, who: dict) -> tuple:
    """Due dates of both steps and the day they were received, by the database's own calendar."""
    sql = (
        "SELECT array_agg((n.code, n.due_on, n.received_at::date)::text ORDER BY n.seq) FROM renovation_casenode n "
        "JOIN renovation_case c ON c.id = n.case_id WHERE c.uid = %s"
    )
    return site.ask(sql, who["case"])


@pytest.mark.parametrize("jump", JUMPS)
def test_worker_with_a_wrong_clock_reminds_nobody_and_deletes_nothing(site, tried, jump):
    (who,) = site.inside("people", count=1)
    visitor, url, fields = ready_to_submit(site.port, who)
    assert visitor.post(url, fields).status == 302
    # A session as they are given out, besides those of the load that last longer.
    site.ask("INSERT INTO django_session VALUES (md5(random()::text), '', clock_timestamp() + interval '12 hours')")
    before = _counted(site)
    _run_every_timer(site, site.inside, CLOCK_JUMP=str(JUMPS[jump]))
    assert _counted(site) == before
    assert site.ask("SELECT count(*) FROM renovation_casenode WHERE is_overdue")[0] == 0
    assert broken(site) == []
    tried("F16", 1, "clocks of a worker that jumped, every timer run by it", CONTROL)


def _counted(site) -> dict:
    return {table: site.ask(f"SELECT count(*) FROM {table}")[0] for table in KEPT}


def _run_every_timer(site, inside, **environment: str) -> None:
    name = "twin" if "DATABASE_URL" in environment else "anju"
    site.start_worker("worker-1", **environment)
    try:
        for task in inside("timers"):
            inside("send", task=task)
        # The one worker takes what is sent in its order: when this is done, all before it is.
        inside("promise", count=1)
        inside("dispatch")
        until(lambda: site.open_promises(name) == 0, 60, "the worker does not come to an end")
    finally:
        site.finish("worker-1")


def _late_after_a_worker_with_a_wrong_clock(site, **weakened: str) -> int:
    environment = {"DATABASE_URL": site.twin(), "CLOCK_JUMP": str(400 * DAY), **weakened}
    inside = Inside(site, DATABASE_URL=environment["DATABASE_URL"])
    try:
        inside("due_cases", count=200, late=0, ahead=20)
        # Due tomorrow is a reminder today, whatever the clock; what must not be is a case said to be late.
        _run_every_timer(site, inside, **environment)
        return site.ask("SELECT count(*) FROM renovation_casenode WHERE is_overdue", name="twin")[0]
    finally:
        inside.close()


def test_two_hundred_steps_are_not_late_because_a_worker_thinks_so(site, tried):
    assert _late_after_a_worker_with_a_wrong_clock(site) == 0
    tried("F16", 200, "open steps before a worker 400 days ahead", CONTROL)


def test_control_by_the_workers_own_clock_everything_is_late_at_once(site):
    assert _late_after_a_worker_with_a_wrong_clock(site, WITHOUT="database_time") == 200
