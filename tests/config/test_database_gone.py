"""F10: with PostgreSQL away every page answers 503 in Chinese within two seconds, on the real server, for everybody."""

import http.client
import json
import os
import re
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import psutil
import pytest

from tests.access.table import TABLE, filled
from tests.config.test_launcher import free_port
from tests.config.test_production import PROJECT, WHOLE
from tests.scale import some

pytestmark = [pytest.mark.slow, pytest.mark.proof]
LIMIT = 2.0
TOKEN = "a" * 32
COOKIE = f"__Host-session={'s' * 32}; __Host-csrf={TOKEN}"
WORDS = "房屋后墙开裂，请尽快来看看。"
# The first two are the load balancer's and speak its language; the others do not exist in production.
OTHERS = {"healthz", "readyz", "styleguide/", "styleguide/staff/", "dev/sms/"}


@contextmanager
def server(var: Path):
    """Gunicorn in production settings whose database is not there."""
    port = free_port()
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "ANJU_KEYS") if name in os.environ}
    environment = kept | WHOLE | {"ANJU_VAR": str(var), "ALLOWED_HOSTS": "127.0.0.1", "TRUSTED_PROXIES": "none"}
    run = {"cwd": PROJECT, "env": environment, "stdin": subprocess.DEVNULL}
    subprocess.run([sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"], check=True, **run)
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--config", "config/gunicorn.py"]
    log = (var / "log").open("w+")
    child = subprocess.Popen([*command, "--bind", f"127.0.0.1:{port}"], stdout=log, stderr=log, **run)
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if ask(port, "get", "/healthz", cookie="")[0] == 200:
                    break
            except OSError:
                time.sleep(0.1)
        yield port, var / "log"
    finally:
        child.terminate()
        assert child.wait(30) == 0
        log.close()


def ask(port: int, method: str, path: str, cookie: str = COOKIE) -> tuple:
    """(status, headers, body, seconds) as a logged-in browser behind nginx gets it; without cookie a load balancer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {
        "Cookie": cookie,
        "X-Forwarded-Proto": "https",
        "Referer": f"https://127.0.0.1:{port}/staff/",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    body = urlencode({"csrfmiddlewaretoken": TOKEN, "opinion": WORDS}) if method == "post" else None
    began = time.monotonic()
    try:
        connection.request(method.upper(), path, body, headers)
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read().decode("utf-8"), time.monotonic() - began
    finally:
        connection.close()


def wrong(port: int, method: str, address: str) -> str:
    """What is wrong with the answer at this address, or ''."""
    status, headers, body, took = ask(port, method, filled(address))
    faults = [f"{took:.1f} s"] if took > LIMIT else []
    if status == 503:
        faults += [] if "系统正在恢复" in body else ["no Chinese page"]
        faults += [] if headers.get("Retry-After") else ["no Retry-After"]
        faults += [] if method == "get" or WORDS in body else ["what was typed is lost"]
    elif status not in (200, 301, 302, 404, 405):
        faults.append(str(status))
    if re.search("Traceback|psycopg|OperationalError", body):
        faults.append("the inside shows")
    return ", ".join(faults)


def test_every_page_says_so_within_two_seconds(tmp_path, tried):
    addresses = [one for one in TABLE if one not in OTHERS]
    with server(tmp_path) as (port, log):
        asked = [(method, one) for one in some(addresses[::6], addresses) for method in ("get", "post")]
        found = {f"{method} {one}": fault for method, one in asked if (fault := wrong(port, method, one))}
        assert found == {}
        assert ask(port, "get", "/staff/")[0] == 503
        assert ask(port, "get", "/readyz")[0] == 503
        assert ask(port, "get", "/healthz", cookie="")[0] == 200
        # Every line of the log is one JSON object; the traces are there and nowhere else.
        lines = [line for line in log.read_text("utf-8").splitlines() if line.startswith("{")]
        assert any('"status": 503' in line for line in lines)
    tried("F10", len(asked), "requests without a database", "test_twin_without_the_handler_shows_a_bare_500")


def test_twin_without_the_handler_shows_a_bare_500(rf, monkeypatch):
    """Were the lost connection no case of its own, the page would be 500 and say nothing of coming back."""
    from django.db import OperationalError

    from config import errors

    monkeypatch.setattr(errors, "is_database_away", lambda error: False)
    try:
        raise OperationalError("gone")
    except OperationalError:
        answer = errors.server_error(rf.get("/"))
    assert answer.status_code == 500
    assert "Retry-After" not in answer


def test_the_web_servers_own_lines_are_json_like_all_others(tmp_path):
    """A killed worker is told by gunicorn itself, in the form that everything else is collected in."""
    with server(tmp_path) as (port, log):
        master = next(one for one in psutil.Process().children() if "gunicorn" in " ".join(one.cmdline()))
        master.children()[0].kill()
        deadline = time.monotonic() + 20
        while "SIGKILL" not in log.read_text() and time.monotonic() < deadline:
            time.sleep(0.1)
        lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert any(line["logger"] == "gunicorn.error" and "SIGKILL" in line["message"] for line in lines)
