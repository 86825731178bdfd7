import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from common import clock, identity

GOOD = ["990101195203140016", "990101197809010223", "990101196507121046", "990101201206050030"]


def with_check_digit(first17: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return first17 + "10X98765432"[sum(w * int(c) for w, c in zip(weights, first17, strict=True)) % 11]


@pytest.fixture(autouse=True)
def _day():
    with clock.freeze(dt.date(2026, 11, 22)):
        yield


def says(validator, text) -> list[str]:
    try:
        validator(text)
    except ValidationError as error:
        return error.messages
    return []


@pytest.mark.parametrize("number", GOOD)
def test_id_number_that_is_right_passes(number):
    assert says(identity.validate_id_number, number) == []


@pytest.mark.parametrize("number", GOOD)
def test_id_number_with_any_other_check_digit_is_refused(number):
    wrong = [number[:17] + digit for digit in "0123456789X" if digit != number[17]]
    assert len(wrong) == 10
    assert {tuple(says(identity.validate_id_number, one)) for one in wrong} == {("身份证号格式不正确，请核对",)}


@pytest.mark.parametrize("number", GOOD)
def test_id_number_with_two_neighbours_swapped_is_refused(number):
    swapped = {number[:at] + number[at + 1] + number[at] + number[at + 2 :] for at in range(16)} - {number}
    assert all(says(identity.validate_id_number, one) for one in swapped)


@pytest.mark.parametrize(
    "typed",
    [
        "990101 19520314 0016",
        "９９０１０１１９５２０３１４００１６",
        "\u200b990101195203140016\u202c",
        "990101-19520314-0016",
        "99010119520314001643",
        "99010119520314001643B1",
        "\t990101195203140016\r\n",
    ],
)
def test_id_number_written_differently_is_the_same_number(typed):
    assert identity.normalise_id_number(typed) == "990101195203140016"
    assert says(identity.validate_id_number, typed) == []


def test_id_number_ending_in_x_passes_in_any_case():
    number = with_check_digit(
        next(f"99010119900101{n:03}" for n in range(999) if with_check_digit(f"99010119900101{n:03}")[-1] == "X")
    )
    for ending in ("X", "x", "Ｘ", "ｘ"):
        assert identity.normalise_id_number(number[:17] + ending) == number
        assert says(identity.validate_id_number, number[:17] + ending) == []


@pytest.mark.parametrize(
    "first17",
    [
        "83000019900101001",  # residence permit of a Taiwan compatriot
        "81000019900101001",
        "00000019900101001",
        "51102319520314001",  # a code abolished long ago
        "99010120000229001",
        "99010119000101001",
        "99010120261122001",  # born today
    ],
)
def test_id_number_of_unknown_region_or_special_date_passes(first17):
    assert says(identity.validate_id_number, with_check_digit(first17)) == []


@pytest.mark.parametrize(
    "first17",
    [
        "99010120261123001",  # tomorrow
        "99010120990101001",
        "99010118991231001",
        "99010119900229001",
        "99010119001301001",
        "99010119900431001",
        "99010119900100001",
    ],
)
def test_id_number_with_an_impossible_birth_date_is_refused(first17):
    assert says(identity.validate_id_number, with_check_digit(first17)) == ["身份证号格式不正确，请核对"]


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "990101520314001", "99010119520314001", "9901011952031400166", "99010119520314OO16", "X" * 18,
        "९९०१०११९५२०३१४००१६", "9.90101195203E+17", "null", "990101195203140016,990101197809010223", "男", "4" * 20,
    ],
)  # fmt: skip
def test_text_that_is_no_id_number_is_refused(typed):
    assert says(identity.validate_id_number, typed) == ["身份证号格式不正确，请核对"]


def test_facts_come_from_the_number():
    assert identity.birth_date_of(GOOD[0]) == dt.date(1952, 3, 14)
    assert [identity.gender_of(number) for number in GOOD] == ["男", "女", "女", "男"]


@pytest.mark.parametrize("number", ["", "12", "99010119520230001X", "９"])
def test_no_number_gives_no_facts(number):
    assert identity.birth_date_of(number) is None


@pytest.mark.parametrize(
    "typed", ["15400000001", "154 0000 0001", "+86 15400000001", "１５４０００００００１", "154-0000-0001"]
)
def test_mobile_passes(typed):
    assert says(identity.validate_mobile, typed) == []
    assert identity.normalise_phone(typed) == "15400000001"


@pytest.mark.parametrize(
    "typed",
    ["", "1540000000", "154000000011", "12400000001", "0871-1234567", "15400000001a", "电话15400000001", "86154000000"],
)
def test_number_that_is_no_mobile_is_refused(typed):
    assert says(identity.validate_mobile, typed) == ["手机号码格式不正确"]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("张三", "张三"),
        ("欧阳小三", "欧阳小三"),
        (" 张三\u200b", "张三"),
        ("买买提•阿卜杜拉", "买买提·阿卜杜拉"),
        ("买买提・阿卜杜拉", "买买提·阿卜杜拉"),
        ("买买提．阿卜杜拉", "买买提·阿卜杜拉"),
        ("买买提‧阿卜杜拉", "买买提·阿卜杜拉"),
        ("买买提.阿卜杜拉", "买买提·阿卜杜拉"),
        ("𠮷田", "𠮷田"),
        ("张䶮", "张䶮"),
        ("王㛃", "王㛃"),
        ("李𬱖", "李𬱖"),
        ("赵\U00031350", "赵\U00031350"),
        ("〇一", "〇一"),
        ("阿" * 30, "阿" * 30),
    ],
)
def test_name_passes_and_is_written_one_way(typed, name):
    assert says(identity.validate_person_name, typed) == []
    assert identity.normalise_person_name(typed) == name


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "张",
        "张 三",
        "张三1",
        "Zhang",
        "·张三",
        "张三·",
        "张··三",
        "阿" * 31,
        "张三（户主）",
        "张三,李四",
        "张\ue000",
        "😀😀",
        "ж三",
    ],
)
def test_text_that_is_no_name_is_refused(typed):
    assert says(identity.validate_person_name, typed) == ["姓名格式不正确"]


@pytest.mark.parametrize(
    "typed",
    [
        "12990101MB00000016",
        "91990101MA00000022",
        "91990101ma00000022",
        "91990101 MA00000022",
        "９１９９０１０１ＭＡ００００００２２",
    ],
)
def test_credit_code_passes(typed):
    assert says(identity.validate_uscc, typed) == []


def test_credit_code_of_a_village_collective_may_start_with_a_letter():
    from stdnum.cn import uscc

    assert says(identity.validate_uscc, "N2990101MF0000001" + uscc.calc_check_digit("N2990101MF0000001")) == []


@pytest.mark.parametrize(
    "typed",
    ["", "91990101MA00000023", "91990101MA0000002", "91990101MA000000222", "91990101IA00000022", "91990101OA00000022"],
)
def test_wrong_credit_code_is_refused(typed):
    assert says(identity.validate_uscc, typed) == ["统一社会信用代码不正确"]


def test_every_wrong_check_character_of_a_credit_code_is_refused():
    wrong = ["91990101MA0000002" + last for last in "0123456789ABCDEFGHJKLMNPQRTUWXY" if last != "2"]
    assert len(wrong) == 30
    assert {tuple(says(identity.validate_uscc, one)) for one in wrong} == {("统一社会信用代码不正确",)}
