"""What goes wrong, on purpose and at a known moment."""

import signal
import threading
import time
from contextlib import contextmanager

import psutil

from tests.faults.site import Site, until
from tests.faults.visitors import Answer, Visitor


@contextmanager
def held(site: Site, table: str, database: str = "anju", mode: str = "SHARE ROW EXCLUSIVE"):
    """Nobody writes to that table for as long as this lasts: whoever comes there stands in the middle of a request."""
    connection = site.database(database)
    connection.autocommit = False
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table} IN {mode} MODE")
    try:
        yield
    finally:
        connection.rollback()
        connection.close()


def waits(site: Site, table: str, database: str = "anju") -> bool:
    """Whether somebody stands there."""
    sql = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass"
    return site.ask(sql, table, name=database)[0] > 0


def is_quiet(site: Site, database: str = "anju") -> bool:
    """Whether no transaction is open any more: what the dead began has been rolled back."""
    sql = (
        "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database() "
        "AND xact_start IS NOT NULL"
    )
    return site.ask(sql, name=database)[0] == 0


def worker_of(site: Site, name: str, visitor: Visitor) -> psutil.Process:
    """The worker of that web server that holds this visitor's request: it has the other end of the connection."""
    local = visitor.sockets[-1].getsockname()[1]

    def find():
        for child in site.children(name):
            if any(one.raddr and one.raddr.port == local for one in child.net_connections("tcp4")):
                return child
        return None

    return until(find, 10, "nobody took the request")


def killed_in_the_middle(
    site: Site, visitor: Visitor, url: str, fields: dict, table: str, *, name="web", database="anju"
) -> Answer:
    """The answer to a post whose worker was killed with -9 just before it wrote to that table."""
    answers: list[Answer] = []
    with held(site, table, database):
        thread = threading.Thread(target=lambda: answers.append(visitor.post(url, fields)), daemon=True)
        thread.start()
        until(lambda: waits(site, table, database), 20, f"the request never came to {table}")
        worker = worker_of(site, name, visitor)
        site.kill_child(name, worker)
        thread.join(20)
    until(lambda: is_quiet(site, database), 20, "a dead worker's transaction stays open")
    return answers[0]


def restart_postgres(site: Site, how: signal.Signals, away: float = 0.5) -> tuple[float, float]:
    """Fast (SIGINT) or immediate (SIGQUIT) end, a pause, a new start; the moments when it went and when it was back."""
    went = time.monotonic()
    site.signal("postgres", how)
    site.reap("postgres")
    time.sleep(away)
    site.start_server("postgres")
    return went, time.monotonic()


def lose_redis(site: Site, away: float) -> tuple[float, float]:
    """Killed with -9, away for a while, back and empty; the moments of both."""
    went = time.monotonic()
    site.kill("redis")
    time.sleep(away)
    site.start_server("redis")
    return went, time.monotonic()
