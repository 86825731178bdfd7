"""Lines to fields, without the model: what it gets wrong, and how a card may lie."""

import pytest

from common.identity import normalise_id_number
from households.idcard.geometry import Line, laid_upright
from households.idcard.parse import Card, parse
from tests.factories.people import make_id_number

NUMBER = make_id_number("19520314", 7)


def line(text: str, x: float, y: float, width: float = 0, height: float = 36) -> Line:
    width = width or 32 * len(text)
    return Line(text, ((x, y), (x + width, y), (x + width, y + height), (x, y + height)))


def card(**changed) -> list[Line]:
    said = {
        "name": "姓名张石山",
        "sex": "性别女民族漢",
        "born": "出生1952年3月14日",
        "address": "住址云岭省青屏市青溪县石桥",
        "more": "鎮上坝村3组12號",
        "number": f"公民身份号码{NUMBER}",
    } | changed
    places = {"name": 60, "sex": 140, "born": 220, "address": 300, "more": 346, "number": 500}
    made = [line(text, 70 if key != "more" else 150, places[key]) for key, text in said.items() if text]
    return made[:-1] + [line(said["number"], 70, 500, width=830)] if said["number"] else made


def test_a_plain_card_gives_name_number_and_address():
    assert parse(card()) == Card("张石山", NUMBER, "云岭省青屏市青溪县石桥镇上坝村3组12号")


@pytest.mark.parametrize("degrees", [0, 7, -20, 45, 90, 135, 180, 270])
def test_the_number_tells_which_way_the_card_lies(degrees):
    assert parse(laid_upright(card(), degrees)).address.startswith("云岭省青屏市")
    assert parse(laid_upright(card(), degrees)).id_number == NUMBER


@pytest.mark.parametrize(
    "said", [f"身份号码{NUMBER}", NUMBER.replace("0", "O"), f"{NUMBER[:6]} {NUMBER[6:]}", f"号码:{NUMBER}"]
)
def test_number_is_found_however_the_line_was_cut(said):
    assert parse(card(number=said)).id_number == NUMBER


def test_a_number_of_two_pieces_is_put_together():
    lines = card(number="")
    lines += [line("公民身份号码", 70, 500, 250), line(NUMBER[:10], 350, 501, 250), line(NUMBER[10:], 620, 499, 220)]
    assert parse(lines).id_number in ("", NUMBER)
    lines = card(number="") + [line("公民身份号码", 70, 500, 250), line(NUMBER, 350, 501, 480)]
    assert parse(lines).id_number == NUMBER


@pytest.mark.parametrize("at", range(18))
def test_one_wrong_digit_leaves_the_field_empty(at):
    wrong = NUMBER[:at] + ("1" if NUMBER[at] != "1" else "2") + NUMBER[at + 1 :]
    assert parse(card(number=f"公民身份号码{wrong}")).id_number == ""


@pytest.mark.parametrize("tail", ["43", "12B", "12B1"])
def test_number_of_a_disability_card_gives_the_id(tail):
    assert parse(card(number=f"残疾人证号{NUMBER}{tail}", born="类别肢体等级二级")).id_number == NUMBER
    assert normalise_id_number(f" {NUMBER[:6]} {NUMBER[6:].lower()}{tail} ") == NUMBER


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("姓名阿依古丽•买买提", "阿依古丽·买买提"),
        ("姓名黃䶮", "黄䶮"),
        ("姓 名 緱石", "缑石"),
        ("名仇大山", "仇大山"),
        ("张石山", "张石山"),
        ("姓名Zhang", ""),
        ("姓名张", ""),
    ],
)
def test_names_are_cleaned_and_judged(said, name):
    assert parse(card(name=said)).name == name


def test_signs_read_off_the_portrait_are_left_out():
    lines = card()
    lines += [line("O", 700, 62), line("●", 720, 310), line("旧", 705, 350)]
    assert parse(lines) == parse(card())


def test_glare_that_hides_the_label_or_everything_leaves_what_is_sure():
    assert parse(card(address="云岭省青屏市青溪县石桥")).address.startswith("云岭省青屏市青溪县石桥镇上坝村")
    assert parse(card(address="", more="")).address == ""
    assert parse(card(number="")) == Card(name="张石山")
    assert parse([]) == Card()


def test_nothing_of_a_card_shows_itself_in_a_log():
    assert NUMBER not in repr(parse(card())) + repr(card()[-1]) + str(parse(card()))
