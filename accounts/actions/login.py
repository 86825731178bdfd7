"""Staff login (reliability §3.5): username and password, counted, slowed down, locked."""

import secrets
from dataclasses import dataclass

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone

from accounts import throttle
from accounts.actions import audit
from accounts.choices import LoginOutcome
from accounts.models import KnownDevice, LoginAttempt, User
from common import clock, context
from common.crypto import sm3

WRONG, WRONG_OLD = "账号或密码不正确", "原密码不正确"
ASK_CAPTCHA = "请先填写验证码"
# One address for callers without one (a test client over a socket): they share their counters.
NOWHERE = "0.0.0.0"  # noqa: S104


@dataclass(frozen=True)
class Result:
    """The answer to a try: the account, or what the person is told and whether a captcha is asked next time."""

    user: User | None = None
    message: str = ""
    needs_captcha: bool = False
    device: str = ""
    is_evaluated: bool = False


def try_login(*, username: str, password: str, device: str = "", captcha_ok: bool = False) -> Result:
    """Judge one try. Unknown, wrong and locked names get the same words and are counted alike (L-06).

    Nothing is compared while the counters forbid it, so a flood of guesses stays cheap.
    """
    attempt = _begin(username, is_known=_is_known(username, device), captcha_ok=captcha_ok)
    if isinstance(attempt, throttle.Gate):
        return _refused(attempt)
    user = _account(username, password)
    return _succeed(attempt, user, device) if user else _fail(attempt, username)


def prove_password(*, user: User, password: str) -> str | None:
    """Why the password that somebody logged in gives as the present one does not count, or None when it is right.

    Counted, slowed down and locked like a login from this account's own browser: an open desk is no place to guess.
    """
    attempt = _begin(user.username, is_known=True, captcha_ok=True)
    if isinstance(attempt, throttle.Gate):
        return _words(attempt, WRONG_OLD)
    if check_password(password, User.objects.values_list("password", flat=True).get(pk=user.pk)):
        # Without the account: this was no login, and must not pass for the last one.
        LoginAttempt.objects.filter(pk=attempt.pk).update(outcome=LoginOutcome.OK)
        return None
    _note_failure(attempt, user, "account.password_failed")
    return _words(_gate_of(attempt), WRONG_OLD)


def _begin(username: str, *, is_known: bool, captcha_ok: bool) -> LoginAttempt | throttle.Gate:
    """Note a try that may be judged now, or give the gate that is closed to it."""
    caller = context.current()
    ip, subject = caller.ip or NOWHERE, throttle.subject_of(username)

    def closed() -> throttle.Gate | None:
        gate = throttle.gate(subject=subject, ip=ip, is_known_device=is_known)
        return None if gate.is_open and (captcha_ok or not gate.needs_captcha) else gate

    # Asked without the lock first: a flood is turned away before it queues up in front of the owner.
    if gate := closed():
        return gate
    with transaction.atomic():
        throttle.lock_counters(subject, ip)
        return closed() or LoginAttempt.objects.create(
            subject=subject,
            ip=ip,
            ip_block=throttle.block_of(ip),
            is_known_device=is_known,
            user_agent=caller.user_agent[:300],
            at=clock.now(),
        )


def still_wanted(user: User) -> str | None:
    """What stands in the way of a right password (an expired initial one), as a Chinese sentence."""
    if user.must_change_password and user.password_expires_at and user.password_expires_at < clock.now():
        return "初始密码已超过7天有效期，请联系上一级主管部门重置"
    return None


def _is_known(username: str, device: str) -> bool:
    if not device:
        return False
    return KnownDevice.objects.filter(account__username=username.strip(), token_hash=sm3(device.encode())).exists()


def _account(username: str, password: str) -> User | None:
    """The active staff account with that name and password; whatever is missing, one hash is computed."""
    user = User.objects.staff().active().select_related("office__region").filter(username=username.strip()).first()
    if user is None:
        make_password(password)
        return None
    return user if check_password(password, user.password) else None


def _succeed(attempt: LoginAttempt, user: User, device: str) -> Result:
    if reason := still_wanted(user):
        return Result(message=reason, is_evaluated=True)
    device = device or secrets.token_urlsafe(32)
    with transaction.atomic():
        attempt.outcome, attempt.account = LoginOutcome.OK, user
        attempt.save(update_fields=["outcome", "account"])
        KnownDevice.objects.update_or_create(
            account=user,
            token_hash=sm3(device.encode()),
            defaults={"user_agent": attempt.user_agent, "ip": attempt.ip},
        )
        audit.record(by=user, action="login")
    return Result(user=user, device=device, is_evaluated=True)


def _fail(attempt: LoginAttempt, username: str) -> Result:
    account = User.objects.staff().filter(username=username.strip()).select_related("office__region").first()
    _note_failure(attempt, account, "login.failed")
    gate = _gate_of(attempt)
    return Result(message=_words(gate), needs_captcha=gate.needs_captcha, is_evaluated=True)


def _note_failure(attempt: LoginAttempt, account: User | None, action: str) -> None:
    with transaction.atomic():
        attempt.outcome, attempt.account = LoginOutcome.WRONG, account
        attempt.save(update_fields=["outcome", "account"])
        audit.record(by=None, action=action, target=account, region=account)


def _gate_of(attempt: LoginAttempt) -> throttle.Gate:
    return throttle.gate(subject=attempt.subject, ip=attempt.ip, is_known_device=attempt.is_known_device)


def _refused(gate: throttle.Gate) -> Result:
    return Result(message=ASK_CAPTCHA if gate.is_open else _words(gate), needs_captcha=gate.needs_captcha)


def _words(gate: throttle.Gate, wrong: str = WRONG) -> str:
    if gate.is_network_busy:
        return "您所在网络的登录失败次数过多，请15分钟后再试"
    if not gate.tries_left:
        return (
            f"{wrong}。已暂停登录，请在{timezone.localtime(gate.opens_at):%H:%M}以后再试；忘记密码请联系上一级主管部门"
        )
    wait = f"请等待{max(1, round((gate.opens_at - clock.now()).total_seconds()))}秒，" if gate.opens_at else ""
    return f"{wrong}。{wait}还可以再试{gate.tries_left}次，都不正确将暂停登录15分钟"
