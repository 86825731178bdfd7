"""A process killed with -9 before its Nth statement (reliability §3.1, crash points)."""

import os
import signal
from collections.abc import Callable

from django.db import connection


def is_killed_before(statement: int, work: Callable[[], object]) -> bool:
    """Do the work in a forked process that kills itself before that statement; False when it got through alive.

    An exception in the child fails the caller: a crash must come from the kill alone.
    """
    # A connection shared with the child would be closed under the parent.
    connection.close()
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
        return os.WIFSIGNALED(status)
    seen, code = 0, 1

    def count(execute, *args):
        nonlocal seen
        seen += 1
        if seen == statement:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*args)

    try:
        with connection.execute_wrapper(count):
            work()
        code = 0
    finally:
        os._exit(code)
