from datetime import timedelta

import pytest

from accounts.actions.messages import send_sms
from accounts.actions.outbox import handle
from accounts.actions.phone_login import send_code
from accounts.actions.submissions import issue_token, once
from accounts.actions.sweep import sweep
from accounts.models import OutboxEntry, SmsCode, Submission
from common import clock
from tests.factories.accounts import make_phone_account

pytestmark = pytest.mark.django_db


def test_what_has_served_its_time_goes_and_the_rest_stays():
    account = make_phone_account()
    once(token=issue_token(account, "x"), by=account, purpose="x", work=dict)
    send_code(phone="15400000001")
    handle(OutboxEntry.objects.get().pk)
    send_sms(phone="15400000002", text="waiting work is never swept")
    assert set(sweep().values()) == {0}
    with clock.freeze(clock.now() + timedelta(days=60)):
        swept = sweep()
    assert (swept["submissions"], swept["codes"], swept["texts"], swept["outbox"]) == (1, 1, 2, 1)
    assert not Submission.objects.exists()
    assert not SmsCode.objects.exists()
    assert OutboxEntry.objects.count() == 1


def test_todays_codes_still_count_against_the_daily_limit():
    send_code(phone="15400000001")
    with clock.freeze(clock.now() + timedelta(hours=23)):
        sweep()
    assert SmsCode.objects.exists()


def test_a_machine_whose_clock_jumped_ahead_forgets_no_token(monkeypatch):
    account = make_phone_account()
    once(token=issue_token(account, "x"), by=account, purpose="x", work=dict)
    far = clock.now() + timedelta(days=400)
    monkeypatch.setattr("django.utils.timezone.now", lambda: far)
    assert set(sweep().values()) == {0}
