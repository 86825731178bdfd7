"""Numbers of the regulations that doubts are measured by (domain §12), each with the document it stands in."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Standard:
    """One number and the document it stands in."""

    value: Decimal
    unit: str
    source: str


@dataclass(frozen=True)
class AreaRange:
    """The floor area, in m², that the guidance has for a new house of a family of that size."""

    least: Decimal
    most: Decimal

    def words(self) -> str:
        """「40—60平方米」."""
        return f"{plain(self.least)}—{plain(self.most)}平方米"


# 建村〔2018〕115号: what a family of one, two or three gets; from four on, so much a head.
AREA_SOURCE = "建村〔2018〕115号"
AREA_OF_FAMILY = {
    1: AreaRange(Decimal(20), Decimal(60)),
    2: AreaRange(Decimal(30), Decimal(60)),
    3: AreaRange(Decimal(40), Decimal(60)),
}
AREA_PER_HEAD = AreaRange(Decimal(13), Decimal(18))

# Domain §12 DQ50: nobody builds a house in less.
SHORTEST_BUILDING = Standard(Decimal(20), "天", "疑点规则DQ50")
# Domain §12 DQ51: strengthening does not make a house larger.
LARGEST_GROWTH = Standard(Decimal(10), "%", "疑点规则DQ51")
# 建村〔2015〕40号: D is pulled down and built anew, C is repaired, as a rule (DQ35, DQ36).
METHOD_SOURCE = "建村〔2015〕40号"


def area_range(people: int) -> AreaRange:
    """The guidance for a family of that many people (at least one)."""
    known = AREA_OF_FAMILY.get(people)
    return known or AreaRange(AREA_PER_HEAD.least * people, AREA_PER_HEAD.most * people)


def plain(number) -> str:
    """A number without empty decimals: 60, 75.5."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
