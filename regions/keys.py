"""Tree keys (decision 3): 12 digits in segments 2-2-2-3-3, so that a subtree is one range of keys.

A key equals the official code wherever the code follows the tree. Where it does not (the county of a
county-less city shares its city's digits, a moved township keeps its code) the segment is assigned from
the top down (99, 98 … / 999, 998 …): the statisticians number from the bottom up.
"""

from collections.abc import Callable

LENGTH = 12
NATION_KEY = "0" * LENGTH
# How many leading digits of its key a region of this level shares with all below it.
PREFIX = {"nation": 0, "province": 2, "city": 4, "county": 6, "township": 9, "village": 12}

_NEXT = {0: 2, 2: 4, 4: 6, 6: 9, 9: 12}


def key_range(key: str, level: str) -> tuple[str, str]:
    """Return the lowest and highest key of the subtree, both inclusive."""
    prefix = key[: PREFIX[level]]
    return prefix.ljust(LENGTH, "0"), prefix.ljust(LENGTH, "9")


def ancestor_keys(key: str) -> list[str]:
    """Return every key that could belong to an ancestor of `key` or to itself, nation first."""
    return list(dict.fromkeys(key[:size].ljust(LENGTH, "0") for size in PREFIX.values()))


def choose_key(
    *, parent_key: str, parent_code: str, parent_level: str, level: str, code: str, in_use: Callable[[str], bool]
) -> str:
    """Return a free key below the parent: the code itself where it follows the tree, else an assigned one.

    Below a parent with an assigned key, children whose codes follow the parent's code keep their own digits.
    `in_use(prefix)` says whether any region outside the parent's own line has a key that starts with these
    digits. Raises ValueError when the parent has no free segment left.
    """
    stem = parent_key[: PREFIX[parent_level]]
    known = len(stem)
    own = stem + code[known : PREFIX[level]]
    follows = code.startswith(parent_code[:known]) and int(own[known:]) and not in_use(own)
    if follows and not _borrows(own, known, in_use):
        return own.ljust(LENGTH, "0")
    return _assign(stem, level, in_use)


def _borrows(own: str, known: int, in_use: Callable[[str], bool]) -> bool:
    # Where a level is missing (a county straight under a province) the digits in between must be nobody else's.
    first = _NEXT[known]
    return len(own) > first and bool(int(own[known:first])) and in_use(own[:first])


def _assign(stem: str, level: str, in_use: Callable[[str], bool]) -> str:
    size = PREFIX[level]
    width = 3 if level in ("township", "village") else 2
    stem = stem.ljust(size - width, "0")
    for number in range(10**width - 1, 0, -1):
        prefix = f"{stem}{number:0{width}d}"
        if not in_use(prefix):
            return prefix.ljust(LENGTH, "0")
    raise ValueError(f"no free segment below {stem or 'the nation'}")
