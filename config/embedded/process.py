"""Starting and stopping one child: as whom it runs, and that it never outlives its keeper."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

PR_SET_PDEATHSIG = 1


class Trouble(RuntimeError):
    """The server cannot run here; the message is for the person at the keyboard."""


def die_with_parent(how: signal.Signals) -> Callable[[], None]:
    """A preexec function: the kernel sends `how` to the child the moment its parent is gone (Linux only)."""
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    parent = os.getpid()

    def ask() -> None:
        if libc is None:
            return
        libc.prctl(PR_SET_PDEATHSIG, how)
        if os.getppid() != parent:
            os._exit(1)

    return ask


def start(
    command: list[str], *, log: Path, owner: pwd.struct_passwd | None, at_end: signal.Signals
) -> subprocess.Popen:
    """The running child, its output in `log`, its rights those of `owner` (None: ours)."""
    ask = die_with_parent(at_end)

    def prepare() -> None:
        become(owner)
        # Asked last: changing the user clears the request.
        ask()

    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=prepare,
            cwd="/",
            env=_environment(),
        )


def run(command: list[str], *, owner: pwd.struct_passwd | None) -> None:
    """Runs a command to its end as `owner`. Raises Trouble with what it said."""
    done = subprocess.run(
        command, preexec_fn=lambda: become(owner), cwd="/", env=_environment(), capture_output=True, text=True
    )
    if done.returncode:
        raise Trouble(f"{Path(command[0]).name} failed: {(done.stderr or done.stdout).strip()[-1500:]}")


def stop(child: subprocess.Popen, signals: tuple[signal.Signals, ...], patience: float = 15) -> None:
    """Asks politely first, then harder. `child` is our own and not yet reaped, so its number cannot be another's."""
    for each in signals:
        if child.poll() is not None:
            return
        child.send_signal(each)
        try:
            child.wait(patience)
        except subprocess.TimeoutExpired:
            continue
    child.poll()


def become(owner: pwd.struct_passwd | None) -> None:
    if owner is None:
        return
    os.setgroups([])
    os.setgid(owner.pw_gid)
    os.setuid(owner.pw_uid)
    os.umask(0o077)


def _environment() -> dict[str, str]:
    # PGDATA and friends of the person's own server must not reach ours.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C", "TZ": "Asia/Shanghai"}
