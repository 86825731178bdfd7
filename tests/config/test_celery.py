from config.celery import app
from config.schedule import EVERY


def test_every_periodic_task_exists():
    app.loader.import_default_modules()
    assert set(EVERY) - set(app.tasks) == set()


def test_tasks_survive_a_killed_worker_and_carry_only_json():
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.accept_content == ["json"]
    assert app.conf.broker_transport_options["visibility_timeout"] > app.conf.task_time_limit


def test_broker_that_is_gone_is_noticed_at_once():
    import time

    import pytest
    from kombu.exceptions import OperationalError

    began = time.monotonic()
    with app.connection_for_write("redis+socket:///nonexistent/redis.sock") as gone, pytest.raises(OperationalError):
        gone.ensure_connection(max_retries=0, timeout=0.5, reraise_as_library_errors=True)
    assert time.monotonic() - began < 1
