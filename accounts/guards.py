"""May this account manage that one? Each answers with the Chinese reason against it, or None (domain §1.3, §9.1)."""

from accounts.choices import ADMIN_DUTIES, LADDER, Duty
from accounts.models import Office, User
from accounts.permissions import Can
from accounts.queries import MANAGED_LEVELS


def grantable_duties(by: User) -> list[Duty]:
    """What the issuer may hand out: 三员 only come from a superuser or a security administrator (GB/T 22239)."""
    return list(Duty) if _appoints_administrators(by) else [duty for duty in Duty if duty not in ADMIN_DUTIES]


def against_managing(by: User, office: Office) -> str | None:
    """Accounts are made and changed by the level above, inside its region."""
    if not by.can(Can.MANAGE_ACCOUNTS):
        return "您的账号没有账号管理权限"
    if Office.objects.managed_by(by).filter(pk=office.pk).exists():
        return None
    levels = "、".join(level.label for level in LADDER if level in MANAGED_LEVELS.get(by.level, ()))
    return f"只能管理本辖区下级单位的账号（{levels or '无'}）"


def against_granting(by: User, duties: list[str]) -> str | None:
    """Nobody hands out what is not his to give, and 三员 hold nothing else (decision 24)."""
    if not duties:
        return "请至少选择一项职责"
    if not set(duties) <= set(grantable_duties(by)):
        return "系统、安全、审计管理员只能由安全管理员指定"
    if set(duties) & set(ADMIN_DUTIES) and len(set(duties)) > 1:
        return "系统、安全、审计管理员不得兼任其他职责"
    return None


def against_touching(by: User, user: User) -> str | None:
    """Whoever may reset an administrator's password is that administrator: only who appoints them may (decision 24)."""
    if set(user.duties) & set(ADMIN_DUTIES) and not _appoints_administrators(by):
        return "系统、安全、审计管理员的账号只能由安全管理员管理"
    return None


def _appoints_administrators(by: User) -> bool:
    return by.is_superuser or Duty.SECURITY_ADMIN in by.duties
