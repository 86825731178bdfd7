"""B-N: identity numbers, telephones and names as forgers, typists and spreadsheets write them, through the form.

What the functions of common.identity say to each is in tests/common/test_identity.py; here the form of a person of a
phone (实名信息), of a member and of a cadre's applicant answer: one sentence beside the field, or a clean value.
"""

import datetime as dt

import pytest
from django import forms

from common import clock
from common.forms import HouseForm, IdNumberField, MobileField, PersonNameField
from tests.common.test_identity import with_check_digit
from tests.hostile.inventory import make
from tests.hostile.test_text import HAN, harm

GOOD = "990101195203140016"
TODAY = dt.date(2026, 11, 22)
ID, PHONE, NAME = IdNumberField(), MobileField(), PersonNameField()


def born(day: str, area: str = "990101", serial: str = "001") -> str:
    return with_check_digit(f"{area}{day}{serial}")


WRONG_CHECKS = [GOOD[:17] + last for last in "0123456789X" if last != GOOD[17]]
IDS_REFUSED = [
    *WRONG_CHECKS,
    "", "990101520314001", "99010119520314001", "9901011952031400166", "4" * 20, "5.32128E+17", "9.90101195203E+17",
    born("20261123"), born("20270101"), born("20990101"), born("18991231"), born("18960101"),
    born("19900229"), born("19000229"), born("20230229"), born("19901301"), born("19900431"), born("19900100"),
    "null", "undefined", "身份证", "无", "X" * 18, "९९०१०११९५२०३१४००१६", "99010119520314OO16", f"{GOOD},{GOOD}",
    GOOD + "\x00", "0" * 18, "1" * 18,
]  # fmt: skip
IDS_TAKEN = {
    GOOD: GOOD,
    "990101 19520314 0016": GOOD,
    "９９０１０１１９５２０３１４００１６": GOOD,
    "\u202e990101195203140016\u202c": GOOD,
    "99010119520314001643": GOOD,
    "99010119520314001643B2": GOOD,
    born("20000229"): born("20000229"),
    born("19040229"): born("19040229"),
    born("20261122"): born("20261122"),  # born today
    born("19000101"): born("19000101"),
    born("19900101", "830000"): born("19900101", "830000"),  # residence permit 83…
    born("19900101", "810000"): born("19900101", "810000"),
    born("19520314", "511023"): born("19520314", "511023"),  # a code abolished long ago
    born("19520314", "000000"): born("19520314", "000000"),
}
X = next(born("19900101", serial=f"{n:03}") for n in range(999) if born("19900101", serial=f"{n:03}").endswith("X"))
IDS_TAKEN |= {X: X, X.lower(): X, X[:17] + "ｘ": X, X[:17] + "Ｘ": X}
PHONES_REFUSED = [
    "", "1540000000", "154000000011", "12400000001", "10000000000", "0871-1234567", "08711234567", "15400000001转2",
    "+1 5400000001", "+852 15400000001", "15400000001,15400000002", "电话", "1.54E+10", "٠٥٤", "15400000001\x00",
]  # fmt: skip
PHONES_TAKEN = dict.fromkeys(
    (
        "15400000001", "+86 15400000001", "0086 15400000001", "154-0000-0001", "１５４００００" + "０００１",
        "\u202a15400000001\u202c", "154 0000 0001",
    ),
    "15400000001",
)  # fmt: skip
NAMES_REFUSED = [
    "", "张", "张三1", "Zhang San", "·张三", "张··三", "阿" * 31, "张三（户主）", "张\ue000", "😀😀", "张\x00三",
]  # fmt: skip
NAMES_TAKEN = {
    "张\u202e三": "张三",
    "张\u200b三": "张三",
    "𠮷田": "𠮷田",
    "王㛃": "王㛃",
    "买买提.阿卜杜拉": "买买提·阿卜杜拉",
    "阿" * 30: "阿" * 30,
}
WRONG = ((ID, IDS_REFUSED), (PHONE, PHONES_REFUSED), (NAME, NAMES_REFUSED))
RIGHT = ((ID, IDS_TAKEN), (PHONE, PHONES_TAKEN), (NAME, NAMES_TAKEN))
REFUSED = [(field, text) for field, texts in WRONG for text in texts]
TAKEN = [(field, *pair) for field, texts in RIGHT for pair in texts.items()]


@pytest.fixture(autouse=True)
def _day():
    with clock.freeze(TODAY):
        yield


def said(field, text: str) -> tuple[str, list[str]]:
    """The kept value and the messages, as a form with that one field gives them."""
    form = type("One", (HouseForm, forms.Form), {"one": field})({"one": text})
    form.is_valid()
    return form.cleaned_data.get("one", ""), [str(error) for errors in form.errors.values() for error in errors]


def test_there_are_ninety_cases():
    assert len(REFUSED) + len(TAKEN) >= 90


def test_what_is_no_identity_is_refused_in_chinese(tried):
    wrong = {}
    for field, text in REFUSED:
        kept, errors = said(field, text)
        if kept or not errors or not all(HAN.search(one) for one in errors) or GOOD in str(errors):
            wrong[text] = (kept, errors)
    assert wrong == {}
    tried(
        "B-N", len(REFUSED), "wrong identity numbers, telephones and names", "test_control_a_plain_box_takes_them_all"
    )


def kept_otherwise(cases) -> dict:
    """Right answers that a form with that field refuses, or keeps in another writing than the register's."""
    wrong = {}
    for field, text, value in cases:
        kept, errors = said(field, text)
        if (kept, errors) != (value, []) or harm(kept):
            wrong[text] = (kept, errors)
    return wrong


def test_what_is_one_is_kept_one_way(tried):
    assert kept_otherwise(TAKEN) == {}
    tried(
        "B-N",
        len(TAKEN),
        "identity numbers, telephones and names written in other ways",
        "test_control_a_plain_box_keeps_every_way_of_writing",
    )


def test_control_a_plain_box_keeps_every_way_of_writing():
    """One person would be several: none of the other ways of writing comes out as the register's."""
    other_ways = [(forms.CharField(), text, value) for _, text, value in TAKEN if text != value]
    assert len(other_ways) >= 15
    assert len(kept_otherwise(other_ways)) == len(other_ways)


def test_control_a_plain_box_takes_them_all():
    taken = [text for _, text in REFUSED if said(forms.CharField(), text)[0]]
    assert len(taken) > 40


@pytest.mark.parametrize("number", WRONG_CHECKS[:1] + [born("20261123"), "990101520314001"])
@pytest.mark.django_db
def test_pages_of_people_refuse_the_same(desk, number):
    """实名信息, a member and a cadre's applicant all use the field."""
    for form, field in (
        ("applicants.forms.persons.PersonForm", "id_number"),
        ("applicants.forms.persons.MemberForm", "id_number"),
        ("applicants.forms.answers.ApplicantForOtherForm", "applicant_id_number"),
    ):
        assert make(form, {field: number}, desk).errors[field] == ["身份证号格式不正确，请核对"]
