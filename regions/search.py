"""Find a place by name, pinyin, initials or code; at most some fifty rows are read, whatever the table's size."""

from dataclasses import dataclass

from django.db.models import Q

from regions.choices import RegionLevel
from regions.models import Region
from regions.models.region import RegionQuerySet
from regions.placenames import core, pairs

LIMIT = 20
# What people leave out when they type a place: 上坝 may be called any of these in full.
_ENDINGS = (
    "", "村", "村委会", "村民委员会", "村村委会", "村村民委员会", "社区", "社区居委会", "社区居民委员会", "居委会",
    "居民委员会", "镇", "乡", "街道", "街道办事处", "县", "市", "区", "省", "自治区", "自治州", "自治县", "嘎查",
)  # fmt: skip
# Pairs that tens of thousands of names share find nothing in particular.
_COMMON = {"社区", "村村", "新村", "委会"}


@dataclass(frozen=True)
class Hits:
    """What a search found, best first: exact, then prefix, then infix; `has_more` = type more or choose an area."""

    regions: list[Region]
    has_more: bool


def search(text: str, *, within: list[Region] | None = None, down_to: str = RegionLevel.VILLAGE) -> Hits:
    """Return up to 20 effective places at `down_to` or above it, inside one of the regions `within` (None = anywhere).

    Words before the last one narrow the area: 「青溪 上坝」 finds 上坝 in 青溪.
    """
    words = text.split()[:4]
    if not words:
        return Hits([], has_more=False)
    area = _area(within)
    for word in words[:-1]:
        upper = [region for region in _find(word, area, down_to) if region.level != RegionLevel.VILLAGE]
        if not upper:
            return Hits([], has_more=False)
        area = _area(upper)
    found = _find(words[-1], area, down_to)
    return Hits(found[:LIMIT], has_more=len(found) > LIMIT)


def matching(word: str) -> Q:
    """Return the condition for lists that page through all matches (Django admin); index-backed like the search."""
    word = word.strip().lower()[:30]
    if word.isascii() and word.isdigit():
        return Q(code__startswith=word)
    if word.isascii():
        return Q(initials__startswith=word) | Q(pinyin__startswith=word)
    wanted = [pair for pair in pairs(core(word)) if pair not in _COMMON]
    infix = Q(grams__contains=wanted, name__contains=core(word)) if wanted else Q(pk__in=[])
    return Q(name__startswith=word) | infix


def _area(regions: list[Region] | None) -> Q:
    if regions is None:
        return Q()
    area = Q(pk__in=[])
    for region in regions:
        area |= Q(key__range=region.key_range)
    return area


def _find(word: str, area: Q, down_to: str) -> list[Region]:
    word = word.lower()[:30]
    levels = [level for level in RegionLevel if 0 < level.depth <= RegionLevel(down_to).depth]
    base = Region.objects.effective().filter(area, level__in=levels, is_placeholder=False)
    if word.isascii() and word.isdigit():
        branches = [_slice(base.filter(code__startswith=word), "code")] if len(word) > 1 else []
    elif word.isascii() and word.isalnum():
        branches = _by_letters(base, word)
    else:
        branches = _by_name(base, word)
    if not branches:
        return []
    found = branches[0].union(*branches[1:], all=True) if len(branches) > 1 else branches[0]
    unique = {region.pk: region for region in found}
    return sorted(unique.values(), key=lambda region: _rank(region, word))


def _by_letters(base: RegionQuerySet, word: str) -> list[RegionQuerySet]:
    branches = []
    for column in ("initials", "pinyin"):
        branches += _upper_first(base.filter(**{f"{column}__startswith": word}), column)
    return branches


def _by_name(base: RegionQuerySet, word: str) -> list[RegionQuerySet]:
    branches = _upper_first(base.filter(name__in=[word + ending for ending in _ENDINGS]), "name")
    branches += _upper_first(base.filter(name__startswith=word), "name")
    wanted = [pair for pair in pairs(core(word)) if pair not in _COMMON]
    if wanted:
        # The pairs find candidates in the index, LIKE proves the order.
        branches.append(base.filter(grams__contains=wanted, name__contains=core(word))[: LIMIT + 1])
    return branches


def _upper_first(rows: RegionQuerySet, column: str) -> list[RegionQuerySet]:
    # A county must not drown in the villages of its name: the few rows above the village have indexes of their own.
    return [
        _slice(rows.exclude(level=RegionLevel.VILLAGE), column),
        _slice(rows.filter(level=RegionLevel.VILLAGE), column),
    ]


def _slice(rows: RegionQuerySet, column: str) -> RegionQuerySet:
    return rows.order_by(column)[: LIMIT + 1]


def _rank(region: Region, word: str) -> tuple:
    texts = (region.name, region.pinyin, region.initials, region.code)
    is_exact = word in texts or any(region.name == word + ending for ending in _ENDINGS)
    is_prefix = any(value.startswith(word) for value in texts)
    return (0 if is_exact else 1 if is_prefix else 2, RegionLevel(region.level).depth, len(region.name), region.key)
