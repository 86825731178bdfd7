"""Invented people (decision 2): names put together from words, ID prefix 99, phones 154."""

import random
from dataclasses import dataclass

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SURNAMES = "石云林田山溪禾松竹谷江岳"
_GIVEN = (
    "大山",
    "小溪",
    "青松",
    "禾苗",
    "春晓",
    "长河",
    "石头",
    "满仓",
    "秋实",
    "向阳",
    "水生",
    "桂香",
    "玉兰",
    "根发",
)


@dataclass(frozen=True)
class Somebody:
    """One invented person."""

    name: str
    id_number: str


def somebody(seed: int, *, youngest: int = 1990) -> Somebody:
    """The person of that seed; the same seed always gives the same one."""
    draw = random.Random(f"anju-demo-{seed}")
    name = draw.choice(_SURNAMES) + draw.choice(_GIVEN)
    birth = f"{draw.randint(1940, youngest)}{draw.randint(1, 12):02d}{draw.randint(1, 28):02d}"
    body = f"990101{birth}{seed % 1000:03d}"
    check = "10X98765432"[sum(int(one) * weight for one, weight in zip(body, _WEIGHTS, strict=True)) % 11]
    return Somebody(name, body + check)


def phone_number(seed: int) -> str:
    """A number of the unallocated segment 154."""
    return f"154{seed:08d}"
