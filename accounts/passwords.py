"""Which passwords are accepted (V10, reliability L-04), and how an initial one is made (decision 12)."""

import re
import secrets
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator

from common import clock

WEAK_FILE = Path(__file__).parent / "data" / "weak_passwords.txt"
STRENGTH = "密码需{length}，且必需包含数字、大写字母、小写字母、字符"
WEAK = "这个密码太常见，容易被猜到，请换一个"
PERSONAL = "密码不能包含账号、手机号或行政区划编码"
REUSED = "不能使用最近用过的5个密码"
REMEMBERED = 5
SHORTEST = 8
# For so many days before its end an old password is warned of (L-05).
WARN_DAYS = 7

CLASSES = (r"[0-9]", r"[A-Z]", r"[a-z]", r"[^0-9A-Za-z\s]")
# Swaps that people believe to be clever: P@ssw0rd reads as password.
LEET = str.maketrans("@0$1!35", "aosiies")
# Without look-alikes: the slip is read off paper.
DIGITS, UPPER, LOWER, SIGNS = "23456789", "ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnpqrstuvwxyz", "@#%+=?"


def faults(password: str, *, user) -> list[str]:
    """Everything that speaks against this password for this account; empty when it may be used."""
    found = []
    if not SHORTEST <= len(password) <= longest() or not all(re.search(one, password) for one in CLASSES):
        found.append(STRENGTH.format(length=length_words()))
    if is_weak(password):
        found.append(WEAK)
    if any(word in password.lower() for word in personal_words(user)):
        found.append(PERSONAL)
    return found


def longest() -> int:
    """How many characters a password may have: 20 (等保), or 64 where whole sentences are wanted (L-04)."""
    return 64 if settings.PASSWORD_SENTENCES else 20


def length_words() -> str:
    """「8~20位」."""
    return f"{SHORTEST}~{longest()}位"


def is_weak(password: str) -> bool:
    """Whether the password is one of the common patterns, whatever signs and swaps dress it up."""
    lowered = password.lower()
    bare = re.sub(r"[^0-9a-z]", "", lowered)
    swapped = re.sub(r"[^0-9a-z]", "", lowered.translate(LEET))
    return not weak_list().isdisjoint({bare, bare.translate(LEET), swapped})


def personal_words(user) -> set[str]:
    """What others know about the account: its name, its phone, the code of its place (without the zeros)."""
    words = {user.username.lower(), (user.phone or "")[-8:]}
    if user.region is not None:
        words.add(user.region.code.rstrip("0"))
    return {word for word in words if len(word) >= 4}


def was_used(password: str, *, user) -> bool:
    """Whether it is the present password or one of the last five (decision 26)."""
    old = user.old_passwords.order_by("-id").values_list("password", flat=True)[:REMEMBERED]
    return any(check_password(password, known) for known in {user.password, *old} if known)


def due_at(user) -> datetime | None:
    """Until when this member of the staff may go on with the present password (L-05); None: as long as it likes.

    An initial password has a date of its own and leads to the first login instead.
    """
    if not settings.PASSWORD_DAYS or user.is_villager or user.must_change_password:
        return None
    return (user.password_set_at or user.created_at) + timedelta(days=settings.PASSWORD_DAYS)


def is_too_old(user) -> bool:
    """Whether nothing but the page for a new password is open to this account."""
    due = due_at(user)
    return due is not None and due <= clock.now()


def days_left(user) -> int | None:
    """Whole days until the password must be changed, in the last seven of them; None before."""
    due = due_at(user)
    left = due and (due - clock.now()).days
    return left if left is not None and left < WARN_DAYS else None


def initial_password() -> str:
    """A random password of 12 characters that satisfies the rules and can be copied from paper."""
    pick = secrets.SystemRandom()
    chosen = [pick.choice(group) for group in (DIGITS, UPPER, LOWER, SIGNS)]
    chosen += [pick.choice(DIGITS + UPPER + LOWER) for _ in range(8)]
    pick.shuffle(chosen)
    return "".join(chosen)


@lru_cache(maxsize=1)
def weak_list() -> frozenset[str]:
    """What people here choose, and the hundred thousand commonest passwords, words and names of the world."""
    # Here, not above: most processes never judge a password.
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    lines = set(WEAK_FILE.read_text("ascii").split())
    world = CommonPasswordValidator().passwords.union(*FREQUENCY_LISTS.values())
    common = {re.sub(r"[^0-9a-z]", "", line) for line in world}
    lines |= {word for word in common if len(word) >= 4}
    return frozenset(lines) | frozenset(line.translate(LEET) for line in lines)
