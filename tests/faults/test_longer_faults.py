"""Faults that take longer than an ordinary run has time for: FULL=1 only (F02, F03, F09).

Scaled to one machine of two cores: 20 restarts of the web server as in the catalogue; 20 kills of a worker for its 100
a task (the tasks share one door, the outbox).
"""

import signal
import threading
import time

import pytest

from tests.faults import nemesis
from tests.faults.inside import Inside
from tests.faults.load import Load
from tests.faults.site import until
from tests.faults.steps import ready_to_submit
from tests.faults.verdict import broken, findings
from tests.faults.visitors import Visitor
from tests.scale import FULL

pytestmark = pytest.mark.skipif(not FULL, reason="takes minutes: FULL=1")
ROUNDS = 10


# F02: restarts.


def test_rolling_restarts_under_load_are_noticed_by_nobody(site, tried):
    load = Load(site)
    load.bring(site.inside("people", count=300))
    with load:
        for _ in range(ROUNDS):
            before = {child.pid for child in site.children("web")}
            site.signal("web", signal.SIGHUP)
            until(
                lambda before=before: not before & {child.pid for child in site.children("web")}, 40, "old workers stay"
            )
            time.sleep(1)
    assert load.troubles() == []
    assert findings(site, load) == []
    tried("F02", ROUNDS, f"rolling restarts (HUP) under the load of {load.users} people", CONTROL_AT_ONCE)


def test_restarts_under_load_lose_nothing_that_was_said_to_be_done(site, tried):
    load = Load(site)
    load.bring(site.inside("people", count=300))
    with load:
        for _ in range(ROUNDS):
            time.sleep(1.5)
            site.finish("web")
            site.start_web()
    # Nobody got a failing page: an answer, or a closed door.
    assert {one.answer.status for one in load.troubles()} <= {0}
    assert findings(site, load) == []
    tried("F02", ROUNDS, f"full restarts (TERM) under the load of {load.users} people", CONTROL_AT_ONCE)


def _answer_of_one_in_the_middle(site, end):
    """Somebody's submit is under way when the web server is told to end; the lock that holds it goes a second later."""
    (who,) = site.inside("people", count=1)
    visitor, url, fields = ready_to_submit(site.port, who)
    answers = []
    with nemesis.held(site, "accounts_auditentry"):
        thread = threading.Thread(target=lambda: answers.append(visitor.post(url, fields)), daemon=True)
        thread.start()
        until(lambda: nemesis.waits(site, "accounts_auditentry"), 20, "the request never came")
        end()
        time.sleep(1)
    thread.join(40)
    if "web" in site.running:
        site.reap("web")
    site.start_web()
    return answers[0]


def test_request_under_way_at_a_restart_is_answered(site, tried):
    answers = [_answer_of_one_in_the_middle(site, lambda: site.signal("web", signal.SIGTERM)) for _ in range(5)]
    assert {answer.status for answer in answers} == {302}
    assert max(answer.took for answer in answers) < 30
    tried("F02", 5, "submits under way when the web server is told to end", CONTROL_AT_ONCE)


CONTROL_AT_ONCE = "test_control_at_an_end_without_grace_the_request_under_way_is_lost"


def test_control_at_an_end_without_grace_the_request_under_way_is_lost(site):
    assert _answer_of_one_in_the_middle(site, lambda: site.kill("web")).status == 0
    assert broken(site) == []


# F03: a worker killed in the middle of its task.


def _told(site, name="anju") -> int:
    return site.ask("SELECT count(*) FROM accounts_message WHERE kind = 'N48'", name=name)[0]


def _a_minute_passes(site, name="anju") -> None:
    """For the outbox alone: entries wait a minute before they are sent again."""
    site.ask("UPDATE accounts_outboxentry SET next_at = next_at - interval '61 seconds'", name=name)


def _kill_in_the_middle(site, inside, is_holiday: bool, *, only_child: bool, name="anju") -> None:
    with nemesis.held(site, "renovation_case", name, mode="ACCESS EXCLUSIVE"):
        # The promise itself asks no case; the worker then stands before the cases.
        inside("revise_calendar", is_holiday=is_holiday)
        assert inside("dispatch") == 1
        until(lambda: nemesis.waits(site, "renovation_case", name), 40, "the task never began")
        if only_child:
            site.kill_child("worker-1", site.children("worker-1")[0])
        else:
            site.kill("worker-1")


@pytest.fixture
def with_open_cases(site):
    load = Load(site, villagers=6, officers=0, readers=0)
    load.bring(site.inside("people", count=6))
    with load:
        until(lambda: len(load.of("submit", "ok")) == 6, 60, "nobody files")
    # Without a beat nothing is open that the tests below do not open themselves.
    site.start_worker("worker-1")
    _all_done(site, site.inside)
    yield
    if "worker-1" in site.running:
        site.finish("worker-1")


def _all_done(site, inside, name="anju", patience: float = 40) -> None:
    def is_done():
        inside("dispatch")
        return site.open_promises(name) == 0

    until(is_done, patience, "promised work is not done")


@pytest.mark.parametrize("only_child", [False, True], ids=["worker", "child"])
def test_worker_killed_in_the_middle_of_its_task_does_it_once(site, tried, with_open_cases, only_child):
    expected = []
    for is_holiday in (True, False):
        before = _told(site)
        site.inside("revise_calendar", is_holiday=is_holiday)
        _all_done(site, site.inside)
        expected.append(_told(site) - before)
    assert expected[0] > 0
    for _ in range(ROUNDS // 2):
        for is_holiday, effect in zip((True, False), expected, strict=True):
            before = _told(site)
            _kill_in_the_middle(site, site.inside, is_holiday, only_child=only_child)
            if not only_child:
                until(lambda: nemesis.is_quiet(site), 20, "the dead worker's transaction stays open")
                assert _told(site) == before
                _a_minute_passes(site)
                site.start_worker("worker-1")
            _all_done(site, site.inside)
            assert _told(site) - before == effect
    assert site.ask("SELECT max(attempts) FROM accounts_outboxentry")[0] == 2
    assert broken(site) == []
    tried("F03", ROUNDS, "workers killed -9 in the middle of a task", CONTROL_UNSENT)


CONTROL_UNSENT = "test_control_without_sending_again_a_killed_task_is_never_done"


def test_control_without_sending_again_a_killed_task_is_never_done(site):
    environment = {"WITHOUT": "resending", "DATABASE_URL": site.twin()}
    inside = Inside(site, **environment)
    site.start_worker("worker-1", **environment)
    try:
        # What the making of the world has promised.
        _all_done(site, inside, "twin")
        _kill_in_the_middle(site, inside, True, only_child=False, name="twin")
        _a_minute_passes(site, "twin")
        site.start_worker("worker-1", **environment)
        for _ in range(5):
            assert inside("dispatch") == 0
            time.sleep(1)
        assert site.open_promises("twin") == 1
    finally:
        inside.close()
        site.finish("worker-1")


# F09: Redis answers no more, or takes nothing more.


@pytest.mark.parametrize("seconds", [30])
def test_no_page_waits_for_a_redis_that_hangs(site, tried, seconds):
    site.start_worker("worker-1")
    site.start_beat("beat-1")
    load = Load(site)
    load.bring(site.inside("people", count=120))
    try:
        with load:
            time.sleep(8)
            began = time.monotonic()
            site.signal("redis", signal.SIGSTOP)
            try:
                site.inside("promise", count=3)
                time.sleep(seconds)
            finally:
                # It hangs, so it cannot be asked for its number; it is our child and was not reaped.
                site.running["redis"].send_signal(signal.SIGCONT)
            until(lambda: site.open_promises() == 0, 120, "work was lost while Redis hung")
        _assert_fast(site, load, began)
    finally:
        site.finish("beat-1")
        site.finish("worker-1")
    tried("F09", seconds, "seconds of a hanging Redis under load", CONTROL_WAITS)


def test_no_page_notices_a_redis_that_is_full(site, tried):
    import redis

    site.start_worker("worker-1")
    site.start_beat("beat-1")
    load = Load(site)
    load.bring(site.inside("people", count=60))
    client = redis.Redis.from_url(site.urls["redis"])
    try:
        with load:
            time.sleep(8)
            began = time.monotonic()
            client.config_set("maxmemory", "1")
            with pytest.raises(redis.exceptions.ResponseError):
                client.set("one", "more")
            site.inside("promise", count=3)
            time.sleep(8)
            assert site.open_promises() > 0
            client.config_set("maxmemory", "256mb")
            _all_done(site, site.inside, patience=120)
        _assert_fast(site, load, began)
    finally:
        client.close()
        site.finish("beat-1")
        site.finish("worker-1")
    tried("F09", 1, "Redis without memory under load", CONTROL_WAITS)


def _assert_fast(site, load, began: float) -> None:
    """No page waits for Redis for more than half a second, so the slow ones stay what they were (2 s at most)."""
    before, since = (
        sorted(one.answer.took for one in load.journal if (one.sent_at >= began) == is_later)
        for is_later in (False, True)
    )
    assert load.troubles() == []
    assert since[len(since) * 95 // 100] <= max(2, before[len(before) * 95 // 100] + 0.5)
    assert findings(site, load) == []


CONTROL_WAITS = "test_control_with_sessions_in_redis_pages_wait_for_it"


def test_control_with_sessions_in_redis_pages_wait_for_it(site, beside):
    with beside(WITHOUT="database_sessions") as (port, inside):
        (who,) = inside("people", count=1)
        visitor = Visitor(port, who["session"])
        assert visitor.get("/cases/").status == 200
        site.signal("redis", signal.SIGSTOP)
        try:
            assert visitor.get("/cases/", patience=4).status == 0
        finally:
            site.running["redis"].send_signal(signal.SIGCONT)
