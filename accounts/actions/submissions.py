"""Submit tokens (reliability §0.5): a double tap, a reload or a retry after a time-out is one and the same submit."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from django.core import signing
from django.db import connection, transaction

from accounts.models import Submission
from common.crypto import sm3
from common.errors import Refusal

SALT = "anju.submit"
# A form may lie open on a phone for days; the draft behind it brings a fresh token on every visit.
MAX_AGE = timedelta(days=7)


class BadToken(Refusal):
    """The submit carries no token of this person for this form."""


@dataclass(frozen=True)
class Outcome:
    """What a submit led to; `is_repeat` says that an earlier one with the same token had done it."""

    value: dict
    is_repeat: bool


def issue_token(owner, purpose: str) -> str:
    """A signed token for one submit of `purpose`; `owner` is a User, or the session of somebody not logged in."""
    return signing.dumps({"n": uuid4().hex, "o": _mark(owner), "p": purpose}, salt=SALT)


def once(*, token: str, by, purpose: str, work: Callable[[], dict]) -> Outcome:
    """Run `work` once for this token, atomically; later submits wait for the first and get its value.

    When `work` raises, everything rolls back and the token is free again. BadToken when it is not this owner's.
    """
    number = _read(token, by, purpose)
    with transaction.atomic():
        if not _reserve(number, by, purpose):
            return Outcome(Submission.objects.get(token=number).value, is_repeat=True)
        value = work()
        Submission.objects.filter(token=number).update(value=value)
    return Outcome(value, is_repeat=False)


def _reserve(number: UUID, by, purpose: str) -> bool:
    # On a conflict PostgreSQL waits here until the first transaction has ended, one way or the other.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_submission (token, owner, purpose, value, created_at)"
            " VALUES (%s, %s, %s, '{}', now()) ON CONFLICT (token) DO NOTHING",
            [number, _mark(by), purpose],
        )
        return cursor.rowcount == 1


def _read(token: str, by, purpose: str) -> UUID:
    try:
        said = signing.loads(token or "", salt=SALT, max_age=MAX_AGE)
        number = UUID(said["n"])
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        raise BadToken("页面已过期，请刷新后重新提交") from None
    if said["p"] != purpose or said["o"] != _mark(by):
        raise BadToken("页面已过期，请刷新后重新提交")
    return number


def _mark(owner) -> str:
    """Whom a token belongs to, without saying so to whoever reads it."""
    if getattr(owner, "uid", None):
        return str(owner.uid)
    if not owner.session_key:
        owner.create()
    return sm3(owner.session_key.encode())
