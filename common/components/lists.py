"""Lists of records: filters, table, pages."""

from collections.abc import Mapping
from html import escape
from itertools import groupby
from urllib.parse import parse_qsl

from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from common.components.tags import component


@component("filter_bar")
def filter_bar(form, reset_url: str, action: str = "") -> dict:
    """GET form of the filters above a list, with 查询 and 重置; the filters live in the URL."""
    is_active = form.is_bound and any(form.data.get(form.add_prefix(name)) for name in form.fields)
    return {"form": form, "reset_url": reset_url, "action": action, "is_active": is_active}


@component("data_table")
def data_table(
    caption: str, columns, rows, total=None, empty: Mapping | None = None, start: int = 1, is_wide: bool = False
) -> dict:
    """Table on wide screens, cards on phones.

    columns: dicts {label, kind, group} with kind "text" (default), "number", "date", "actions", "place"; group: the
    words over neighbouring columns; rows: dicts {url, cells, mark} or plain lists of cells; a cell is a text or
    safe html; total: the 合计 row's cells; empty: {title, text}; start: the first 序号 (0 hides the column);
    is_wide: scrolls inside its own box.
    """
    columns = [{"kind": "text", "group": "", **(c if isinstance(c, Mapping) else {"label": c})} for c in columns]
    totals = list(zip(columns, total, strict=True)) if total else []
    return {
        "caption": caption,
        "columns": columns,
        "groups": _groups(columns),
        "body": _body(columns, rows, start),
        "totals": totals,
        "has_numbers": start > 0,
        "is_wide": is_wide,
        "empty": {"title": "没有记录", "text": "", **(empty or {})},
    }


def _body(columns, rows, start: int) -> SafeString:
    """The rows as html, put together without the template: its nodes cost more for 200 cells than all the queries."""
    opened = [
        f'<td role="cell" class="col--{conditional_escape(column["kind"])}" '
        f'data-label="{conditional_escape(column["label"])}">'
        for column in columns
    ]
    lines = []
    for number, row in enumerate(rows, start):
        row = row if isinstance(row, Mapping) else {"cells": row}
        cells = [_shown(cell) for cell in row["cells"]]
        url, mark = conditional_escape(row.get("url", "")), conditional_escape(row.get("mark", ""))
        if url and cells:
            cells[0] = f'<a href="{url}">{cells[0]}</a>'
        said = "".join(f"{begin}{cell}</td>" for begin, cell in zip(opened, cells, strict=True))
        lines.append(_ROW.format(href=f'data-href="{url}"' if url else "", mark=f"row--{mark}" if mark else ""))
        lines += [_NUMBER.format(number) if start > 0 else "", said, "</tr>"]
    return mark_safe("".join(lines))  # noqa: S308  every part has been escaped above


_ROW = '<tr role="row" {href} class="{mark}">'
_NUMBER = '<td role="cell" class="col--number col--order col--index" data-label="序号">{}</td>'


def _shown(cell) -> str:
    """A cell as a template would print it; the language's own escape, since Django's looks for lazy texts first."""
    if isinstance(cell, SafeString):
        return cell
    return escape(cell) if type(cell) is str else conditional_escape(localize(cell))


def _groups(columns) -> list[dict]:
    """The upper head row: a label over each group, and columns of no group reaching down; [] without any group."""
    if not any(column["group"] for column in columns):
        return []
    found = []
    for label, members in groupby(columns, key=lambda column: column["group"]):
        members = list(members)
        found += [{"label": label, "span": len(members)}] if label else [{"column": one} for one in members]
    return found


@component("pager")
def pager(page, base: str = "", total_label: str = "") -> dict:
    """`page`: a Django Page; `base`: the filters as a query string ending in "&"; `total_label`: 「共10000+条」."""
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
