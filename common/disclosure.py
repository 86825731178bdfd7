"""Numbers that must not stand in a text that everybody may read: ID, telephone, bank account (domain §15.3)."""

import re
import unicodedata
from collections.abc import Iterable

from common.text import INVISIBLE

ID_NUMBER, PHONE, LONG_NUMBER = "身份证号码", "电话号码", "银行账号或其他长串号码"

# 〇一二 … as digits: a number spelled out is the same number.
_SPELLED = str.maketrans("〇零一二三四五六七八九", "00123456789")
# What people put between the groups of one number, stars of a mask included.
_BETWEEN = r"(?:[\s\-\u2010-\u2015\u2212._·•()]{0,3}|\*{1,14})"
_RUN = re.compile(rf"\d(?:{_BETWEEN}\d)*(?:{_BETWEEN}[Xx](?![A-Za-z]))?")
_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_BORN = re.compile(rf"\d{{6}}(?:{_DATE.pattern})\d{{3}}[\dXx]")
# Shorter ones are house numbers, years and hotlines like 12345.
_SHORTEST = 7


def forbidden_number(text: str, allowed: Iterable[str] = ()) -> str:
    """The kind of number that the text gives away, in Chinese; '' for none. Spaces, dashes and full width hide none.

    `allowed`: numbers that may stand there, as a unit's own telephone does.
    """
    plain = unicodedata.normalize("NFKC", INVISIBLE.sub("", text or "")).translate(_SPELLED)
    known = {digits_of(number) for number in allowed} - {""}
    for run in _RUN.findall(plain):
        if digits_of(run) not in known and (kind := _kind(digits_of(run))):
            return kind
    return ""


def digits_of(number: str) -> str:
    """The number without anything between its digits; X stays."""
    return re.sub(r"[^0-9X]", "", unicodedata.normalize("NFKC", number).upper())


def _kind(digits: str) -> str:
    if len(digits) < _SHORTEST or _DATE.fullmatch(digits):
        return ""
    if _BORN.fullmatch(digits) or (len(digits) == 15 and _DATE.fullmatch(f"19{digits[6:12]}")):
        return ID_NUMBER
    is_mobile = re.fullmatch(r"(?:0|00)?(?:86)?1[3-9]\d{9}", digits)
    return PHONE if is_mobile or len(digits) <= 12 else LONG_NUMBER
