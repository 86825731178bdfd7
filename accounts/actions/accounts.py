"""Accounts made, reset, changed and cancelled by the level above (账号逐级管理, domain §9.1, L-11)."""

from dataclasses import dataclass

from django.db import transaction

from accounts import handover
from accounts.actions import audit, messages, passwords
from accounts.choices import ADMIN_DUTIES, LADDER, Duty, Status
from accounts.models import AuditEntry, Office, User
from accounts.permissions import Can
from accounts.queries import MANAGED_LEVELS
from common.errors import Refusal

N42 = "您的账号{username}已{action}，首次登录须修改密码并完善用户信息。"


@dataclass(frozen=True)
class Slip:
    """What the issuer hands over on paper (账号通知单); the password exists nowhere else."""

    user: User
    password: str
    action: str


def create_account(
    *, by: User, office: Office, username: str, display_name: str, phone: str, duties: list[str]
) -> Slip:
    """A new account of a unit below the issuer, with a random password for seven days (decision 12)."""
    _may_manage(by, office)
    _may_grant(by, duties)
    user = User(
        username=username,
        display_name=display_name,
        phone=phone,
        office=office,
        level=office.level,
        duties=sorted(duties),
        created_by=by,
    )
    password = passwords.set_initial(user)
    with transaction.atomic():
        user.full_clean(exclude=["password"])
        user.save()
        audit.record(by=by, action="account.create", target=user, changes={"username": username, "duties": duties})
        _tell(user, "创建")
    return Slip(user, password, "创建")


def reset_password(*, by: User, user: User) -> Slip:
    """A fresh random password for somebody who lost theirs; all sessions of the account end."""
    with transaction.atomic():
        user = _locked(by, user)
        password = passwords.set_initial(user)
        user.save()
        audit.record(by=by, action="account.reset", target=user)
        _tell(user, "重置密码")
    return Slip(user, password, "重置密码")


def change_account(*, by: User, user: User, office: Office, display_name: str, phone: str, duties: list[str]) -> User:
    """Other unit, name, phone or duties; whoever loses or gains rights has to log in again."""
    _may_manage(by, office)
    with transaction.atomic():
        user = _locked(by, user)
        if set(duties) != set(user.duties):
            _may_grant(by, duties)
        wanted = {"office": office, "display_name": display_name, "phone": phone, "duties": sorted(duties)}
        changes = {name: [getattr(user, name), value] for name, value in wanted.items() if getattr(user, name) != value}
        for name, value in wanted.items():
            setattr(user, name, value)
        user.level = office.level
        user.full_clean(exclude=["password"])
        user.save()
        audit.record(by=by, action="account.change", target=user, changes=changes)
    return user


def cancel_account(*, by: User, user: User, reason: str) -> User:
    """注销: nothing is deleted, nobody can log in, all sessions end. Refused while open work hangs on the account."""
    with transaction.atomic():
        user = _locked(by, user)
        if holdings := handover.left_behind(user):
            raise Refusal("请先交接：" + "；".join(holdings))
        user.status = Status.CANCELLED
        user.save(update_fields=["status"])
        audit.record(by=by, action="account.cancel", target=user, reason=reason)
    return user


def restore_account(*, by: User, user: User) -> Slip:
    """Back to 正常, with a fresh initial password."""
    with transaction.atomic():
        locked = _locked(by, user)
        locked.status = Status.ACTIVE
        locked.save(update_fields=["status"])
        audit.record(by=by, action="account.restore", target=locked)
        return reset_password(by=by, user=locked)


def delete_account(*, by: User, user: User) -> None:
    """Only an account that never acted may vanish (domain §9.1); every other one is 注销."""
    with transaction.atomic():
        user = _locked(by, user)
        if has_acted(user):
            raise Refusal("该账号已有操作记录，不能删除，请改为注销")
        audit.record(by=by, action="account.delete", target=user, changes={"username": user.username})
        user.delete()


def has_acted(user: User) -> bool:
    """Whether the account ever did anything that is on record."""
    return AuditEntry.objects.filter(actor=user).exists() or User.objects.filter(created_by=user).exists()


def suggest_username(office: Office) -> str:
    """The unit's division code, with -2, -3 … for its further accounts (decision 12)."""
    code = office.region.code
    taken = set(User.objects.filter(username__startswith=code).values_list("username", flat=True))
    names = (code if number == 1 else f"{code}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def grantable_duties(by: User) -> list[Duty]:
    """What the issuer may hand out: 三员 only come from a superuser or a security administrator (GB/T 22239)."""
    if by.is_superuser or Duty.SECURITY_ADMIN in by.duties:
        return list(Duty)
    return [duty for duty in Duty if duty not in ADMIN_DUTIES]


def _may_manage(by: User, office: Office) -> None:
    if not by.can(Can.MANAGE_ACCOUNTS):
        raise Refusal("您的账号没有账号管理权限")
    if not Office.objects.managed_by(by).filter(pk=office.pk).exists():
        levels = "、".join(level.label for level in LADDER if level in MANAGED_LEVELS.get(by.level, ()))
        raise Refusal(f"只能管理本辖区下级单位的账号（{levels or '无'}）")


def _may_grant(by: User, duties: list[str]) -> None:
    if not duties:
        raise Refusal("请至少选择一项职责")
    if not set(duties) <= set(grantable_duties(by)):
        raise Refusal("系统、安全、审计管理员只能由安全管理员指定")
    if set(duties) & set(ADMIN_DUTIES) and len(set(duties)) > 1:
        raise Refusal("系统、安全、审计管理员不得兼任其他职责")


def _locked(by: User, user: User) -> User:
    rows = User.objects.visible_to(by).select_for_update(of=("self",)).select_related("office__region")
    found = rows.filter(pk=user.pk).first()
    if found is None:
        raise Refusal("未找到该账号")
    _may_manage(by, found.office)
    return found


def _tell(user: User, action: str) -> None:
    text = N42.format(username=user.username, action=action)
    messages.send(recipient=user.uid, kind="N42", text=text)
    if user.phone:
        messages.send_sms(phone=user.phone, text=text)
