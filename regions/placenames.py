"""What is derived from a place's name: whether it is one at all, the full name, and what the search reads."""

import re

from common.names import syllables
from regions.choices import RegionLevel

NATION_NAME = "全国"
# Rows of the statisticians that fill a missing level and name no place (decision 3).
_NO_PLACE = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}
# 上坝村民委员会, 上坝村委会, 上坝村: people ask for 上坝村 and mean any of them.
_COMMITTEE = re.compile(r"(?:居?民委员会|居?委员会|居?民委会|居?委会)$")


def is_placeholder(name: str, parent_name: str) -> bool:
    """Does the row only fill a level: 市辖区 and the like, or a county that repeats its county-less city's name?"""
    return name in _NO_PLACE or name == parent_name


def full_name(parent, name: str, placeholder: bool) -> str:
    """Return the name with all above it, placeholders left out: 云岭省青屏市青溪县石桥镇上坝村."""
    above = "" if parent.level == RegionLevel.NATION else parent.full_name
    return above if placeholder else above + name


def core(name: str) -> str:
    """Return the part of a name that tells places apart: 上坝村民委员会 → 上坝村, 松林社区居委会 → 松林社区."""
    shorter = _COMMITTEE.sub("", name)
    return shorter if len(shorter) > 1 else name


def pairs(short: str) -> list[str]:
    """Return the distinct neighbouring pairs of characters the infix search asks for; none for a single character."""
    return list(dict.fromkeys([short[index : index + 2] for index in range(len(short) - 1)]))


def search_columns(short: str, reading: list[str] | None = None) -> dict:
    """Return the columns of Region the search reads, from the core of a name and its pinyin by syllable, if known."""
    if reading is None:
        reading = syllables(short, is_person=False)
    return {
        "pinyin": "".join(reading),
        "initials": "".join([syllable[0] for syllable in reading]),
        "grams": pairs(short),
    }
