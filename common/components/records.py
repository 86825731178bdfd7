"""Facts, people, numbers and photos of a record."""

from collections.abc import Mapping
from decimal import Decimal
from html import escape

from django.utils.safestring import mark_safe

from common import masking
from common.amounts import capital_amount
from common.components.tags import component


def prepare_facts(rows) -> list[dict]:
    """Rows given as (label, value), (label, value, change_url) or dicts, made dicts; nothing reads 「未填写」."""
    prepared = []
    for row in rows:
        label, value, *change = (row["label"], row["value"]) if isinstance(row, Mapping) else row
        change_url = row.get("change_url", "") if isinstance(row, Mapping) else next(iter(change), "")
        value = "未填写" if value is None or value == "" else value
        prepared.append({"label": label, "value": value, "change_url": change_url})
    return prepared


@component("fact_rows")
def fact_rows(rows, css: str = "facts") -> dict:
    """A list of facts, or the check-answers page: rows (label, value[, change_url]); css "facts facts--columns"."""
    return {"facts": prepare_facts(rows), "css": css}


@component("card_list")
def card_list(cards, empty: Mapping | None = None) -> dict:
    """`cards`: dicts {title, url, tags (safe html), facts (label, value), note}; `empty`: {title, text, url, label}."""
    blank = {"title": "", "url": "", "tags": (), "facts": (), "note": ""}
    prepared = [{**blank, **card, "facts": prepare_facts(card.get("facts", ()))} for card in cards]
    return {"cards": prepared, "empty": {"title": "没有记录", "text": "", "url": "", "label": "", **(empty or {})}}


@component("person_line")
def person_line(name: str, id_number: str = "", phone: str = "", reveal_url: str = "", is_public: bool = False) -> dict:
    """A person, number and phone always masked; the name too when `is_public`; `reveal_url` opens 查看完整."""
    return {
        "name": masking.mask_name(name) if is_public else name,
        "id_number": masking.mask_id_number(id_number) if id_number else "",
        "phone": masking.mask_phone(phone) if phone else "",
        "reveal_url": reveal_url,
    }


@component("amount")
def amount(value, in_words: bool = False) -> dict:
    """元 with thousands, and 大写 where money is decided."""
    value = Decimal(str(value))
    return {"figure": f"{value:,.2f}", "words": capital_amount(value) if in_words else ""}


def groups_of_four(text: str) -> str:
    """Spans of four characters, spaced by css only, so that a copied number has no spaces in it."""
    return _groups(text[start : start + 4] for start in range(0, len(text), 4))


def groups_of_phone(text: str) -> str:
    """A mobile number the way people say it, 3-4-4; any other number as it is written."""
    is_mobile = len(text) == 11 and text.isdigit()
    return _groups((text[:3], text[3:7], text[7:])) if is_mobile else text


def _groups(parts) -> str:
    spans = "".join(f"<span>{escape(part)}</span>" for part in parts)
    return mark_safe(f'<span class="number-groups">{spans}</span>')  # noqa: S308  its parts are escaped


@component("copy_number")
def copy_number(number: str) -> dict:
    """A 工单号 to read aloud, with a 复制 button where the browser can."""
    return {"number": groups_of_four(str(number)), "raw": number}


@component("photo_grid")
def photo_grid(photos, label: str = "照片", empty: str = "没有照片") -> dict:
    """Thumbnails that open the viewer. `photos`: dicts {url, thumb, caption (time, place, source), download_url}."""
    blank = {"caption": "", "download_url": ""}
    return {"photos": [{**blank, **photo} for photo in photos], "label": label, "empty": empty}
