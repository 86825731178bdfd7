"""What has served its time goes (reliability P-06): tokens, codes, texts, finished work, counters."""

from datetime import timedelta

from accounts.actions.submissions import MAX_AGE
from accounts.choices import OutboxState
from accounts.models import KnownDevice, LoginAttempt, OutboxEntry, SmsCode, SmsMessage, Submission
from common import clock

BATCH = 5000
# Longer than anything still asks for them: a token dies after seven days, a code's daily limit after one.
KEEP = {
    "submissions": (Submission.objects.all(), "created_at", MAX_AGE + timedelta(days=1)),
    "codes": (SmsCode.objects.all(), "created_at", timedelta(days=2)),
    "texts": (SmsMessage.objects.all(), "created_at", timedelta(days=2)),
    "outbox": (OutboxEntry.objects.filter(state=OutboxState.DONE), "done_at", timedelta(days=30)),
    "devices": (KnownDevice.objects.all(), "last_seen_at", timedelta(days=365)),
    "logins": (LoginAttempt.objects.all(), "at", timedelta(days=400)),
}


def sweep() -> dict[str, int]:
    """Delete what is older than its time, at most 5,000 rows of a kind at once; returns how many of each."""
    return {name: _delete(*rule) for name, rule in KEEP.items()}


def _delete(rows, column: str, age: timedelta) -> int:
    # A clock that jumped ahead must not wipe the counters of failed logins (fault F16).
    old = rows.filter(**{f"{column}__lt": clock.slower_now() - age}).values_list("pk", flat=True)[:BATCH]
    return rows.model.objects.filter(pk__in=list(old)).delete()[0]
