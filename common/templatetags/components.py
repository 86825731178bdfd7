"""Components of the house: one template each; the signature documents its variables and gives every default."""

from collections.abc import Mapping
from decimal import Decimal
from urllib.parse import parse_qsl

from django import template
from django.forms import BoundField
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from common import masking
from common.amounts import capital_amount
from common.forms import tokens

register = template.Library()

TAG_KINDS = ("ok", "soft", "warn", "danger", "plain")


@register.simple_tag
def tag(kind: str, text: str) -> str:
    """State as word + shape + colour; kind is ok, soft, warn, danger or plain."""
    if kind not in TAG_KINDS:
        raise template.TemplateSyntaxError(f"tag kind {kind!r} is none of {TAG_KINDS}")
    return format_html('<span class="tag tag--{}">{}</span>', kind, text)


GRADES = {
    "A": ("ok", "A级 结构安全"),
    "B": ("soft", "B级 基本安全"),
    "C": ("warn", "C级 局部危险"),
    "D": ("danger", "D级 严重受损"),
}


@register.simple_tag
def grade_tag(grade: str) -> str:
    """The house grade as a tag; `grade` is a letter A to D (other values show 「未鉴定」)."""
    return tag(*GRADES.get(str(grade).upper(), ("plain", "未鉴定")))


@register.simple_tag
def due_phrase(workdays_left: int | None, days_late: int = 0, unit: str = "个工作日") -> str:
    """「剩2个工作日」, 「今天到期」 or 「超时2天」 from given numbers; the calendar lives in regions."""
    if days_late:
        return tag("danger", f"超时{days_late}天")
    if workdays_left is None:
        return ""
    if workdays_left == 0:
        return tag("warn", "今天到期")
    return tag("warn" if workdays_left <= 1 else "plain", f"剩{workdays_left}{unit}")


@register.simple_tag
def field_facts(field: BoundField) -> dict:
    """What templates/forms/field.html needs to know beyond Django's BoundField: css classes, condition attributes."""
    asked = getattr(field.field, "asked", field.field.required)
    conditions = getattr(field.form, "condition_attrs", None)
    css = ["field", f"field--{field.widget_type}"]
    css += ["has-error"] if field.errors else []
    css += ["is-required"] if asked else []
    attrs = flatatt(conditions(field.name)) if conditions else ""
    return {"css": " ".join(css), "condition_attrs": mark_safe(attrs)}  # noqa: S308  flatatt has escaped it


def _component(name: str):
    return register.inclusion_tag(f"components/{name}.html", name=name)


@_component("page_head")
def page_head(title: str, note: str = "", action_url: str = "", action_label: str = "") -> dict:
    """Title of a page with at most one main action."""
    return {"title": title, "note": note, "action_url": action_url, "action_label": action_label}


@_component("breadcrumb")
def breadcrumb(crumbs) -> dict:
    """`crumbs`: pairs (label, url); the last one is the page itself (its url may be empty)."""
    return {"crumbs": crumbs}


@_component("back_link")
def back_link(url: str, label: str = "返回") -> dict:
    """「‹ 返回」 on top of a villager's page."""
    return {"url": url, "label": label}


@_component("step_count")
def step_count(step: int, total: int, name: str = "") -> dict:
    """「第3步/共9步」."""
    return {"step": step, "total": total, "name": name}


@_component("banner")
def banner(kind: str, text: str, title: str = "", url: str = "", link: str = "") -> dict:
    """A note in the page; kind ok, warn, danger or plain. Danger is announced at once."""
    return {"kind": kind, "text": text, "title": title, "url": url, "link": link}


@_component("error_summary")
def error_summary(form=None, links: list[tuple[str, str]] | None = None, title: str = "有内容需要修改") -> dict:
    """Errors of a bound form (or given links: pairs of control id and message); takes focus. Empty: nothing."""
    if links is None:
        links = form.error_links if form is not None and form.is_bound else []
    return {"links": links, "title": title}


@_component("empty_state")
def empty_state(title: str, text: str = "", url: str = "", label: str = "") -> dict:
    """Says why there is nothing and what to do."""
    return {"title": title, "text": text, "url": url, "label": label}


@_component("pager")
def pager(page, base: str = "", total_label: str = "") -> dict:
    """`page`: a Django Page; `base`: the query string of the filters, ending in "&" ("state=x&"); total_label: 「共10000+条」."""
    numbers = list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))
    return {
        "page": page,
        "base": base,
        "kept": parse_qsl(base),
        "numbers": numbers,
        "total": total_label or f"共{page.paginator.count}条",
        "per_page": page.paginator.per_page,
        "ellipsis": page.paginator.ELLIPSIS,
    }


@_component("data_table")
def data_table(
    caption: str, columns, rows, total=None, empty: Mapping | None = None, start: int = 1, is_wide: bool = False
) -> dict:
    """Table on wide screens, cards on phones.

    columns: dicts {label, kind} with kind "text" (default), "number", "date", "actions"; rows: dicts
    {url, cells, mark} or plain lists of cells; a cell is a text or safe html; total: the 合计 row's cells;
    empty: {title, text}; start: the first 序号 (0 hides the column); is_wide: scrolls inside its own box.
    """
    columns = [{"kind": "text", **(c if isinstance(c, Mapping) else {"label": c})} for c in columns]
    prepared = []
    for number, row in enumerate(rows, start):
        row = {"url": "", "mark": "", **(row if isinstance(row, Mapping) else {"cells": row})}
        prepared.append({**row, "number": number, "cells": list(zip(columns, row["cells"], strict=True))})
    totals = list(zip(columns, total, strict=True)) if total else []
    return {
        "caption": caption,
        "columns": columns,
        "rows": prepared,
        "totals": totals,
        "has_numbers": start > 0,
        "is_wide": is_wide,
        "empty": {"title": "没有记录", "text": "", **(empty or {})},
    }


@_component("filter_bar")
def filter_bar(form, reset_url: str, action: str = "") -> dict:
    """GET form of the filters above a list, with 查询 and 重置; the filters live in the URL."""
    is_active = form.is_bound and any(form.data.get(form.add_prefix(name)) for name in form.fields)
    return {"form": form, "reset_url": reset_url, "action": action, "is_active": is_active}


@_component("tabs")
def tabs(items, label: str = "页签") -> dict:
    """`items`: dicts {label, url, count (or None), is_current}."""
    return {"tabs": [{"count": None, "is_current": False, **item} for item in items], "label": label}


def _facts(rows) -> list[dict]:
    """Rows given as (label, value), (label, value, change_url) or dicts, made dicts; nothing reads 「未填写」."""
    prepared = []
    for row in rows:
        label, value, *change = (row["label"], row["value"]) if isinstance(row, Mapping) else row
        change_url = row.get("change_url", "") if isinstance(row, Mapping) else next(iter(change), "")
        value = "未填写" if value is None or value == "" else value
        prepared.append({"label": label, "value": value, "change_url": change_url})
    return prepared


@_component("fact_rows")
def fact_rows(rows, css: str = "facts") -> dict:
    """A list of facts, or the check-answers page: rows (label, value[, change_url]); css "facts facts--columns"."""
    return {"facts": _facts(rows), "css": css}


@_component("card_list")
def card_list(cards, empty: Mapping | None = None) -> dict:
    """`cards`: dicts {title, url, tags (safe html), facts (label, value), note}; `empty`: {title, text, url, label}."""
    blank = {"title": "", "url": "", "tags": (), "facts": (), "note": ""}
    prepared = [{**blank, **card, "facts": _facts(card.get("facts", ()))} for card in cards]
    return {"cards": prepared, "empty": {"title": "没有记录", "text": "", "url": "", "label": "", **(empty or {})}}


STATE_WORDS = {"done": "已完成", "now": "正在办理", "next": "还没开始", "stopped": "已结束"}


@_component("timeline")
def timeline(items) -> dict:
    """`items`: dicts {title, state: done|now|next|stopped, meta (when · department · person), result (a tag), due, note}."""
    blank = {"meta": "", "result": "", "due": "", "note": ""}
    return {"items": [{**blank, **item, "state_word": STATE_WORDS[item["state"]]} for item in items]}


@_component("person_line")
def person_line(name: str, id_number: str = "", phone: str = "", reveal_url: str = "", is_public: bool = False) -> dict:
    """A person, number and phone always masked; the name too when `is_public`; `reveal_url` opens 查看完整."""
    return {
        "name": masking.mask_name(name) if is_public else name,
        "id_number": masking.mask_id_number(id_number) if id_number else "",
        "phone": masking.mask_phone(phone) if phone else "",
        "reveal_url": reveal_url,
    }


@_component("amount")
def amount(value, in_words: bool = False) -> dict:
    """元 with thousands, and 大写 where money is decided."""
    value = Decimal(str(value))
    return {"figure": f"{value:,.2f}", "words": capital_amount(value) if in_words else ""}


@_component("photo_grid")
def photo_grid(photos, label: str = "照片", empty: str = "没有照片") -> dict:
    """Thumbnails that open the viewer. `photos`: dicts {url, thumb, caption (time, place and their source), download_url}."""
    blank = {"caption": "", "download_url": ""}
    return {"photos": [{**blank, **photo} for photo in photos], "label": label, "empty": empty}


@_component("photo_slot")
def photo_slot(
    slot: str,
    label: str,
    upload_url: str,
    photos=(),
    minimum: int = 0,
    maximum: int = 9,
    hint: str = "",
    errors=(),
    button: str = "拍照或选照片",
    accept: str = "image/*",
) -> dict:
    """Upload of one slot, one request a photo; stands inside a form with a csrf token.

    `photos`: dicts {uid, url, thumb, delete_url}. Server: POST file, client_id, slot → {ok, uid, number, thumb, url,
    delete_url} or {error}; without JavaScript the same post comes without client_id and wants a redirect back.
    """
    hint = hint or (f"{minimum}到{maximum}张" if minimum else f"最多{maximum}张") + "，每张会自动压缩后上传"
    photos = [{"delete_url": "", **photo} for photo in photos]
    return {
        "slot": slot,
        "label": label,
        "upload_url": upload_url,
        "photos": photos,
        "minimum": minimum,
        "maximum": maximum,
        "hint": hint,
        "errors": errors,
        "button": button,
        "accept": accept,
    }


def _posting(context, purpose: str) -> dict:
    """What a template with a POST form reads from the page: csrf and submit token."""
    token = ""
    if purpose:
        token = format_html(
            '<input type="hidden" name="submit_token" value="{}">', tokens.issue(context["request"], purpose)
        )
    return {"csrf_token": context.get("csrf_token", ""), "token": token}


@register.simple_block_tag(takes_context=True)
def step_form(
    context,
    content,
    form,
    button: str,
    purpose: str = "",
    action: str = "",
    cancel_url: str = "",
    cancel_label: str = "返回",
    limit: str = "",
    consequence: str = "",
    autosave_url: str = "",
    name: str = "",
    others=(),
) -> str:
    """A whole POST form: summary, fields, the block's content (photo slots …), buttons.

    `purpose` adds a submit token; `others`: pairs (name, label) of further buttons; `autosave_url` turns on autosave.
    """
    return render_to_string(
        "components/step_form.html",
        {
            **_posting(context, purpose),
            "form": form,
            "content": content,
            "button": button,
            "action": action,
            "cancel_url": cancel_url,
            "cancel_label": cancel_label,
            "limit": limit,
            "consequence": consequence,
            "autosave_url": autosave_url,
            "name": name,
            "others": others,
            "is_multipart": form.is_multipart(),
            "links": form.error_links if form.is_bound else [],
        },
    )


@_component("section_form")
def section_form(form, sections) -> dict:
    """The fields of a long form in sections: `sections` are (key, 标题, field names); unknown names are an error."""
    prepared = [
        {"key": key, "title": title, "fields": [form[name] for name in names]} for key, title, names in sections
    ]
    return {"sections": prepared, "hidden": form.hidden_fields()}


@_component("task_list")
def task_list(tasks) -> dict:
    """Sections of a long form: dicts {title, url, state (a tag or 「已完成」)}."""
    return {"tasks": [{"url": "", "state": "", **task} for task in tasks]}


@register.simple_block_tag(takes_context=True)
def confirm_page(
    context,
    content,
    title: str,
    button: str,
    cancel_url: str,
    facts=(),
    warning: str = "",
    kind: str = "warn",
    purpose: str = "",
    action: str = "",
    cancel_label: str = "不，返回",
) -> str:
    """A page of its own for an act that cannot be undone; names the thing; kind warn or danger; content: hidden fields."""
    return render_to_string(
        "components/confirm_page.html",
        {
            **_posting(context, purpose),
            "content": content,
            "title": title,
            "button": button,
            "cancel_url": cancel_url,
            "facts": _facts(facts),
            "warning": warning,
            "kind": kind,
            "action": action,
            "cancel_label": cancel_label,
        },
    )


@_component("job_progress")
def job_progress(title: str, done: int, total: int, url: str, text: str = "") -> dict:
    """Progress of a background job; `url` answers {done, total, text, finished_url}."""
    return {"title": title, "done": done, "total": total or 1, "url": url, "text": text or f"已处理 {done} / {total}"}


def groups_of_four(text: str) -> str:
    """Spans of four characters, spaced by css only, so that a copied number has no spaces in it."""
    parts = [(text[start : start + 4],) for start in range(0, len(text), 4)]
    return format_html('<span class="number-groups">{}</span>', format_html_join("", "<span>{}</span>", parts))


@_component("copy_number")
def copy_number(number: str) -> dict:
    """A 工单号 to read aloud, with a 复制 button where the browser can."""
    return {"number": groups_of_four(str(number)), "raw": number}


@_component("question_head")
def question_head(title: str, hint: str = "") -> dict:
    """The heading of a villager's page: the question, and how to answer it."""
    return {"title": title, "hint": hint}
