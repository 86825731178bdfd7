"""Where the lines of a card stand, once the card lies upright: told by the number, the longest line of digits."""

import math
import re
import unicodedata
from dataclasses import dataclass

# The number on a card, with or without its label, as far as a reader may have got it.
DIGITS = re.compile(r"[0-9OoIl|]{12,}")
Point = tuple[float, float]


@dataclass(frozen=True, repr=False)
class Line:
    """A piece of text and its four corners in pixels, clockwise from the upper left; silent about itself in logs."""

    text: str
    corners: tuple[Point, Point, Point, Point]

    @property
    def centre(self) -> Point:
        return sum(x for x, _ in self.corners) / 4, sum(y for _, y in self.corners) / 4

    @property
    def width(self) -> float:
        return math.dist(self.corners[0], self.corners[1])

    @property
    def height(self) -> float:
        return math.dist(self.corners[1], self.corners[2])

    @property
    def is_standing(self) -> bool:
        """Whether the text runs up or down the picture."""
        return self.height > 1.5 * self.width


def plain(text: str) -> str:
    """Half-width, without blanks: how lines are compared."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def number_line(lines: list[Line]) -> Line | None:
    """The line with the most digits in a row, or None where nothing looks like a number."""
    found = [
        (max(map(len, DIGITS.findall(plain(line.text)))), line) for line in lines if DIGITS.search(plain(line.text))
    ]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def turn_of(lines: list[Line], number: Line) -> float:
    """By how many degrees the picture must be turned clockwise for the card to lie upright, -180 to 180.

    The long side of the number gives the direction; that the number stands below everything else, the sense.
    """
    (ax, ay), (bx, by), (cx, cy), _ = number.corners
    if number.is_standing:
        ax, ay, bx, by = bx, by, cx, cy
    direction = math.atan2(by - ay, bx - ax)
    nx, ny = number.centre
    others = [line.centre for line in lines if line is not number]
    # How far the others lie above the number, seen along that direction.
    above = sum((x - nx) * math.sin(direction) - (y - ny) * math.cos(direction) for x, y in others)
    degrees = -math.degrees(direction) + (180 if above < 0 else 0)
    return (degrees + 180) % 360 - 180


def laid_upright(lines: list[Line], degrees: float) -> list[Line]:
    """The lines as they stand after turning the picture by so many degrees clockwise."""
    angle = math.radians(degrees)
    cos, sin = math.cos(angle), math.sin(angle)
    turned = []
    for line in lines:
        corners = [(x * cos - y * sin, x * sin + y * cos) for x, y in line.corners]
        turned.append(Line(line.text, _from_upper_left(corners)))
    return turned


def _from_upper_left(corners: list[Point]) -> tuple[Point, Point, Point, Point]:
    start = min(range(4), key=lambda at: sum(corners[at]))
    return tuple(corners[start:] + corners[:start])


def box_of(lines: list[Line]) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of all corners."""
    xs = [x for line in lines for x, _ in line.corners]
    ys = [y for line in lines for _, y in line.corners]
    return min(xs), min(ys), max(xs), max(ys)
