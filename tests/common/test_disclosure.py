"""No text for everybody gives an ID, a telephone or an account away, however it is written (domain §15.3)."""

import pytest

from common.disclosure import ID_NUMBER, LONG_NUMBER, PHONE, forbidden_number
from tests.factories.people import make_id_number

OWN = "99990101"  # an invented account number, made longer below
ID = make_id_number("19520314", 1)
MOBILE = "15400000001"


def spaced(number: str, between: str) -> str:
    return between.join(number[at : at + 4] for at in range(0, len(number), 4))


@pytest.mark.parametrize("between", ["", " ", "-", "—", " - ", "\u3000", "\u200b", ".", "·"])
@pytest.mark.parametrize(
    ("number", "kind"), [(ID, ID_NUMBER), (MOBILE, PHONE), ("0999-1234567", PHONE), (OWN * 2 + "123", LONG_NUMBER)]
)
def test_number_is_found_however_it_is_spaced(number, kind, between):
    assert forbidden_number(f"村委会门口{spaced(number, between)}（张贴）") == kind


@pytest.mark.parametrize("number", [ID, MOBILE, "0999-1234567"])
def test_full_width_and_spelled_digits_hide_nothing(number):
    wide = "".join(chr(ord(one) + 0xFEE0) if one.isascii() and one != " " else one for one in number)
    spelled = "".join("〇一二三四五六七八九"[int(one)] if one.isdigit() else one for one in number)
    assert forbidden_number(f"电话{wide}")
    assert forbidden_number(f"电话{spelled}")


def test_lower_case_x_ends_an_id_number():
    numbers = [make_id_number("19520314", serial) for serial in range(40)]
    ending = next(number for number in numbers if number.endswith("X"))
    assert forbidden_number(f"（{ending.lower()}）") == ID_NUMBER


@pytest.mark.parametrize(
    "text",
    [
        "",
        "村务公开栏，第3组和第12组路口",
        "2026年11月26日起在村务公开栏张贴",
        "2026-11-26至2026-12-03，村委会门口",
        "20261126",
        "监督热线12345",
        "G56国道旁K2345+600处",
        "第一二三组",
    ],
)
def test_ordinary_words_pass(text):
    assert forbidden_number(text) == ""


def test_a_units_own_telephone_may_stand_there_and_no_other():
    allowed = ["0999-1234567"]
    assert forbidden_number("请打（0999）1234567", allowed) == ""
    assert forbidden_number("请打0999-7654321", allowed) == PHONE
    assert forbidden_number(f"请打0999-1234567，或{MOBILE}", allowed) == PHONE


def test_a_masked_number_is_a_number():
    assert forbidden_number(f"{ID[:6]}********{ID[-4:]}")
    assert forbidden_number("154****0001")
