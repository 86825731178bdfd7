"""Killed at every point of every request that writes (F01, F03; I1–I4, I9): all of it happened, or nothing.

A point lies before and after each statement, COMMIT, write, fsync, rename and removal, and before the answer is sent.
After each kill the checker finds nothing and the tables gained nothing or exactly what the untouched request gains;
the same request sent again gives the answer of an untouched one, and no second effect.
"""

import random
import time

from renovation.actions.ladder import climb_ladder
from tests.access.table import TABLE, addresses
from tests.faults.administrators import ADMINISTRATORS
from tests.faults.crash import killed_at
from tests.faults.effects import TRAIL, findings, gained, rows
from tests.faults.officers import OFFICERS
from tests.faults.villagers import VILLAGERS
from tests.faults.writes import Desk
from tests.races.conftest import world  # noqa: F401  the committed county
from tests.scale import some

WRITES = {**VILLAGERS, **OFFICERS, **ADMINISTRATORS}
# Why the same request, sent again after it did its work, cannot answer as it did: the statuses of its second answer.
SECOND = {
    "apply/<uuid:uid>/delete/": ((404,), "the draft is gone"),
    "staff/cases/<uuid:uid>/files/<slug:slot>/<uuid:file>/remove/": ((404,), "the file is gone"),
    "staff/cases/<uuid:uid>/notice/photos/<uuid:file>/remove/": ((404,), "the photo is gone"),
    "login/": ((200,), "a phone gets one code a minute, and the browser that asked for it was not told"),
    "login/code/": ((200, 302), "a code opens once"),
    "staff/cases/<uuid:uid>/notice/objections/<uuid:objection>/reveal/": (
        (409,),
        "a number is shown once for a reason",
    ),
    "staff/cases/<uuid:uid>/reveal/<slug:what>/": ((409,), "a number is shown once"),
    "staff/cases/<uuid:uid>/reveal/member/<uuid:member>/": ((409,), "a number is shown once"),
    "staff/claims/<uuid:uid>/reveal/<slug:what>/": ((409,), "a number is shown once"),
    "staff/first-login/": ((302,), "a new password ends every session"),
    "staff/account/password/": ((302,), "a new password ends every session"),
    "admin/regions/calendarday/add/": ((200,), "the form says that there is one already"),
    "admin/regions/optionitem/add/": ((200,), "the form says that there is one already"),
    "admin/accounts/user/add/": ((200,), "the form says that there is one already"),
    "admin/accounts/office/add/": ((200,), "the form says that there is one already"),
    "admin/artisans/artisan/add/": ((200, 409), "the form says that there is one already"),
    "admin/renovation/deadlinerule/add/": ((200,), "the form says that there is one already"),
    "admin/regions/calendarday/delete/": ((404,), "the row is gone"),
    "admin/renovation/deadlinerule/delete/": ((404,), "the row is gone"),
    "admin/accounts/user/act/delete/": ((404,), "the account is gone"),
}
# No token, and done again when sent again, as the page says: another password, another proposal to be looked at,
# another photo to be read and forgotten.
AGAIN = {
    "idcard/",
    "admin/accounts/user/act/reset/",
    "admin/accounts/user/act/restore/",
    "admin/regions/regionedit/add/",
}
# Not written by a person's request.
READ_ONLY = {
    "admin/": "its pages are named one by one",
    "admin/login/": "as staff/login/",
    "admin/logout/": "as logout/",
    "admin/password_change/": "as staff/account/password/",
}
ALWAYS = ("apply/<uuid:uid>/check/", "apply/<uuid:uid>/photos/add/", "staff/cases/<uuid:uid>/step/ accept")
SEED = 20261126
# Everything in the long runs; elsewhere a few requests, and of each a few points.
SAMPLE = some(6, len(WRITES))
POINTS = some(4, 10_000)


class Trial:
    """One kind of request killed at chosen points."""

    def __init__(self, desk: Desk, name: str):
        self.desk, self.name, self.wrong, self.kills = desk, name, [], 0
        self.renew()
        end = killed_at(0, self.write.send)
        self.untouched, self.points, self.effect = end.value, end.points, gained(self.before)
        self.renew()

    def renew(self) -> None:
        """The same request once more, of something it has not been done to."""
        self.write = WRITES[self.name](self.desk)
        # In a running house the ladder is climbed every half minute; these requests take longer than a rung may wait.
        climb_ladder()
        self.before = rows()

    def kill(self, point: int) -> None:
        """Kill it there; look at what is left; send it again if anything may have happened."""
        end = killed_at(point, self.write.send)
        self.kills += end.is_killed
        effect = gained(self.before)
        if found := findings():
            self.wrong.append(f"{self.name}, {end.place}: {found}")
        if end.is_killed and effect not in ({}, self.effect):
            self.wrong.append(f"{self.name}, {end.place}: half of it happened, {effect} of {self.effect}")
        if end.has_committed or not end.is_killed:
            self.retry(end.place, has_happened=effect == self.effect)
            self.renew()

    def retry(self, place: str, *, has_happened: bool) -> None:
        """The request again: the same answer, and no second effect."""
        answer, effect = self.write.send(), gained(self.before)
        second = SECOND.get(self.name)
        is_known = has_happened and second and answer.status in second[0]
        # A number is another person's each time: that it is shown is all that can be compared.
        is_shown = "reveal/" in self.name and answer.status == self.untouched.status
        if answer != self.untouched and not is_known and not is_shown:
            self.wrong.append(f"{self.name}, again after {place}: {answer}, untouched {self.untouched}")
        if self.name not in AGAIN and worth(effect, self.write) != worth(self.effect, self.write):
            self.wrong.append(f"{self.name}, again after {place}: gained {effect} instead of {self.effect}")


def worth(effect: dict[str, int], write) -> dict[str, int]:
    """The effect that counts: all of it with a token, without one all but what only tells of it."""
    return effect if write.has_token else {name: count for name, count in effect.items() if name not in TRAIL}


def chosen(points: int, seed: str) -> list[int]:
    """The points to die at, the last one (all done, nothing answered) always among them."""
    if points <= POINTS:
        return list(range(1, points + 1))
    return sorted({*random.Random(f"{SEED} {seed}").sample(range(1, points), POINTS - 1), points})


def names() -> list[str]:
    rest = sorted(set(WRITES) - set(ALWAYS))
    return [*ALWAYS, *random.Random(SEED).sample(rest, min(SAMPLE - len(ALWAYS), len(rest)))]


def test_a_request_killed_anywhere_happened_whole_or_not_at_all(world, tried):  # noqa: F811
    desk, wrong, kills, began = Desk(world), [], 0, time.monotonic()
    for name in names():
        trial = Trial(desk, name)
        for point in chosen(trial.points, name):
            trial.kill(point)
        trial.retry("the last kill", has_happened=False)
        wrong += trial.wrong
        kills += trial.kills
        # Half an hour without a word would hide which request it is about.
        print(f"{trial.kills} kills inside {name}: {trial.wrong or 'nothing torn'}", flush=True)  # noqa: T201
    tried(
        "F01",
        kills,
        f"kill -9 inside {len(WRITES)} kinds of request, around each statement, COMMIT, write, fsync, rename, answer",
        "test_control_without_transactions_a_kill_leaves_a_torn_case",
    )
    print(f"{kills} kills in {time.monotonic() - began:.0f} s")  # noqa: T201
    assert wrong == []
    assert kills >= len(names()) * min(POINTS, 2)


def test_control_without_transactions_a_kill_leaves_a_torn_case(world):  # noqa: F811
    """Each statement commits itself: the checker must name what a kill in the middle of a submit leaves behind."""
    desk, told = Desk(world), set()
    for point in range(1, 200):
        end = killed_at(point, WRITES["apply/<uuid:uid>/check/"](desk).send, torn=True)
        told |= {line[:2] for line in findings()}
        if not end.is_killed or {"I1", "I2", "I3"} <= told:
            break
    assert {"I1", "I2", "I3"} <= told


def test_control_a_file_written_after_its_row_is_missing_after_a_kill(world):  # noqa: F811
    """The order of file and COMMIT turned round: the checker must miss the photo."""
    import common.storage

    def spoil():
        common.storage.FsyncFileSystemStorage._save = lambda self, name, content: name

    write = WRITES["apply/<uuid:uid>/photos/add/"](Desk(world))
    points = killed_at(0, WRITES["apply/<uuid:uid>/photos/add/"](Desk(world)).send).points
    assert findings() == []
    ends = [killed_at(point, write.send, spoil=spoil) for point in range(points, 0, -8)]
    assert any(end.is_killed for end in ends)
    assert any(line.startswith("I4") for line in findings())


def test_every_address_that_takes_a_post_is_written_to():
    """A new form without a row in the tables would never be killed."""
    posted = {name.split(" ")[0] for name in WRITES}
    takes = {
        address
        for address, pattern in addresses().items()
        if address in TABLE and hasattr(getattr(pattern.callback, "view_class", pattern.callback), "post")
    }
    assert takes - posted - set(READ_ONLY) == set()
    assert {name for name in posted if not name.startswith("admin/")} <= set(TABLE)
    assert set(SECOND) | AGAIN | set(ALWAYS) <= set(WRITES)
