"""Which passwords are accepted (V10, reliability L-04), and how an initial one is made (decision 12)."""

import re
import secrets
from functools import lru_cache
from pathlib import Path

from django.contrib.auth.hashers import check_password

WEAK_FILE = Path(__file__).parent / "data" / "weak_passwords.txt"
STRENGTH = "密码需8~20位，且必需包含数字、大写字母、小写字母、字符"
WEAK = "这个密码太常见，容易被猜到，请换一个"
PERSONAL = "密码不能包含账号、手机号或行政区划编码"
REUSED = "不能使用最近用过的5个密码"
REMEMBERED = 5

CLASSES = (r"[0-9]", r"[A-Z]", r"[a-z]", r"[^0-9A-Za-z\s]")
# Swaps that people believe to be clever: P@ssw0rd reads as password.
LEET = str.maketrans("@0$1!35", "aosiies")
# Without look-alikes: the slip is read off paper.
DIGITS, UPPER, LOWER, SIGNS = "23456789", "ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnpqrstuvwxyz", "@#%+=?"


def faults(password: str, *, user) -> list[str]:
    """Everything that speaks against this password for this account; empty when it may be used."""
    found = []
    if not 8 <= len(password) <= 20 or not all(re.search(one, password) for one in CLASSES):
        found.append(STRENGTH)
    if is_weak(password):
        found.append(WEAK)
    if any(word in password.lower() for word in personal_words(user)):
        found.append(PERSONAL)
    return found


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


def initial_password() -> str:
    """A random password of 12 characters that satisfies the rules and can be copied from paper."""
    pick = secrets.SystemRandom()
    chosen = [pick.choice(group) for group in (DIGITS, UPPER, LOWER, SIGNS)]
    chosen += [pick.choice(DIGITS + UPPER + LOWER) for _ in range(8)]
    pick.shuffle(chosen)
    return "".join(chosen)


@lru_cache(maxsize=1)
def weak_list() -> frozenset[str]:
    lines = WEAK_FILE.read_text("ascii").split()
    return frozenset(lines) | frozenset(line.translate(LEET) for line in lines)
