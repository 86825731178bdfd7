"""Components of the house: one template each; the signature documents its variables and gives every default."""

from collections.abc import Mapping

from django import template
from django.forms import BoundField
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import mark_safe

register = template.Library()

TAG_KINDS = ("ok", "soft", "warn", "danger", "plain")


@register.simple_tag
def tag(kind: str, text: str) -> str:
    """State as word + shape + colour; kind is ok, soft, warn, danger or plain."""
    if kind not in TAG_KINDS:
        raise template.TemplateSyntaxError(f"tag kind {kind!r} is none of {TAG_KINDS}")
    return format_html('<span class="tag tag--{}">{}</span>', kind, text)


GRADES = {
    "A": ("ok", "A级 安全"),
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
    """`page`: a Django Page; `base`: the query string of the filters without page ("state=x&"); 20 a page."""
    numbers = list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))
    total = total_label or f"共{page.paginator.count}条"
    return {
        "page": page,
        "base": base,
        "numbers": numbers,
        "total": total,
        "per_page": page.paginator.per_page,
        "ellipsis": page.paginator.ELLIPSIS,
    }


@_component("data_table")
def data_table(caption: str, columns, rows, total=None, empty: Mapping | None = None, start: int = 1) -> dict:
    """Table on wide screens, cards on phones.

    columns: dicts {label, kind} with kind "text" (default), "number", "date", "actions"; rows: dicts
    {url, cells, mark} or plain lists of cells; a cell is a text or safe html; total: the 合计 row's cells;
    empty: {title, text}; start: the first 序号 (0 hides the column).
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
        "empty": {"title": "没有记录", "text": "", **(empty or {})},
    }
