"""/metrics: adds up over processes, says nothing of persons, and is nobody's business but the monitoring's."""

import multiprocessing
import re

import pytest

from accounts.actions import outbox
from accounts.models import OutboxEntry
from config import counting, metrics
from tests.access.numbers import numbers_in
from tests.factories.accounts import make_user
from tests.factories.renovation import make_case, make_villager, make_world

LINE = re.compile(r'^(# TYPE anju_\w+ (counter|gauge|histogram)|anju_\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? [0-9.e+-]+)$')


def numbers_of(answer) -> dict[str, float]:
    lines = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


@pytest.mark.django_db
def test_what_the_database_knows(client):
    world = make_world()
    villager = make_villager(world.village)
    make_case(world, villager=villager)
    page = client.get("/metrics")
    found = numbers_of(page)
    assert found["anju_open_cases"] == 1
    assert found["anju_overdue_steps"] == 0
    assert found["anju_audit_pending"] > 0 and found["anju_audit_oldest_seconds"] >= 0
    assert {"anju_outbox_waiting", "anju_outbox_oldest_seconds", "anju_outbox_parked", "anju_sessions"} <= set(found)
    assert [line for line in page.content.decode().splitlines() if not LINE.match(line)] == []


@pytest.mark.django_db
def test_waiting_work_has_an_age(client):
    outbox.enqueue(topic=next(iter(outbox.topics())), key="x", payload={})
    OutboxEntry.objects.update(created_at="2026-01-01T00:00:00+08:00")
    found = numbers_of(client.get("/metrics"))
    assert found["anju_outbox_waiting"] == 1
    assert found["anju_outbox_oldest_seconds"] > 86_400


@pytest.mark.django_db
def test_requests_are_counted_by_view_and_never_by_address(client):
    before = numbers_of(client.get("/metrics"))
    name = 'anju_requests_total{view="metrics",status="2xx"}'
    client.get("/15412345678/?q=990101195203140016")
    page = client.get("/metrics")
    found = numbers_of(page)
    assert found[name] == before.get(name, 0) + 1
    assert found['anju_requests_total{view="none",status="4xx"}'] >= 1
    ends = [found[f'anju_request_seconds_bucket{{view="metrics",le="{end}"}}'] for end in (*metrics.BUCKETS, "+Inf")]
    assert ends == sorted(ends) and ends[-1] == found['anju_request_seconds_count{view="metrics"}']
    assert numbers_in(page.content.decode()) == set()


def count_in_child(folder, times: int) -> None:
    tally = counting.Tally()
    for _ in range(times):
        tally.add(folder, {"n|x|2xx": 1, "s|x|": 0.5})


def test_processes_add_up_and_a_dead_one_is_not_forgotten(tmp_path):
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=count_in_child, args=(tmp_path, 250)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert counting.read(tmp_path) == {"n|x|2xx": 1000, "s|x|": 500}
    counting.forget(tmp_path)
    assert counting.read(tmp_path) == {}


def test_child_of_a_fork_counts_in_a_file_of_its_own(tmp_path):
    tally = counting.Tally()
    tally.add(tmp_path, {"a": 1})
    worker = multiprocessing.get_context("fork").Process(target=tally.add, args=(tmp_path, {"a": 1}))
    worker.start()
    worker.join()
    assert counting.read(tmp_path) == {"a": 2}
    assert len(list(tmp_path.glob("[0-9]*"))) == 2


def test_counting_that_fails_costs_nobody_a_page(client, settings, tmp_path, monkeypatch):
    settings.VAR_DIR = tmp_path / "file"
    settings.VAR_DIR.write_text("not a folder")
    monkeypatch.setattr(metrics, "tally", counting.Tally())
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "said", "status"),
    [
        ("127.0.0.1", "", 200),
        ("192.0.2.7", "", 404),
        ("192.0.2.7", "Bearer ", 404),
        ("192.0.2.7", "Bearer wrong", 404),
        ("192.0.2.7", "Bearer 秘密", 404),
        ("192.0.2.7", "Bearer right-token", 200),
    ],
)
def test_only_the_monitoring_may_ask(client, settings, address, said, status):
    settings.METRICS_TOKEN = "right-token"
    assert client.get("/metrics", REMOTE_ADDR=address, HTTP_AUTHORIZATION=said).status_code == status


@pytest.mark.django_db
def test_without_a_token_no_token_fits(client, settings):
    assert settings.METRICS_TOKEN == ""
    for said in ("", "Bearer", "Bearer "):
        assert client.get("/metrics", REMOTE_ADDR="192.0.2.7", HTTP_AUTHORIZATION=said).status_code == 404


@pytest.mark.django_db
def test_behind_a_proxy_the_callers_own_address_counts(client, settings):
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    assert client.get("/metrics", HTTP_X_FORWARDED_FOR="192.0.2.7").status_code == 404
    client.force_login(make_user(region=make_world().county))
    assert client.get("/metrics", HTTP_X_FORWARDED_FOR="192.0.2.7").status_code == 404
