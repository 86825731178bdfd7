"""How a row of the work lists looks: the same cells in a table on a desk and on a card on a phone."""

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from common.components import due_phrase, groups_of_four, tag
from regions import calendars, names
from renovation.choices import CaseState
from renovation.queries.todo import remaining
from renovation.urls_of import for_staff
from renovation.views.people import name_for

MATTER = "农村危房改造"
COLUMNS = (
    {"label": "业务名称", "kind": "tag"},
    {"label": "工单号"},
    {"label": "申请人"},
    {"label": "房屋所在地"},
    {"label": "申请时间", "kind": "date"},
    {"label": "当前环节"},
    {"label": "剩余时间", "kind": "tag"},
    {"label": "操作", "kind": "actions"},
)


def table_rows(page, user, *, query: str, verb: str, shows_history: bool, holds=None) -> list[dict]:
    """The page's rows for `{% data_table %}`; `shows_history` marks cases in which any step was late (已办).

    `holds` names the colleagues who have a case open (待办).
    """
    rows = list(page)
    places = names.full_names({row.region_id for row in rows} | {user.region and user.region.pk})
    above = places.get(user.region.pk, "") if user.region else ""
    known = calendars.current()
    carried = f"?{query}" if query else ""
    return [
        _row(row, place_words(row.region_id, places, above), known, user, carried, verb, shows_history, holds or {})
        for row in rows
    ]


def place_words(region_id: int, places: dict[int, str], above: str) -> str:
    """「石桥镇上坝村」: the place as said by an office that covers `above`; a village office says its own name."""
    full = places.get(region_id, "")
    return names.short_name(region_id) if full == above else names.below(full, above)


def _row(row, place, known, user, carried, verb, shows_history, holds) -> dict:
    url = for_staff(row) + carried
    left = remaining(row, known)
    cells = (
        format_html('{}<span class="sr">，工单{}</span>', MATTER, row.number),
        groups_of_four(row.number),
        name_for(user, row.applicant_name),
        place,
        f"{timezone.localtime(row.submitted_at):%Y-%m-%d %H:%M}",
        state_words(row, holds.get(row.id)),
        due_tags(left, was_late=shows_history and row.was_late),
        format_html('<a href="{}">{}<span class="sr">工单{}</span></a>', url, verb, row.number),
    )
    return {"url": url, "cells": cells, "mark": "late" if left and left.days_late else ""}


def state_words(row, hold) -> str:
    """The present step, and the colleague who has the case open."""
    label = CaseState(row.state).label
    return format_html("{} {}", label, tag("warn", f"{hold.user}正在办理")) if hold else label


def due_tags(left, *, was_late: bool = False) -> str:
    """「剩2个工作日」「暂定」, 「超时3天」; 「超时」 alone where an earlier step was late; a dash when nothing runs."""
    tags = []
    if left:
        tags.append(due_phrase(left.workdays, left.days_late))
        if left.is_provisional:
            tags.append(tag("plain", "暂定"))
    if was_late and not (left and left.days_late):
        tags.append(tag("danger", "超时"))
    # The separator is ours and every tag is safe already.
    return mark_safe(" ".join(tags)) if tags else "—"  # noqa: S308
