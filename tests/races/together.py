"""Real threads with connections of their own, let go at one moment."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Barrier, Thread

from django.db import connection


@dataclass
class Outcome:
    """What one thread came to: its value, or the exception that ended it."""

    value: object = None
    error: BaseException | None = None

    @property
    def is_ok(self) -> bool:
        return self.error is None


def together(*works: Callable[[], object]) -> list[Outcome]:
    """Run the works at once, each in a thread and a database connection of its own; outcomes in their order."""
    start, outcomes = Barrier(len(works)), [Outcome() for _ in works]

    def run(work, outcome):
        try:
            # Connected before the start, so that nobody wins by an open connection.
            connection.ensure_connection()
            start.wait(30)
            outcome.value = work()
        except BaseException as error:
            outcome.error = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair, daemon=True) for pair in zip(works, outcomes, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive(), "a thread hangs"
    return outcomes


def errors(outcomes: list[Outcome]) -> list[BaseException]:
    """The exceptions of those that failed."""
    return [one.error for one in outcomes if not one.is_ok]


def values(outcomes: list[Outcome]) -> list[object]:
    """The values of those that did not fail."""
    return [one.value for one in outcomes if one.is_ok]
