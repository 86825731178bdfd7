"""Two beats and two workers at once (F18); FULL=1 only, until 3,000 due rows are done instead of for 30 minutes."""

import time

import pytest

from tests.faults.inside import Inside
from tests.faults.site import until
from tests.scale import FULL

pytestmark = pytest.mark.skipif(not FULL, reason="takes minutes: FULL=1")


def test_two_beats_and_two_workers_climb_every_rung_once(site, tried):
    """Its control twins stand with the races: without claim and constraint reminders double."""
    environment = {"DATABASE_URL": site.twin()}
    inside = Inside(site, **environment)
    names = ["worker-1", "worker-2", "beat-1", "beat-2"]
    rows = 3000
    try:
        inside("due_cases", count=rows)
        for name in names:
            (site.start_worker if name.startswith("worker") else site.start_beat)(name, **environment)
        time.sleep(3)
        site.kill("beat-1")
        site.start_beat("beat-1", **environment)
        waiting = "SELECT count(*) FROM renovation_casenode WHERE handled_at IS NULL AND next_rung_at <= now()"
        until(lambda: site.ask(waiting, name="twin")[0] == 0, 120, "rungs are left")
        # Another period of both beats: nothing more may come.
        notices = "SELECT count(*), count(DISTINCT (node_id, due_at, rung_id)) FROM renovation_laddernotice"
        told = "SELECT count(*), count(DISTINCT (recipient, text, link)) FROM accounts_message WHERE kind = 'N40'"
        first = site.ask(notices, name="twin")
        time.sleep(35)
        assert site.ask(notices, name="twin") == first
        assert first[0] == first[1] > rows * 0.8
        messages = site.ask(told, name="twin")
        assert messages[0] == messages[1] > rows * 0.8
        assert [wrong for wrong in inside("invariants")["wrong"] if wrong[0] in ("I5", "I9")] == []
    finally:
        for name in names:
            if name in site.running:
                site.finish(name)
        inside.close()
    tried(
        "F18",
        rows,
        "due steps under two beats and two workers",
        "test_control_without_claim_and_constraint_reminders_double",
    )
