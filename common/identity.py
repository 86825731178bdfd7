"""Identity numbers, telephone numbers, names and credit codes (domain §11 V01–V04, V08)."""

import datetime as dt
import re
import unicodedata

from django.core.exceptions import ValidationError
from stdnum.cn import ric, uscc

from common import clock
from common.text import clean_text

BAD_ID_NUMBER = "身份证号格式不正确，请核对"
BAD_MOBILE = "手机号码格式不正确"
BAD_NAME = "姓名格式不正确"
BAD_USCC = "统一社会信用代码不正确"

ID_NUMBER = re.compile(r"[0-9]{17}[0-9X]")
# 残疾人证: the ID number, one digit of kind, one of degree, and after a loss "B" with a count.
DISABILITY_CARD = re.compile(r"([0-9]{17}[0-9X])[0-9]{2}(B[0-9]?)?")
MOBILE = re.compile(r"1[3-9][0-9]{9}")
HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
NAME = re.compile(rf"[{HAN}]+(?:·[{HAN}]+)*")
MIDDLE_DOTS = re.compile("[•・．‧･∙⋅﹒.]")
USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
EARLIEST_BIRTH_YEAR = 1900


def normalise_id_number(text: str) -> str:
    """The number as it is stored: half-width, no spaces, X upper case; a 残疾人证 number gives its first 18."""
    number = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", clean_text(text or ""))).upper()
    card = DISABILITY_CARD.fullmatch(number)
    return card[1] if card else number


def validate_id_number(text: str) -> None:
    """V01: 18 characters, a real birth date from 1900 to today, the check digit of ISO 7064 MOD 11-2.

    Unknown region prefixes pass: old codes stay on cards, 83 is a residence permit, 99 a test person.
    """
    number = normalise_id_number(text)
    if not ID_NUMBER.fullmatch(number) or ric.calc_check_digit(number) != number[-1]:
        raise ValidationError(BAD_ID_NUMBER, code="id_number")
    born = birth_date_of(number)
    if born is None or born.year < EARLIEST_BIRTH_YEAR or born > clock.today():
        raise ValidationError(BAD_ID_NUMBER, code="id_number")


def birth_date_of(id_number: str) -> dt.date | None:
    """The birth date in the number (V02: always derived, never typed); None when there is no real date in it."""
    number = normalise_id_number(id_number)
    if not ID_NUMBER.fullmatch(number):
        return None
    try:
        return dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def gender_of(id_number: str) -> str:
    """ "男" or "女" from the 17th digit (V02), '' when the number is not one."""
    number = normalise_id_number(id_number)
    if not ID_NUMBER.fullmatch(number):
        return ""
    return "男" if int(number[16]) % 2 else "女"


def normalise_phone(text: str) -> str:
    """Digits only, full-width ones made half-width; the country prefix +86 / 0086 before a mobile number dropped."""
    digits = re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", clean_text(text or "")))
    mobile = re.fullmatch(r"(?:00)?86(1[0-9]{10})", digits)
    return mobile[1] if mobile else digits


def validate_mobile(text: str) -> None:
    """V03: a mobile number of eleven digits, 13–19 first; separators and +86 are forgiven, letters and +1 are not."""
    plain = unicodedata.normalize("NFKC", clean_text(text or ""))
    if not re.fullmatch(r"(\+86)?[0-9 \-]+", plain) or not MOBILE.fullmatch(normalise_phone(text)):
        raise ValidationError(BAD_MOBILE, code="mobile")


def normalise_person_name(text: str) -> str:
    """The name without invisible characters and outer spaces, every sort of middle dot written "·"."""
    return MIDDLE_DOTS.sub("·", clean_text(text or "")).strip()


def validate_person_name(text: str) -> None:
    """V04: 2–30 Han characters, extension planes included, with "·" between parts of a minority name."""
    name = normalise_person_name(text)
    if not 2 <= len(name) <= 30 or not NAME.fullmatch(name):
        raise ValidationError(BAD_NAME, code="person_name")


def normalise_uscc(text: str) -> str:
    """The credit code half-width, upper case, without spaces or hyphens."""
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", clean_text(text or ""))).upper()


def validate_uscc(text: str) -> None:
    """V08 (GB 32100-2015). Letters may lead: N is a village collective, which python-stdnum's own check refuses."""
    code = normalise_uscc(text)
    if not USCC.fullmatch(code) or uscc.calc_check_digit(code[:17]) != code[-1]:
        raise ValidationError(BAD_USCC, code="uscc")
