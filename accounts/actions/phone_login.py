"""Villager login (decision 8, L-08): a six-digit code to the phone, ten minutes, five tries."""

import secrets
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Max, Q
from django.utils.crypto import constant_time_compare

from accounts.actions import audit
from accounts.actions.login import NOWHERE
from accounts.actions.messages import send_sms
from accounts.choices import Level, Status
from accounts.models import SmsCode, User
from accounts.throttle import block_of, lock_counters
from common import clock, context
from common.crypto import blind_index
from common.errors import Refusal

VALID = timedelta(minutes=10)
PAUSE = timedelta(seconds=60)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MAX_TRIES = 5
PER_DAY = 10
# A village meeting shares one network: generous per neighbourhood, tight per phone.
PER_IP_HOUR, PER_BLOCK_HOUR = 60, 200
TEXT = "您的登录验证码是{code}，10分钟内有效。请勿告诉他人。"


def send_code(*, phone: str) -> SmsCode:
    """Promise a code to that phone, known here or not; the caller keeps its uid in the session that asked.

    Refusal: within 60 seconds, after ten in a day, or when the caller's network asked too often.
    """
    ip, index = context.current().ip or NOWHERE, blind_index("phone", phone)
    with transaction.atomic():
        lock_counters(index, ip)
        _check_limits(index, ip)
        code = SmsCode(
            phone=phone, code=f"{secrets.randbelow(10**6):06d}", ip=ip, ip_block=block_of(ip), created_at=clock.now()
        )
        code.save()
        send_sms(phone=phone, text=TEXT.format(code=code.code))
    return code


def enter(*, code_uid: UUID, typed: str) -> User:
    """The account of the phone whose code this is, made on its first login. Refusal counts the try."""
    refusal = None
    with transaction.atomic():
        code = SmsCode.objects.select_for_update().filter(uid=code_uid).first()
        if code is None or code.used_at or code.created_at + VALID <= clock.now():
            raise Refusal("验证码已过期，请重新获取", code="expired")
        if code.tries >= MAX_TRIES:
            raise Refusal("验证码输错次数过多，请重新获取", code="expired")
        if constant_time_compare(code.code, typed):
            return _open(code)
        # The count must outlive the refusal, so it is raised after the commit.
        SmsCode.objects.filter(pk=code.pk).update(tries=F("tries") + 1)
        left = MAX_TRIES - code.tries - 1
        refusal = f"验证码不正确，还可以再试{left}次" if left else "验证码输错次数过多，请重新获取"
    raise Refusal(refusal, code="" if left else "expired")


def seconds_to_wait(code: SmsCode) -> int:
    """How long until another code may be asked for."""
    return max(0, round((code.created_at + PAUSE - clock.now()).total_seconds()))


def _open(code: SmsCode) -> User:
    code.used_at = clock.now()
    code.save(update_fields=["used_at"])
    user = _account_of(code.phone)
    if not user.is_active:
        raise Refusal("这个手机号已停用，请联系村委会")
    audit.record(by=user, action="login.phone")
    return user


def _account_of(phone: str) -> User:
    index = blind_index("phone", phone)
    accounts = User.objects.filter(level=Level.VILLAGER, phone_index=index)
    if user := accounts.first():
        return user
    user = User(username=f"p{secrets.token_hex(12)}", level=Level.VILLAGER, status=Status.ACTIVE, phone=phone)
    user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        return accounts.get()  # the same phone entered twice at once
    return user


def _check_limits(index: str, ip: str) -> None:
    now = clock.now()
    own = SmsCode.objects.filter(phone_index=index, created_at__gt=now - DAY)
    said = own.aggregate(last=Max("created_at"), count=Count("id"))
    if said["last"] and said["last"] + PAUSE > now:
        raise Refusal("验证码已发送，请60秒后再试")
    if said["count"] >= PER_DAY:
        raise Refusal("今天获取验证码次数过多，请明天再试，或请村干部代办")
    near = SmsCode.objects.filter(ip_block=block_of(ip), created_at__gt=now - HOUR)
    asked = near.aggregate(block=Count("id"), one=Count("id", filter=Q(ip=ip)))
    if asked["one"] >= PER_IP_HOUR or asked["block"] >= PER_BLOCK_HOUR:
        raise Refusal("您所在网络获取验证码过于频繁，请稍后再试")
