"""The keeper of one embedded server: starts it as its own child, waits until nobody uses it, stops it.

Run by lease.py as `python -m config.embedded.keeper postgres|redis VAR durable|fast`. Prints READY, or one line that
says why not.
"""

import fcntl
import json
import os
import signal
import sys
from pathlib import Path

from config.embedded import postgres, redis
from config.embedded.places import Places, remove_sockets
from config.embedded.process import Trouble, stop

SERVERS = {"postgres": postgres, "redis": redis}


def main(service: str, var: Path, *, durable: bool) -> None:
    run = var / "run"
    # `mine` is given back first: whoever then gets `users` must find that there is no keeper any more.
    with (run / f"{service}.users.lock").open("r+") as users, (run / f"{service}.keeper.lock").open("w") as mine:
        try:
            fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
            places = Places.find(service, var)
            child, url = SERVERS[service].start(places, durable=durable)
        except Trouble as trouble:
            sys.exit(print(" ".join(str(trouble).split()), flush=True))
        try:
            (run / f"{service}.json").write_text(json.dumps({"url": url, "pid": child.pid, "home": str(places.home)}))
            _announce()
            fcntl.flock(users, fcntl.LOCK_EX)
        finally:
            stop(child, SERVERS[service].STOP_SIGNALS)
            (run / f"{service}.json").unlink(missing_ok=True)
            remove_sockets(places)


def _announce() -> None:
    print("READY", flush=True)
    # The pipe belongs to the first user, who may go at any time.
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)


def _leave(*_: object) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    main(sys.argv[1], Path(sys.argv[2]), durable=sys.argv[3] == "durable")
