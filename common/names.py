"""Names of people and places as they are searched: character grams, pinyin, initials (no PostgreSQL extension)."""

from functools import cache

# First characters that read differently as a surname. 覃 is Qín or Tán, 盖 Gě or Gài … by family: the commoner one.
_SURNAMES = {
    "单": "shan", "仇": "qiu", "解": "xie", "朴": "piao", "查": "zha", "区": "ou", "曾": "zeng", "覃": "qin",
    "盖": "ge", "乐": "yue", "任": "ren", "华": "hua", "翟": "zhai", "员": "yun", "冼": "xian", "缪": "miao",
    "纪": "ji", "召": "shao", "折": "she", "黑": "he", "秘": "bi", "繁": "po", "种": "chong", "重": "chong",
    "尉": "wei", "乜": "nie", "便": "pian", "阚": "kan", "郇": "xun", "洗": "xian", "不": "fou", "卜": "bu",
    "祭": "zhai", "都": "du", "参": "shen", "万": "wan", "燕": "yan", "宁": "ning", "应": "ying", "盛": "sheng",
    "车": "che", "柏": "bai", "宓": "mi", "撒": "sa", "尹": "yin", "过": "guo", "郗": "xi", "隗": "kui",
}  # fmt: skip
_COMPOUND_SURNAMES = {
    "尉迟": ("yu", "chi"), "万俟": ("mo", "qi"), "单于": ("chan", "yu"), "长孙": ("zhang", "sun"),
    "澹台": ("tan", "tai"), "令狐": ("ling", "hu"), "宿勤": ("su", "qin"), "皇甫": ("huang", "fu"),
}  # fmt: skip


def grams(text: str) -> list[str]:
    """Return the distinct characters and neighbouring pairs of a text, for an array column under a GIN index."""
    pairs = [text[index : index + 2] for index in range(len(text) - 1)]
    return list(dict.fromkeys([*text, *pairs]))


def syllables(text: str, *, is_person: bool) -> list[str]:
    """Return the pinyin of a name, one syllable a character; a person's surname is read as a surname.

    Letters and digits stay (in lower case), everything else is dropped.
    """
    head, rest = _surname(text) if is_person else ([], text)
    return [clean for syllable in (*head, *_reader()(rest)) if (clean := _letters(syllable))]


def pinyin(text: str) -> str:
    """Return the pinyin of a person's name in one word: 单小明 → shanxiaoming."""
    return "".join(syllables(text, is_person=True))


def initials(text: str) -> str:
    """Return the first letters of a person's name: 单小明 → sxm."""
    return "".join(syllable[0] for syllable in syllables(text, is_person=True))


def readings(text: str) -> list[str]:
    """Return the pinyin by surname and the everyday one where they differ: index both, people type either."""
    return list(dict.fromkeys([pinyin(text), "".join(syllables(text, is_person=False))]))


def _surname(text: str) -> tuple[list[str], str]:
    if text[:2] in _COMPOUND_SURNAMES:
        return list(_COMPOUND_SURNAMES[text[:2]]), text[2:]
    if text[:1] in _SURNAMES:
        return [_SURNAMES[text[0]]], text[1:]
    return [], text


def _letters(syllable: str) -> str:
    return "".join(letter for letter in syllable.lower() if letter.isascii() and letter.isalnum())


@cache
def _reader():
    # Loaded on first use: the dictionary costs 0.2 s and 30 MB that most processes never need.
    from pypinyin import lazy_pinyin

    return lambda text: lazy_pinyin(text, errors=list, v_to_u=False)
