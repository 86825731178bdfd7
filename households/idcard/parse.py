"""Lines of a card to name, number and address. Sex and birth are never read: they stand in the number (V02)."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from common.identity import HAN, normalise_id_number, normalise_person_name, validate_id_number, validate_person_name
from households.idcard.geometry import Line, box_of, laid_upright, number_line, plain, turn_of

# The recogniser sometimes answers with the traditional form of a simplified print. Only signs that no card of the
# mainland has in a name of its own.
SIMPLIFIED = str.maketrans(
    "漢黃緱陳張劉楊趙吳孫馬鄭謝許鄧馮蔣葉蘇盧譚陸賈韋萬錢嚴湯賴龍縣鄉鎮號組區雲嶺門東溝橋壩灣聯華國",
    "汉黄缑陈张刘杨赵吴孙马郑谢许邓冯蒋叶苏卢谭陆贾韦万钱严汤赖龙县乡镇号组区云岭门东沟桥坝湾联华国",
)
# What a reader takes digits for; tried only inside a run that is long enough to be the number.
LOOKALIKES = str.maketrans("OoDIl|", "000111")
NUMBER = re.compile(r"(?<![0-9])([0-9]{17}[0-9Xx])([0-9]{2}(?:[Bb][0-9]?)?)?(?![0-9])")
RUN = re.compile(r"[0-9OoDIl|]{14,}[0-9XxOoDIl|BbS]*")
NAME_LABEL = re.compile(r"^[^姓名]{0,2}姓?名[:：]?")
LABELS = re.compile(r"性别|民族|出生|住址|公民身份|身份号码|残疾|类别|等级|证号|年.{1,4}月")
ADDRESS_LABEL = re.compile(r"^.?住址?[:：]?|^址[:：]?")
STRAY = re.compile(rf"[^{HAN}0-9A-Za-z\-—#()（）·、]")
# The printed lines end at 62 % of the card's width; right of it stands the portrait.
TEXT_SHARE = 0.62
# The number's own digits take this share of the card's width, counted from this share at the left.
DIGITS_SHARE, DIGITS_FROM = 0.56, 0.33


@dataclass(frozen=True, repr=False)
class Card:
    """What a photo said; '' where nothing trustworthy was read. Never shows itself in a log."""

    name: str = ""
    id_number: str = ""
    address: str = ""

    @property
    def is_complete(self) -> bool:
        return bool(self.name and self.id_number and self.address)

    @property
    def fields_read(self) -> int:
        return bool(self.name) + 2 * bool(self.id_number) + bool(self.address)


def parse(lines: list[Line]) -> Card:
    """The card that the lines of one photo make; without a number of right check digit its field stays empty."""
    lines = [Line(plain(line.text).translate(SIMPLIFIED), line.corners) for line in lines if plain(line.text)]
    number = number_line(lines)
    if number is None:
        return Card(name=_name(_rows(lines)))
    upright = laid_upright(lines, turn_of(lines, number))
    number = upright[lines.index(number)]
    rows = _rows(_left_of_portrait(upright, number))
    above = [row for row in rows if _middle(row) < number.centre[1] - number.height]
    return Card(_name(above), _id_number(_rows(upright), number), _address(above))


def _id_number(rows: list[list[Line]], number: Line) -> str:
    texts = ["".join(line.text for line in row) for row in rows if number in row]
    for text in texts:
        for run in (text, *(found.translate(LOOKALIKES) for found in RUN.findall(text))):
            for found in NUMBER.finditer(run):
                if is_number(candidate := normalise_id_number(found[0])):
                    return candidate
    return ""


def is_number(text: str) -> bool:
    """Whether the check digit and the birth date are right (V01): only then is the field filled at all."""
    try:
        validate_id_number(text)
    except ValidationError:
        return False
    return True


def _left_of_portrait(lines: list[Line], number: Line) -> list[Line]:
    left, _, right, _ = box_of([number])
    # With its label the line begins at the card's margin, without it at a third of its width.
    has_label = not number.text[:1].isdigit()
    width = (right - left) / (DIGITS_SHARE + (DIGITS_FROM - 0.06 if has_label else 0))
    start = left - width * (0.06 if has_label else DIGITS_FROM)
    edge = start + TEXT_SHARE * width
    return [line for line in lines if line is number or (line.centre[0] < edge and line.centre[0] > start)]


def _rows(lines: list[Line]) -> list[list[Line]]:
    """Lines side by side in one row, rows from top to bottom."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.centre[1]):
        if rows and line.centre[1] - _middle(rows[-1]) < 0.6 * min(line.height, rows[-1][0].height):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.centre[0]) for row in rows]


def _middle(row: list[Line]) -> float:
    return sum(line.centre[1] for line in row) / len(row)


def _name(rows: list[list[Line]]) -> str:
    texts = ["".join(line.text for line in row) for row in rows]
    labelled = [NAME_LABEL.sub("", text) for text in texts if NAME_LABEL.match(text)]
    first = [text for text in texts[:1] if not LABELS.search(text)]
    for text in labelled or first:
        name = normalise_person_name(re.sub(rf"[^{HAN}·•・．.]", "", text))
        if not LABELS.search(name) and _is_name(name):
            return name
    return ""


def _is_name(name: str) -> bool:
    try:
        validate_person_name(name)
    except ValidationError:
        return False
    return True


def _address(rows: list[list[Line]]) -> str:
    texts = ["".join(line.text for line in row) for row in rows]
    starts = [at for at, text in enumerate(texts) if "住" in text[:3] or text.startswith("址")]
    if not starts:  # the label was missed: the address follows the last of the other fields
        starts = [at + 1 for at, text in enumerate(texts) if LABELS.search(text)][-1:]
    if not starts:
        return ""
    lines = texts[starts[0] :]
    joined = ADDRESS_LABEL.sub("", lines[0]) + "".join(lines[1:]) if lines else ""
    address = STRAY.sub("", joined)[:200]
    return address if len(address) >= 4 else ""
