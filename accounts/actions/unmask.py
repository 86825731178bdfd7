"""【查看完整】 (domain §15.1): a full ID or phone number, one at a time, with a reason, counted and logged."""

from django.db import transaction

from accounts.actions import audit
from accounts.models import UnmaskLog, User
from accounts.permissions import Can
from common import clock, context
from common.errors import Refusal
from common.fields import SealedTextField

DAILY_LIMIT = 200


def reveal(*, by: User, instance, field: str, reason: str) -> str:
    """The clear value of a sealed field of a row the caller took from `visible_to(by)`; logged and audited.

    Refusal without the capability, without a reason, out of scope, or after 200 looks in a day (reliability P-01).
    """
    reason = " ".join((reason or "").split())
    if not by.can(Can.UNMASK):
        raise Refusal("您的账号没有查看完整信息的权限")
    if len(reason) < 2:
        raise Refusal("请填写查看原因")
    if not isinstance(instance._meta.get_field(field), SealedTextField) or not _is_visible(instance, by):
        raise Refusal("未找到该记录")
    with transaction.atomic():
        # The account's row is the turnstile: two looks at once must not both be the two-hundredth.
        User.objects.select_for_update().only("id").get(pk=by.pk)
        today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
        if UnmaskLog.objects.filter(user=by, at__gte=today).count() >= DAILY_LIMIT:
            raise Refusal(f"今天查看完整信息已达{DAILY_LIMIT}次，请明天再试")
        _log(by, instance, field, reason)
    return getattr(instance, field)


def _is_visible(instance, by: User) -> bool:
    rows = type(instance)._default_manager.all()
    if hasattr(rows, "visible_to"):
        rows = rows.visible_to(by)
    return rows.filter(pk=instance.pk).exists()


def _log(by: User, instance, field: str, reason: str) -> None:
    target = str(getattr(instance, "uid", instance.pk))
    entry = audit.record(by=by, action="unmask", target=instance, changes={"字段": field}, reason=reason)
    UnmaskLog.objects.create(
        user=by,
        kind=instance._meta.label_lower,
        target=target,
        field=field,
        reason=reason[:200],
        region_key=entry.region_key,
        ip=context.current().ip,
        at=clock.now(),
    )
