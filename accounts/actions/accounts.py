"""Accounts made, reset, changed and cancelled by the level above (账号逐级管理, domain §9.1, L-11)."""

from dataclasses import dataclass

from django.db import transaction

from accounts import handover
from accounts.actions import audit, messages, passwords
from accounts.choices import Status
from accounts.guards import against_granting, against_managing, against_touching
from accounts.models import AuditEntry, Office, User
from accounts.permissions import Can, capabilities
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
    _refuse(against_managing(by, office) or against_granting(by, duties))
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
    """Other unit, name, phone or duties; whoever loses or gains rights has to log in again.

    Whoever goes to another unit, or decides no longer, leaves work behind just as a cancelled account does.
    """
    _refuse(against_managing(by, office))
    with transaction.atomic():
        user = _locked(by, user)
        if set(duties) != set(user.duties):
            _refuse(against_granting(by, duties))
        if _steps_down(user, office, duties):
            _refuse_left_behind(user)
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
        _refuse_left_behind(user)
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
        _refuse_left_behind(user)
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


def _locked(by: User, user: User) -> User:
    rows = User.objects.visible_to(by).select_for_update(of=("self",)).select_related("office__region")
    found = rows.filter(pk=user.pk).first()
    if found is None:
        raise Refusal("未找到该账号")
    _refuse(against_managing(by, found.office) or against_touching(by, found))
    return found


def _steps_down(user: User, office: Office, duties: list[str]) -> bool:
    decided, decides = capabilities(user.level, user.duties), capabilities(office.level, duties)
    return office != user.office or (Can.HANDLE_CASES in decided and Can.HANDLE_CASES not in decides)


def _refuse_left_behind(user: User) -> None:
    if holdings := handover.left_behind(user):
        raise Refusal("请先交接：" + "；".join(holdings))


def _refuse(reason: str | None) -> None:
    if reason:
        raise Refusal(reason)


def _tell(user: User, action: str) -> None:
    text = N42.format(username=user.username, action=action)
    messages.send(recipient=user.uid, kind="N42", text=text)
    if user.phone:
        messages.send_sms(phone=user.phone, text=text)
