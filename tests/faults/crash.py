"""A process killed with -9 at any point of a request: around a statement, COMMIT, file write, fsync, rename, answer."""

import mmap
import os
import pickle
import signal
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

import common.storage

# What the child tells before it dies: points passed, commits made, and the name of the last point.
_TOLD = struct.Struct("iii60s")
_SAVEPOINTS = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")


@dataclass(frozen=True)
class End:
    """How far the child came: points passed, whether anything was committed, where it died, or its value."""

    points: int
    has_committed: bool
    place: str
    is_killed: bool
    value: object = None


def killed_at(point: int, work: Callable[[], object], *, spoil: Callable[[], None] | None = None, torn=False) -> End:
    """Do the work in a forked process that kills itself at its point-th point; 0 lets it live.

    Controls without their protection: `torn` commits after every statement, `spoil` patches the child beforehand.
    A child that ends by an exception fails the caller: a crash must come from the kill alone.
    """
    # A connection shared with the child would be closed under the parent.
    connection.close()
    shared, (reading, writing) = mmap.mmap(-1, _TOLD.size), os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _live(point, work, spoil, torn, shared, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        said = answer.read()
    _, status = os.waitpid(child, 0)
    points, commits, _, place = _TOLD.unpack(shared[:])
    shared.close()
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, said.decode(errors="replace")
    is_killed = os.WIFSIGNALED(status)
    value = None if is_killed else pickle.loads(said)  # noqa: S301  our own child wrote it
    return End(points, commits > 0, place.rstrip(b"\0").decode(errors="replace"), is_killed, value)


def _live(point, work, spoil, torn, shared, writing):
    """The child's life; it never returns."""
    code = 1
    try:
        if spoil:
            spoil()
        watch = _Watch(point, shared, torn)
        with connection.execute_wrapper(watch.statement):
            value = work()
        watch.passed("answer not sent")
        os.write(writing, pickle.dumps(value))
        code = 0
    except BaseException:
        import traceback

        os.write(writing, traceback.format_exc().encode()[-4000:])
    finally:
        os._exit(code)


class _Watch:
    """Counts the points of one process and kills it at the chosen one."""

    def __init__(self, point: int, shared, torn: bool):
        self.point, self.shared, self.torn, self.points, self.commits = point, shared, torn, 0, 0
        self.is_between = False
        self._around(os, "fsync", "fsync")
        self._around(os, "replace", "rename")
        self._around(os, "rename", "rename")
        self._around(os, "remove", "file removed")
        self._around(os, "unlink", "file removed")
        self._around(connection, "commit", "COMMIT")
        self._watch_writes()

    def passed(self, place: str) -> None:
        """One more point; perhaps the last."""
        self.points += 1
        self.is_between = False
        self.shared[:] = _TOLD.pack(self.points, self.commits, 0, place.encode()[:60])
        if self.points == self.point:
            os.kill(os.getpid(), signal.SIGKILL)

    def statement(self, execute, sql, params, many, context):
        """Around every statement; outside a transaction it commits itself."""
        if self.torn and sql.startswith(_SAVEPOINTS):
            return None
        # Between two statements nothing leaves the process: after the Nth and before the next are one point.
        if not self.is_between:
            self.passed(f"before {sql[:40]}")
        found = execute(sql, params, many, context)
        if self.torn:
            connection.connection.commit()
        if self.torn or (not connection.in_atomic_block and not sql.startswith("SELECT")):
            self.commits += 1
        self.passed(f"after {sql[:40]}")
        self.is_between = True
        return found

    def _around(self, owner, name: str, place: str) -> None:
        plain = getattr(owner, name)

        def watched(*args, **kwargs):
            self.passed(f"before {place}")
            found = plain(*args, **kwargs)
            self.commits += name == "commit"
            self.passed(f"after {place}")
            return found

        setattr(owner, name, watched)

    def _watch_writes(self) -> None:
        plain = common.storage.write_durably

        def chunks_of(chunks):
            for chunk in chunks:
                self.passed("before a write")
                yield chunk
                self.passed("after a write")

        def watched(path: Path, chunks) -> None:
            plain(path, chunks_of(chunks))

        common.storage.write_durably = watched
