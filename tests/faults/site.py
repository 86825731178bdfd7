"""A whole site of real processes for one module of tests: PostgreSQL, Redis, web server, workers, beats.

Everything stands in a fresh folder with private sockets. A signal goes only to a process this site started itself:
its parent still holds its handle, and what stands behind the socket or the pid file is asked for its number first.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import psycopg2
import redis as redis_client

from config.embedded import postgres, redis
from config.embedded.places import Places, elsewhere, remove_sockets
from config.embedded.process import die_with_parent, stop
from tests.faults.inside import Inside
from tests.faults.visitors import Visitor

PROJECT = Path(__file__).resolve().parents[2]
SERVERS = {"postgres": postgres, "redis": redis}
OWN = ("DATABASE_URL", "REDIS_URL", "ANJU_VAR", "DJANGO_SETTINGS_MODULE", "WITHOUT", "CLOCK_JUMP")
STARTS = 60


class Site:
    """The processes by name; `web`, `worker-1`, `beat-1` … and the servers `postgres` and `redis`."""

    def __init__(self, **environment: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="anju-faults-", dir="/tmp"))
        # The database's own user has to pass; everything inside is private.
        self.folder.chmod(0o755)
        self.var = self.folder / "v"
        self.var.mkdir()
        self.port = _free_port()
        self.running: dict[str, subprocess.Popen] = {}
        self.places: dict[str, Places] = {}
        self.urls: dict[str, str] = {}
        self.more = environment
        # The process that speaks for the database.
        self.inside: Inside | None = None

    # Servers.

    def start_server(self, name: str) -> None:
        """PostgreSQL or Redis, as `make run` has them, durable; started anew on what its folder holds."""
        # The sockets of before stay where everybody looks for them.
        places = self.places.get(name) or Places.find(name, self.var)
        self.places[name] = places
        self.running[name], self.urls[name] = SERVERS[name].start(places, durable=True)

    def pid_behind(self, name: str) -> int:
        """The number that the server itself gives: of the pid file (PostgreSQL), of the socket (Redis)."""
        if name == "postgres":
            return int((self.places[name].data / "postmaster.pid").read_text().split()[0])
        with redis_client.Redis.from_url(self.urls[name]) as client:
            return client.info("server")["process_id"]

    def prepare(self) -> None:
        """Servers, tables, people; and a copy of it all for each control twin to spoil."""
        self.start_server("postgres")
        self.start_server("redis")
        self.inside = Inside(self)
        self.inside("prepare")
        self._copy("anju", "unspoilt")

    def twin(self) -> str:
        """The address of a database as it was in the beginning."""
        self._copy("unspoilt", "twin")
        return self.urls["postgres"].replace("@/anju?", "@/twin?")

    def _copy(self, source: str, name: str) -> None:
        connection = self.database("postgres")
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE {source}")
        connection.close()

    # Everything that runs our code.

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in OWN}
        return kept | {
            "DATABASE_URL": self.urls["postgres"],
            "REDIS_URL": self.urls["redis"],
            "ANJU_VAR": str(self.var),
            "DJANGO_SETTINGS_MODULE": "tests.faults.site_settings",
            "DEBUG": "0",
            **self.more,
        }

    def start(self, name: str, command: list[str], **environment: str) -> subprocess.Popen:
        """A process of ours, its words in <name>.log."""
        assert name not in self.running
        with (self.var / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=PROJECT,
                env=self.environment | environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGKILL),
            )
        return self.running[name]

    def start_web(self, name: str = "web", *, port: int = 0, workers: int = 2, **environment: str) -> int:
        """The web server of `make run` on a free port, ready to answer; returns the port."""
        port = port or (self.port if name == "web" else _free_port())
        bind = ["--bind", f"127.0.0.1:{port}"]
        command = ["gunicorn", "config.wsgi", "--config", "config/gunicorn.py", *bind]
        self.start(name, command, WEB_WORKERS=str(workers), **environment)
        until(lambda: _answers(port), STARTS, f"{name} is not ready: {self.last_words(name)}")
        return port

    def start_worker(self, name: str, **environment: str) -> None:
        lonely = ["--without-gossip", "--without-mingle", "--without-heartbeat", "-n", f"{name}@%h"]
        command = ["celery", "--quiet", "-A", "config.celery", "worker", "--concurrency", "1", *lonely]
        self.start(name, [*command, "--loglevel", "WARNING"], **environment)

    def start_beat(self, name: str, **environment: str) -> None:
        own = ["--pidfile=", f"--schedule={self.var / name}-schedule", "--loglevel", "WARNING"]
        self.start(name, ["celery", "--quiet", "-A", "config.celery", "beat", *own], **environment)

    def last_words(self, name: str) -> str:
        log = self.var / f"{name}.log"
        return log.read_text(errors="replace")[-1500:] if log.exists() else ""

    # Signals, guarded.

    def own(self, name: str) -> subprocess.Popen:
        """The process of that name; it must still run and be the one behind its socket or pid file."""
        process = self.running[name]
        assert process.poll() is None, f"{name} is no more"
        assert psutil.Process(process.pid).ppid() == os.getpid()
        if name in SERVERS:
            assert self.pid_behind(name) == process.pid
        return process

    def signal(self, name: str, number: signal.Signals) -> None:
        self.own(name).send_signal(number)

    def children(self, name: str) -> list[psutil.Process]:
        """The workers below that process (gunicorn's, a Celery pool's)."""
        return psutil.Process(self.own(name).pid).children()

    def kill_child(self, name: str, child: psutil.Process) -> None:
        assert child.ppid() == self.own(name).pid
        child.kill()

    def kill(self, name: str) -> None:
        """-9 to the process and, first of all, no orphans: its workers too."""
        below = self.children(name) if name not in SERVERS else []
        self.signal(name, signal.SIGKILL)
        self.reap(name)
        for child in below:
            # A number that was given away again belongs to a process of another birth.
            if child.is_running():
                child.kill()

    def reap(self, name: str, patience: float = 40) -> int:
        """Wait until that process has ended; its exit code."""
        code = self.running[name].wait(patience)
        del self.running[name]
        return code

    def finish(self, name: str) -> None:
        """A polite end."""
        self.signal(name, signal.SIGTERM)
        self.reap(name)

    def database(self, name: str = "anju"):
        """A connection of the test's own, past all our code."""
        address = self.urls["postgres"].replace("postgres://", "postgresql://").replace("@/anju?", f"@/{name}?")
        connection = psycopg2.connect(address)
        connection.autocommit = True
        return connection

    def ask(self, sql: str, *values, name: str = "anju"):
        """The first row of an answer of the database."""
        connection = self.database(name)
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql, values)
                return cursor.fetchone() if cursor.description else None
        finally:
            connection.close()

    def open_promises(self, name: str = "anju") -> int:
        """Entries of the outbox that nobody has done yet."""
        sql = "SELECT count(*) FROM accounts_outboxentry WHERE state IN ('waiting', 'sent')"
        return self.ask(sql, name=name)[0]

    def stop(self) -> None:
        """Everything down, in order, and the folders away."""
        if self.inside:
            self.inside.close()
        try:
            names = [name for name in self.running if name not in SERVERS]
            for name in names:
                if self.running[name].poll() is None:
                    self.running[name].send_signal(signal.SIGCONT)
                    self.running[name].terminate()
            for name in names:
                try:
                    self.running[name].wait(20)
                except subprocess.TimeoutExpired:
                    # Not reaped yet: the number of the group is still its own.
                    os.killpg(self.running[name].pid, signal.SIGKILL)
                    self.running[name].wait()
        finally:
            for name in SERVERS:
                if name in self.running:
                    self.running[name].send_signal(signal.SIGCONT)
                    stop(self.running[name], SERVERS[name].STOP_SIGNALS)
            for places in self.places.values():
                remove_sockets(places)
            shutil.rmtree(self.folder, ignore_errors=True)
            if elsewhere(self.var).exists():
                shutil.rmtree(elsewhere(self.var))


def until(holds, patience: float, otherwise: str):
    """Wait for it and give its value; AssertionError with those words when it never comes."""
    deadline = time.monotonic() + patience
    while not (value := holds()):
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.05)
    return value


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _answers(port: int) -> bool:
    answer = Visitor(port).get("/readyz", patience=5)
    if answer.status not in (0, 200):
        assert json.loads(answer.body)["status"] == "not ready"
    return answer.status == 200
