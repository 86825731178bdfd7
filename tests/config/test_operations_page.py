"""docs/operations.md states the limits in force: every row of its table against the constant it names."""

import re
from datetime import timedelta
from importlib import import_module

import pytest

from tests.house.sources import PROJECT

PAGE = (PROJECT / "docs" / "operations.md").read_text("utf-8")
ROW = re.compile(r"^\| [^|]+ \| (?P<value>[^|]+) \| `(?P<module>[\w.]+):(?P<name>\w+)` \|$", re.M)
UNITS = ((86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))
# Modules whose limits a person may run into; a new one there needs its row.
WATCHED = {
    "accounts.sessions": ("IDLE_FIELD", "IDLE_DESK", "ABSOLUTE"),
    "accounts.throttle": ("WINDOW", "LOCK", "MAX_FAILURES", "IP_LIMIT", "BLOCK_LIMIT"),
    "accounts.actions.phone_login": ("VALID", "PAUSE", "MAX_TRIES", "PER_DAY", "PER_IP_HOUR", "PER_BLOCK_HOUR"),
    "accounts.actions.unmask": ("DAILY_LIMIT",),
    "common.photos.header": ("MAX_BYTES", "MAX_PIXELS", "MAX_PIXELS_HERE", "MAX_SCANS"),
    "common.papers": ("MAX_BYTES", "MAX_INFLATED"),
    "common.sounds": ("MAX_BYTES",),
    "households.actions.cards": ("MAX_WAITING", "PER_ACCOUNT_HOUR", "PER_IP_HOUR", "PER_BLOCK_HOUR", "RESULT_KEPT"),
    "renovation.actions.retention": ("KEEP",),
    "renovation.actions.expiry": ("KEEP",),
}


def words(value) -> str:
    """A limit as the page writes it: 12 hours, 1,000,000."""
    if not isinstance(value, timedelta):
        return f"{value:,}"
    seconds = int(value.total_seconds())
    size, unit = next((size, unit) for size, unit in UNITS if seconds % size == 0)
    return f"{seconds // size:,} {unit}{'' if seconds == size else 's'}"


def in_force(module: str, name: str):
    if module == "settings":
        from django.conf import settings

        return getattr(settings, name)
    found = import_module(module)
    return found.app.conf[name] if module == "config.celery" else getattr(found, name)


@pytest.mark.parametrize("row", ROW.finditer(PAGE), ids=lambda row: f"{row['module']}.{row['name']}")
def test_limit_is_the_one_in_force(row):
    assert row["value"] == words(in_force(row["module"], row["name"]))


def test_every_limit_a_person_may_meet_stands_on_the_page():
    named = {(row["module"], row["name"]) for row in ROW.finditer(PAGE)}
    assert {(module, name) for module, names in WATCHED.items() for name in names} - named == set()
    assert len(named) > 40


def test_files_of_the_deployment_agree_with_the_server():
    """Whoever stops the server waits longer than the server waits for its requests; a photo fits through nginx."""
    from common.photos.header import MAX_BYTES
    from config import gunicorn
    from config.celery import app

    web = (PROJECT / "deploy" / "anju-web.service").read_text()
    worker = (PROJECT / "deploy" / "anju-worker.service").read_text()
    nginx = (PROJECT / "deploy" / "nginx.conf").read_text()
    assert int(re.search(r"TimeoutStopSec=(\d+)", web)[1]) > gunicorn.graceful_timeout
    assert int(re.search(r"TimeoutStopSec=(\d+)", worker)[1]) >= app.conf["task_time_limit"]
    assert int(re.search(r"client_max_body_size (\d+)m", nginx)[1]) * 1024 * 1024 > MAX_BYTES


def test_every_metric_is_explained():
    source = (PROJECT / "config" / "metrics.py").read_text()
    assert {name for name in re.findall(r'"(anju_\w+)"', source) if f"`{name}`" not in PAGE} == set()
