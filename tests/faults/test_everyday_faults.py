"""The three faults that every run tries: a web worker killed, Redis lost, PostgreSQL restarted (F01, F08, F10).

At least twenty people work meanwhile; afterwards their journal and the invariants I1–I5, I7–I10 are held against the
database. Scaled to one machine of two cores: F01 has 42 kills at known statements and 40 under load for the
catalogue's 500 and 200 (the rest of the enumeration is the crash points of tests/races); F08 and F10 have 20 rounds.
"""

import random
import signal
import time

import psutil
import pytest

from tests.faults import nemesis
from tests.faults.load import Load
from tests.faults.site import until
from tests.faults.steps import ready_to_accept, ready_to_submit
from tests.faults.verdict import broken, findings
from tests.faults.visitors import Visitor
from tests.scale import some

# Where a submit writes, in its order, and an acceptance.
SUBMIT = ["accounts_submission", "renovation_caseevent", "accounts_auditentry"]
SUBMIT += some([], ["renovation_case", "renovation_casenode", "renovation_casenumber", "accounts_message"])
ACCEPT = some(["households_household"], ["accounts_submission", "renovation_case", "renovation_casenode"])
ACCEPT += some([], ["households_household", "households_person", "accounts_auditentry", "accounts_message"])
EACH = some(1, 3)


@pytest.mark.parametrize("table", SUBMIT)
def test_submit_whose_worker_is_killed_did_not_happen_and_happens_once_on_the_retry(site, tried, table):
    for who in site.inside("people", count=EACH):
        visitor, url, fields = ready_to_submit(site.port, who)
        answer = nemesis.killed_in_the_middle(site, visitor, url, fields, table)
        assert answer.status == 0 and answer.was_sent
        assert _moves(site, who, "submit") == 0
        assert broken(site) == []
        assert [visitor.post(url, fields).location for _ in range(2)] == [f"/cases/{who['case']}/done/"] * 2
        assert _moves(site, who, "submit") == 1
    assert broken(site) == []
    tried("F01", EACH, "web workers killed -9 in the middle of a submit", CONTROL_KILLED)


@pytest.mark.parametrize("table", ACCEPT)
def test_acceptance_whose_worker_is_killed_did_not_happen_and_happens_once_on_the_retry(site, tried, table):
    for who in site.inside("people", count=EACH):
        officer, url, fields = ready_to_accept(site, who)
        answer = nemesis.killed_in_the_middle(site, officer, url, fields, table)
        assert answer.status == 0 and answer.was_sent
        assert _moves(site, who, "accept") == 0
        assert broken(site) == []
        assert {officer.post(url, fields).status for _ in range(2)} == {302}
        assert _moves(site, who, "accept") == 1
    assert broken(site) == []
    tried("F01", EACH, "web workers killed -9 in the middle of an acceptance", CONTROL_KILLED)


def _moves(site, who: dict, move: str) -> int:
    return site.inside("facts", cases=[who["case"]], photos=[])["cases"][who["case"]].get(move, 0)


def test_no_signal_goes_to_a_process_that_is_not_the_sites_own(site, monkeypatch):
    with pytest.raises(AssertionError):
        site.kill_child("web", psutil.Process())
    # Another process than the one behind the pid file and the socket.
    for server in ("postgres", "redis"):
        monkeypatch.setitem(site.running, server, site.running["web"])
        with pytest.raises(AssertionError):
            site.signal(server, signal.SIGINT)
    assert site.own("web")


CONTROL_KILLED = "test_control_without_transactions_a_killed_submit_is_torn"


def test_control_without_transactions_a_killed_submit_is_torn(site, beside):
    with beside(WITHOUT="transactions") as (port, inside):
        (who,) = inside("people", count=1)
        visitor, url, fields = ready_to_submit(port, who)
        nemesis.killed_in_the_middle(site, visitor, url, fields, "accounts_auditentry", name="control", database="twin")
        assert {wrong[0] for wrong in inside("invariants")["wrong"]} & {"I1", "I2", "I3"}


def test_workers_killed_under_load_hurt_only_who_they_were_answering(site, tried):
    kills, load = some(3, 40), Load(site)
    load.bring(site.inside("people", count=some(80, 400)))
    hits = []
    with load:
        time.sleep(1)
        for _ in range(kills):
            time.sleep(random.uniform(1.5, 3))
            workers = until(lambda: (both := site.children("web"))[1:] and both, 20, "nobody took the dead one's place")
            hits.append(time.monotonic())
            site.kill_child("web", random.choice(workers))
        time.sleep(2)
    assert findings(site, load) == []
    # Only what was on its way at that moment; a second later everybody is served again.
    hurt = load.troubles()
    assert [one for one in hurt if not any(one.sent_at - 1 < hit < one.sent_at + one.answer.took for hit in hits)] == []
    # Nobody twice by one kill: on two busy cores all of them may be waiting at that moment.
    assert len(hurt) <= load.users * kills
    assert {one.answer.status for one in hurt} <= {0}
    tried("F01", kills, f"web workers killed -9 under the load of {load.users} people", CONTROL_KILLED)


# F08: Redis killed, away, back and empty.


def test_redis_killed_and_back_empty_stops_no_page_and_loses_no_work(site, tried):
    rounds = some(1, 20)
    site.start_worker("worker-1")
    site.start_beat("beat-1")
    try:
        for number in range(rounds):
            load = Load(site)
            load.bring(site.inside("people", count=some(40, 60)))
            # The first time as long as the catalogue asks for.
            away = 60 if rounds > 1 and number == 0 else 2
            with load:
                site.inside("promise", count=3)
                nemesis.lose_redis(site, away)
                site.inside("promise", count=3)
                until(lambda: site.open_promises() == 0, 120, "promised work was lost with Redis")
            assert load.troubles() == []
            assert findings(site, load) == []
            assert load.of("submit", "ok")
        assert site.ask("SELECT count(*) FROM accounts_outboxentry WHERE state = 'done' AND attempts = 1")[0] > 0
    finally:
        site.finish("beat-1")
        site.finish("worker-1")
    tried("F08", rounds, "times Redis was killed and came back empty under load", CONTROL_FORGOTTEN)


def test_page_says_ready_while_redis_is_away(site):
    site.kill("redis")
    answer = Visitor(site.port).get("/readyz")
    site.start_server("redis")
    assert answer.status == 200
    assert '"redis": "ConnectionError"' in answer.text


CONTROL_FORGOTTEN = "test_control_with_sessions_in_redis_everybody_is_logged_out"


def test_control_with_sessions_in_redis_everybody_is_logged_out(site, beside):
    with beside(WITHOUT="database_sessions") as (port, inside):
        (who,) = inside("people", count=1)
        visitor = Visitor(port, who["session"])
        assert visitor.get("/cases/").status == 200
        nemesis.lose_redis(site, 0)
        assert visitor.get("/cases/").location.startswith("/login/")


# F10: PostgreSQL restarted.


FAST, IMMEDIATE = signal.SIGINT, signal.SIGQUIT


def was_under_way(one, went: float, back: float) -> bool:
    """Whether the request was sent before the database was back, and not yet answered when it went."""
    return one.sent_at < back and one.sent_at + one.answer.took > went


@pytest.mark.parametrize("ways", some([[FAST, IMMEDIATE]], [[FAST] * 10, [IMMEDIATE] * 10]))
def test_postgres_restarted_under_load_is_a_503_for_a_moment(site, tried, ways):
    load, away = Load(site), []
    load.bring(site.inside("people", count=some(60, 400)))
    with load:
        for how in ways:
            time.sleep(some(2, 4))
            away.append(nemesis.restart_postgres(site, how))
        time.sleep(some(2, 4))
    troubles = load.troubles()
    assert troubles, "nobody noticed, so nothing was tried"
    assert {one.answer.status for one in troubles} == {503}
    # Whoever asks after it is back gets an answer: old connections are looked at before they are used.
    assert [one for one in troubles if not any(was_under_way(one, *gap) for gap in away)] == []
    assert findings(site, load) == []
    for how, name in ((FAST, "fast"), (IMMEDIATE, "immediate")):
        if count := ways.count(how):
            tried("F10", count, f"{name} restarts of PostgreSQL under the load of {load.users} people", CONTROL_STALE)


CONTROL_STALE = "test_control_without_health_checks_old_connections_fail"


def test_control_without_health_checks_old_connections_fail(site, beside):
    with beside(WITHOUT="health_checks") as (port, inside):
        (who,) = inside("people", count=1)
        visitors = [Visitor(port, who["session"]), Visitor(site.port, site.inside("people", count=1)[0]["session"])]
        for visitor in visitors:
            assert {visitor.get("/cases/").status for _ in range(8)} == {200}
        nemesis.restart_postgres(site, signal.SIGINT, 0)
        without, with_them = ({visitor.get("/cases/").status for _ in range(8)} for visitor in visitors)
        assert 503 in without
        assert with_them == {200}
