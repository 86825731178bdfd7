"""The embedded servers, each test with folders and processes of its own."""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import psycopg2
import pytest
import redis

PROJECT = Path(__file__).resolve().parents[2]
USER = """
import json, sys
from pathlib import Path
from config.embedded import provide
services = provide(Path(sys.argv[1]), durable=False)
print(json.dumps([services.database_url, services.redis_url]), flush=True)
sys.stdin.read()
"""


class User:
    """A process that uses the embedded services until it is told, or killed, to leave."""

    all: list["User"] = []

    def __init__(self, var: Path, **environment: str) -> None:
        self.all.append(self)
        kept = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER, str(var)],
            cwd=PROJECT,
            env=kept | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def urls(self) -> list[str]:
        line = self.process.stdout.readline()
        assert line, self.process.stderr.read().decode()
        return json.loads(line)

    def leave(self) -> str:
        return self.process.communicate(timeout=60)[1].decode()

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=60)


@pytest.fixture
def var():
    # Other users may enter it, unlike pytest's own: where they may not is a test of its own.
    folder = Path(tempfile.mkdtemp(prefix="anju-test-", dir="/tmp"))
    folder.chmod(0o755)
    path = folder / "v"
    yield path
    for user in [user for user in User.all if user.process.poll() is None]:
        # Only a failed test leaves one.
        user.kill()
    User.all.clear()
    until_gone(path)
    shutil.rmtree(folder)


def server(var: Path, service: str = "postgres") -> dict:
    return json.loads((var / "run" / f"{service}.json").read_text())


def until_gone(var: Path) -> None:
    """The keepers take away their addresses as the last thing but one."""
    deadline = time.monotonic() + 60
    while list((var / "run").glob("*.json")):
        assert time.monotonic() < deadline, "a server is still running"
        time.sleep(0.05)


def connect(var: Path):
    url = server(var)["url"]
    return psycopg2.connect(url.replace("postgres://", "postgresql://"))


def test_database_speaks_utf8_and_chinese_letters_count_as_letters(var):
    user = User(var)
    user.urls()
    with connect(var) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_encoding'), current_setting('TimeZone'), '张三' ~ '^[[:alpha:]]+$'"
        )
        assert cursor.fetchone() == ("UTF8", "Asia/Shanghai", True)
        cursor.execute("SELECT datctype, datlocprovider FROM pg_database WHERE datname = 'anju'")
        assert cursor.fetchone() == ("C.UTF-8", "b")
    connection.close()
    user.leave()


def test_servers_listen_on_no_network_port(var):
    user = User(var)
    user.urls()
    for service in ("postgres", "redis"):
        process = psutil.Process(server(var, service)["pid"])
        assert [c for c in process.net_connections("inet") if c.status == psutil.CONN_LISTEN] == []
    user.leave()


def test_servers_stop_with_their_last_user_even_when_it_is_killed(var):
    first, second = User(var), User(var)
    assert first.urls() == second.urls()
    number = server(var)["pid"]
    first.leave()
    time.sleep(0.5)
    assert psutil.pid_exists(number), "stopped while somebody still used it"
    second.kill()
    until_gone(var)
    assert not psutil.pid_exists(number)


def test_many_users_at_once_start_one_server(var):
    users = [User(var) for _ in range(5)]
    assert len({tuple(user.urls()) for user in users}) == 1
    keepers = [p for p in psutil.process_iter(["cmdline"]) if str(var) in (p.info["cmdline"] or [])]
    assert len([p for p in keepers if "config.embedded.keeper" in p.info["cmdline"]]) == 2
    for user in users:
        user.leave()


def test_user_who_comes_while_the_server_stops_gets_a_new_one(var):
    # Some will meet it running, some stopping, some gone; each must get a server that answers.
    for number in range(6):
        user = User(var, REDIS_URL="redis://redis.example.org/0")
        user.urls()
        with connect(var) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        connection.close()
        user.leave()
        time.sleep(number * 0.05)


def test_data_survives_and_next_user_finds_it(var):
    user = User(var)
    user.urls()
    with connect(var) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept (word text)")
    connection.close()
    user.leave()
    until_gone(var)
    again = User(var)
    again.urls()
    with connect(var) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kept")
    connection.close()
    again.leave()


def test_given_address_is_used_and_only_the_other_server_started(var):
    user = User(var, DATABASE_URL="postgres://somebody@db.example.org/theirs")
    database, broker = user.urls()
    assert database == "postgres://somebody@db.example.org/theirs"
    assert not (var / "postgres").exists()
    assert redis.Redis.from_url(broker).ping()
    user.leave()


def test_server_dies_with_its_keeper_and_the_next_user_gets_a_new_one(var):
    user = User(var)
    user.urls()
    old = server(var)["pid"]
    os.kill(psutil.Process(old).ppid(), signal.SIGKILL)
    newcomer = User(var)
    newcomer.urls()
    assert server(var)["pid"] != old
    with connect(var) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    connection.close()
    user.leave()
    newcomer.leave()


def test_process_whose_number_stands_in_a_stale_pid_file_is_left_alone(var):
    user = User(var)
    user.urls()
    user.leave()
    until_gone(var)
    stranger = subprocess.Popen(["sleep", "60"])
    pid_file = var / "postgres" / "data" / "postmaster.pid"
    pid_file.write_text(f"{stranger.pid}\n{pid_file.parent}\n1\n5432\n/tmp\n\n1 1\nready\n")
    again = User(var)
    again.urls()
    assert server(var)["pid"] != stranger.pid
    again.leave()
    until_gone(var)
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_socket_moves_where_a_path_is_too_long(var):
    deep = var / ("很深的文件夹" * 6) / "v"
    user = User(deep)
    url, _ = user.urls()
    folder = Path(url.partition("host=")[2])
    assert folder.is_relative_to("/tmp")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    user.leave()
    until_gone(deep)
    time.sleep(0.2)
    assert not folder.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has folders that the database's own user cannot enter")
def test_closed_folder_stays_closed_and_servers_live_elsewhere(var):
    closed = var / "closed"
    closed.mkdir(parents=True)
    closed.chmod(0o700)
    user = User(closed / "v")
    user.urls()
    homes = {service: Path(server(closed / "v", service)["home"]) for service in ("postgres", "redis")}
    elsewhere = homes["postgres"].parent
    try:
        assert elsewhere.parent == Path("/var/tmp")
        assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o700
        assert psutil.Process(server(closed / "v")["pid"]).username() == "anju-db"
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        assert str(homes["postgres"]) in user.leave()
    finally:
        until_gone(closed / "v")
        shutil.rmtree(elsewhere)
