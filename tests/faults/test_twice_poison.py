"""One poison row in a batch (F24): the others proceed, and it waits apart with a reason that an administrator can read.

The catalogue's one in 10,000 for the ladder; for the outbox one in 2,000 (factor 5), whose entries are done one by one.
"""

import html

from django.test import Client

from accounts.actions import outbox
from accounts.actions.messages import send_sms
from accounts.audit_words import action_words
from accounts.choices import Duty, OutboxState, SmsState
from accounts.models import OutboxEntry, SmsMessage
from renovation.actions import ladder
from renovation.actions.ladder import climb_ladder
from renovation.models import Case, CaseNode
from tests.factories.accounts import make_administrator
from tests.factories.bulk import make_open_cases
from tests.races.conftest import world  # noqa: F401  the committed county
from tests.scale import some

ENTRIES = some(40, 2000)
CASES = some(120, 10_000)


def _read(user, url: str) -> str:
    client = Client()
    client.force_login(user)
    return html.unescape(client.get(url).content.decode())


def fill_outbox() -> OutboxEntry:
    """Text messages to be sent, one of them about a row that is gone."""
    for number in range(ENTRIES):
        send_sms(phone=f"1547{number:07d}", text="测试")
    gone = SmsMessage.objects.order_by("id")[ENTRIES // 2]
    poison = OutboxEntry.objects.get(payload={"sms": gone.pk})
    gone.delete()
    return poison


def test_a_poison_entry_is_parked_after_three_tries_and_the_others_are_done(world, tried):  # noqa: F811
    poison = fill_outbox()
    for _ in range(4):
        for pk in OutboxEntry.objects.filter(state__in=outbox.OPEN).values_list("pk", flat=True):
            outbox.handle(pk)
    poison.refresh_from_db()
    assert (poison.state, poison.attempts) == (OutboxState.PARKED, outbox.MAX_ATTEMPTS)
    assert OutboxEntry.objects.exclude(pk=poison.pk).exclude(state=OutboxState.DONE).count() == 0
    assert SmsMessage.objects.filter(state=SmsState.SENT).count() == ENTRIES - 1
    system = make_administrator(Duty.SYSTEM_ADMIN, region=world.county)
    page = _read(system, "/admin/accounts/outboxentry/?state=parked")
    assert "DoesNotExist" in page
    assert poison.get_state_display() in page
    tried("F24", ENTRIES, "outbox entries around a poison one", "test_control_without_parking_it_is_tried_for_ever")


def test_control_without_parking_it_is_tried_for_ever(world, monkeypatch):  # noqa: F811
    monkeypatch.setattr(outbox, "MAX_ATTEMPTS", 10**6)
    poison = fill_outbox()
    for _ in range(7):
        outbox.handle(poison.pk)
    poison.refresh_from_db()
    assert (poison.state, poison.attempts) == (OutboxState.WAITING, 7)


def poison_ladder(world, monkeypatch) -> CaseNode:  # noqa: F811
    """Due cases, one of which no scanner can climb."""
    make_open_cases(CASES, places=[(world.village, world.officer.office)], by=world.officer, late=10, ahead=0)
    bad = CaseNode.objects.order_by("due_at", "id")[CASES // 3]
    real = ladder._passed

    def fail_on_bad(table, step, now):
        if step.id == bad.pk:
            raise ValueError("154 must not be quoted")
        return real(table, step, now)

    monkeypatch.setattr(ladder, "_passed", fail_on_bad)
    return bad


def test_a_poison_case_is_put_aside_and_the_others_climb(world, tried, monkeypatch):  # noqa: F811
    bad = poison_ladder(world, monkeypatch)
    climb_ladder(seconds=600)
    assert Case.objects.filter(is_overdue=True).count() == CASES - 1
    bad.refresh_from_db()
    assert bad.next_rung_at > bad.due_at
    auditor = make_administrator(Duty.AUDIT_ADMIN, region=world.county)
    page = _read(auditor, "/admin/accounts/auditentry/?action=ladder.put_aside")
    assert action_words("ladder.put_aside") in page
    assert "builtins.ValueError" in page
    assert "154 must not" not in page
    tried("F24", CASES, "due cases around a poison one", "test_control_without_going_on_one_by_one_nobody_climbs")


def test_control_without_going_on_one_by_one_nobody_climbs(world, monkeypatch):  # noqa: F811
    poison_ladder(world, monkeypatch)
    monkeypatch.setattr(ladder, "_climb_singly", lambda *args: 0)
    climb_ladder(batch=CASES + 1, seconds=0.1)
    assert not Case.objects.filter(is_overdue=True).exists()
