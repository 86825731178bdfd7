"""Offices and accounts for tests; every other floor's tests build on these."""

from itertools import count

from accounts.choices import ADMIN_DUTIES, BUSINESS_DUTIES, Duty, Level
from accounts.models import Office, User

PASSWORD = "Anju-2026-test"
_numbers = count(1)


def make_office(region, level: str = "", **fields) -> Office:
    """The unit of that region (one per region and level unless a name is given)."""
    level = level or ("ministry" if region.level == "nation" else region.level)
    name = fields.pop("name", f"{region.name}住建部门")
    defaults = {"level": level, "phone": "0999-1234567", "supervising_phone": "0999-7654321", **fields}
    return Office.objects.get_or_create(region=region, name=name, defaults=defaults)[0]


def make_user(level: str = "", *, region=None, office=None, duties=None, password: str = "", **fields) -> User:
    """A staff account ready for work: of `office`, or of the office of `region`; all business duties by default.

    The password is only hashed when one is given (PASSWORD is a valid one): hashing is what logins are slow for.
    """
    office = office or make_office(region, level)
    number = next(_numbers)
    defaults = {
        "username": f"test-{number}",
        "display_name": f"测试员{number}",
        "phone": f"154{number:08d}",
        "position": "科员",
        "level": level or office.level,
        "office": office,
        "duties": list(BUSINESS_DUTIES if duties is None else duties),
    }
    user = User(**{**defaults, **fields})
    user.set_password(password) if password else user.set_unusable_password()
    user.save()
    return user


def make_administrator(duty: Duty, *, region=None, office=None, **fields) -> User:
    """One of the three administrators (系统、安全、审计管理员)."""
    assert duty in ADMIN_DUTIES
    return make_user(region=region, office=office, duties=[duty], **fields)


def make_phone_account(phone: str = "", **fields) -> User:
    """A villager's phone account; which person it speaks for is `act_as()`, set by the households floor."""
    number = next(_numbers)
    defaults = {"username": f"p{number:012d}", "phone": phone or f"154{90000000 + number}"}
    user = User(level=Level.VILLAGER, **{**defaults, **fields})
    user.set_unusable_password()
    user.save()
    return user
