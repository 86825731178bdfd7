"""Lists of records: filters, table, pages."""

from collections.abc import Mapping
from itertools import groupby
from urllib.parse import parse_qsl

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
    prepared = []
    for number, row in enumerate(rows, start):
        row = {"url": "", "mark": "", **(row if isinstance(row, Mapping) else {"cells": row})}
        prepared.append({**row, "number": number, "cells": list(zip(columns, row["cells"], strict=True))})
    totals = list(zip(columns, total, strict=True)) if total else []
    return {
        "caption": caption,
        "columns": columns,
        "groups": _groups(columns),
        "rows": prepared,
        "totals": totals,
        "has_numbers": start > 0,
        "is_wide": is_wide,
        "empty": {"title": "没有记录", "text": "", **(empty or {})},
    }


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
