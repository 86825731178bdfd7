"""Cleaning of typed text (test group B-T): what the eye cannot see must not be stored."""

import re
import unicodedata

from django.core.exceptions import ValidationError

# Zero-width and bidirectional controls, soft hyphen, Hangul fillers, variation selectors, tags, byte order mark.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
CONTROLS = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
NEWLINES = re.compile("\r\n|[\r\u0085\u2028\u2029]")
MARKS = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
# No writing puts more than two of these on one letter; longer runs are made to smear over neighbouring lines.
MARK_STORM = re.compile(f"({MARKS}{{2}}){MARKS}+")

UNREADABLE = "文字中有无法识别的字符，请重新输入"


def clean_text(text: str) -> str:
    """The text without invisible characters, with "\\n" line ends, in NFC, trimmed at both ends.

    ValidationError (code "unreadable") for NUL and lone surrogates: no database stores them.
    """
    if "\x00" in text or has_surrogate(text):
        raise ValidationError(UNREADABLE, code="unreadable")
    text = NEWLINES.sub("\n", text)
    text = CONTROLS.sub("", INVISIBLE.sub("", text))
    return MARK_STORM.sub(r"\1", unicodedata.normalize("NFC", text)).strip()


def has_surrogate(text: str) -> bool:
    """Whether the text holds half a UTF-16 pair, which cannot be written as UTF-8."""
    return any("\ud800" <= character <= "\udfff" for character in text) if not text.isascii() else False


def clean_file_label(name: str) -> str:
    """What a user's file was called, as a label to read: no folders, no tricks, 120 characters; '' if nothing is left.

    Only ever shown; a stored file is named by storage.file_name().
    """
    name = re.split(r"[/\\]", name.replace("\x00", ""))[-1]
    name = name.encode("utf-8", "ignore").decode()
    return re.sub(r"[\s<>:\"|?*&]+", " ", clean_text(name)).strip(" .")[:120]
