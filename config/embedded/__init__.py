"""PostgreSQL and Redis from wheels, for machines that have neither: started on demand, stopped with their last user.

Each server is the child of a small keeper process (`keeper.py`). Whoever uses the server holds a shared lock on the
keeper's file for as long as the process lives; the keeper waits for that lock alone, so even users killed with -9 count
as gone. Only a server that a keeper itself started is ever signalled.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from config.embedded import lease


@dataclass(frozen=True)
class Services:
    """Addresses of the database and of Redis, embedded or given by the environment."""

    database_url: str
    redis_url: str


def provide(var: Path, *, durable: bool = True) -> Services:
    """Addresses of running services; starts an embedded one for each address the environment does not give.

    The addresses go into the environment too: child processes use what their parent holds, and hold nothing themselves.
    """
    for variable, service in (("DATABASE_URL", "postgres"), ("REDIS_URL", "redis")):
        if not os.environ.get(variable):
            os.environ[variable] = lease.take(service, var, durable=durable)
    return Services(database_url=os.environ["DATABASE_URL"], redis_url=os.environ["REDIS_URL"])
