import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from kombu import pools
from kombu.exceptions import OperationalError

from accounts import tasks
from accounts.actions import outbox
from accounts.actions.messages import send_sms
from accounts.choices import OutboxState, SmsState
from accounts.models import AuditEntry, Message, OutboxEntry, SmsMessage
from common import clock
from tests.factories.accounts import make_phone_account, make_user


@pytest.fixture
def topic(monkeypatch):
    """A topic whose work is one inbox message: its effect is a row that can be counted."""
    monkeypatch.setattr(outbox, "_handlers", dict(outbox._handlers))
    account = make_phone_account()

    @outbox.handles("test.note")
    def note(payload):
        Message.objects.create(recipient=account.uid, kind="T", text=payload["text"])
        if payload.get("breaks"):
            raise RuntimeError("15400000001 must not be quoted")

    return "test.note"


@pytest.fixture
def sent(monkeypatch):
    """What was handed to the broker, in order."""
    numbers = []
    monkeypatch.setattr(tasks.handle_outbox, "delay", numbers.append)
    return numbers


def promise(topic, key="one", **payload):
    outbox.enqueue(topic=topic, payload={"text": key, **payload}, key=key)
    return OutboxEntry.objects.get(key=key)


def state_of(entry):
    entry.refresh_from_db()
    return entry.state


@pytest.mark.django_db
class TestPromise:
    def test_a_machine_whose_clock_runs_ahead_promises_for_now(self, topic, sent, monkeypatch):
        far = clock.now() + timedelta(days=400)
        with monkeypatch.context() as jumped:
            jumped.setattr("django.utils.timezone.now", lambda: far)
            entry = promise(topic)
        assert outbox.dispatch_outbox() == 1
        assert sent == [entry.pk]

    def test_an_entry_lives_and_dies_with_its_cause(self, topic):
        def break_off():
            with transaction.atomic():
                promise(topic)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            break_off()
        assert not OutboxEntry.objects.exists()

    def test_the_same_key_is_the_same_promise(self, topic):
        first, second = promise(topic), promise(topic)
        assert first.pk == second.pk

    def test_an_unknown_topic_is_refused_at_once(self, db):
        with pytest.raises(KeyError):
            outbox.enqueue(topic="nobody", payload={}, key="x")


@pytest.mark.django_db
class TestDispatch:
    def test_hands_over_once_then_again_after_a_minute(self, topic, sent):
        entry = promise(topic)
        assert (outbox.dispatch_outbox(), outbox.dispatch_outbox()) == (1, 0)
        with clock.freeze(clock.now() + timedelta(seconds=61)):
            assert outbox.dispatch_outbox() == 1
        assert sent == [entry.pk, entry.pk]

    def test_stops_sending_what_is_done(self, topic, sent):
        entry = promise(topic)
        outbox.handle(entry.pk)
        with clock.freeze(clock.now() + timedelta(hours=1)):
            assert outbox.dispatch_outbox() == 0

    def test_a_broker_that_is_down_raises_nothing_and_loses_nothing(self, topic, monkeypatch):
        entry = promise(topic)

        def refuse(entry_id):
            raise OperationalError("connection refused")

        monkeypatch.setattr(tasks.handle_outbox, "delay", refuse)
        assert outbox.dispatch_outbox() == 0
        assert state_of(entry) == OutboxState.SENT
        numbers = []
        monkeypatch.setattr(tasks.handle_outbox, "delay", numbers.append)
        with clock.freeze(clock.now() + timedelta(seconds=61)):
            assert outbox.dispatch_outbox() == 1
        assert numbers == [entry.pk]

    def test_a_real_broker_that_is_down_is_noticed_within_five_seconds(self, topic, settings):
        """No stand-in: a port where nobody listens, through Celery itself. Only the dispatcher waits, never a page."""
        import time

        from config.celery import app

        entry = promise(topic)
        before = app.conf.broker_url
        go_to(app, "redis://127.0.0.1:1/0")
        try:
            started = time.monotonic()
            assert outbox.dispatch_outbox() == 0
            assert time.monotonic() - started < 5
        finally:
            go_to(app, before)
        assert state_of(entry) == OutboxState.SENT


def go_to(app, address: str) -> None:
    """Let Celery talk to that broker from now on; connections it holds open would go on with the old one."""
    app.conf.update(broker_url=address)
    pools.reset()
    app._pool = app.amqp._producer_pool = None


@pytest.mark.django_db
class TestHandle:
    def test_delivered_twice_has_one_effect(self, topic):
        entry = promise(topic)
        assert (outbox.handle(entry.pk), outbox.handle(entry.pk)) == (True, False)
        assert Message.objects.count() == 1
        assert state_of(entry) == OutboxState.DONE

    def test_out_of_order_makes_no_difference(self, topic):
        entries = [promise(topic, key=str(number)) for number in range(5)]
        for entry in [*reversed(entries), *entries]:
            tasks.handle_outbox(entry.pk)
        assert sorted(Message.objects.values_list("text", flat=True)) == list("01234")

    def test_a_failure_leaves_no_trace_and_is_parked_after_three(self, topic):
        entry = promise(topic, breaks=True)
        for _ in range(3):
            assert state_of(entry) != OutboxState.PARKED
            outbox.handle(entry.pk)
        assert state_of(entry) == OutboxState.PARKED
        assert entry.attempts == 3
        assert not Message.objects.exists()

    def test_the_reason_names_the_error_and_quotes_nobody(self, topic):
        entry = promise(topic, breaks=True)
        outbox.handle(entry.pk)
        entry.refresh_from_db()
        assert entry.reason == "builtins.RuntimeError"

    def test_work_that_kills_its_worker_is_parked_too(self, topic):
        entry = promise(topic)
        for _ in range(3):
            assert outbox._begin(entry.pk)  # begun and never heard of again
        assert outbox.handle(entry.pk) is False
        assert state_of(entry) == OutboxState.PARKED
        assert entry.reason

    def test_a_parked_entry_can_be_put_back(self, topic, county, sent):
        entry = promise(topic, breaks=True)
        for _ in range(3):
            outbox.handle(entry.pk)
        OutboxEntry.objects.filter(pk=entry.pk).update(payload={"text": "mended"})
        outbox.retry(entry=entry, by=make_user(region=county))
        assert outbox.dispatch_outbox() == 1
        assert outbox.handle(entry.pk)
        assert AuditEntry.objects.filter(action="outbox.retry").exists()


@pytest.fixture
def county(db):
    from tests.factories.regions import make_tree

    return make_tree()["990101000000"]


def run_at_once(count, work):
    """Start `count` threads at one barrier and return what each gave back."""
    barrier, results = threading.Barrier(count), []

    def start():
        barrier.wait()
        try:
            results.append(work())
        finally:
            connection.close()

    threads = [threading.Thread(target=start) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_twelve_workers_on_one_entry_do_it_once(topic):
    entry = promise(topic)
    results = run_at_once(12, lambda: outbox.handle(entry.pk))
    assert sorted(results) == [False] * 11 + [True]
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_six_beats_at_once_hand_over_each_entry_once(topic, sent):
    for number in range(60):
        promise(topic, key=str(number))
    counts = run_at_once(6, lambda: outbox.dispatch_outbox(batch=60))
    assert sum(counts) == 60
    assert len(sent) == len(set(sent)) == 60


@pytest.mark.django_db
def test_sms_leaves_through_the_outbox_and_lies_sealed(sent):
    message = send_sms(phone="15400000001", text="验证码123456")
    raw = SmsMessage.objects.filter(pk=message.pk).values_list("phone", "text").get()
    assert not any(word in bytes(b"".join(map(bytes, raw))) for word in (b"15400000001", b"123456"))
    entry = OutboxEntry.objects.get()
    assert entry.payload == {"sms": message.pk}
    assert outbox.handle(entry.pk)
    message.refresh_from_db()
    assert message.state == SmsState.SENT
