"""工单统计: one row for the region, one for each place below it, every number a way to the rows it counts (T13)."""

from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views import View

from accounts.access import StaffMixin
from accounts.permissions import Can
from common.clock import now
from regions.choices import RegionLevel
from regions.queries import breadcrumb
from renovation.forms.filters import StatisticsForm
from renovation.statistics import COLUMNS, Measure, Ratio, tabulate
from renovation.views.scoped import place_within

HEAD = (
    {"label": "地区", "kind": "place"},
    *({"label": one.label, "group": one.group, "kind": "number"} for one in COLUMNS),
)


class StatisticsView(StaffMixin, View):
    """The table of one region; whoever may not read records sees the numbers without their lists."""

    can = Can.READ_STATISTICS

    def get(self, request):
        form = StatisticsForm(request.GET)
        is_understood = form.is_valid()
        place = place_within(request.user, form.cleaned_data.get("region", ""))
        self.period, self.has_lists = form.period, request.user.can(Can.READ_RECORDS)
        table = tabulate(request.user, place, self.period)
        path = self.path_to(place)
        context = {
            "form": form,
            "here": request.path,
            "title": f"{place.name}工单统计",
            "is_understood": is_understood,
            "crumbs": path,
            "above": path[-2] if len(path) > 1 else None,
            "everything": self.address(place, since="", until=""),
            "period": self.period,
            "columns": HEAD,
            "total": self.cells(table.total, place),
            "rows": [self.row(line) for line in table.lines],
            "at": now(),
        }
        return render(request, "renovation/statistics.html", context)

    def path_to(self, place) -> list[tuple[str, str]]:
        """From the user's own region down to the place; nothing above it is anybody's to open."""
        own = self.request.user.region
        steps = [place] if own is None or own == place else [own, *breadcrumb(place, below=own)]
        return [(step.name, self.address(step)) for step in steps]

    def address(self, place, **more) -> str:
        """The table of that place for the same period."""
        return f"{reverse('renovation:statistics')}?{urlencode({'region': place.key, **self.dates(), **more})}"

    def dates(self) -> dict[str, str]:
        """The period as it stands in an address; an open end is said outright, or this year would be meant."""
        return {name: f"{day or ''}" for name, day in vars(self.period).items()}

    def row(self, line) -> dict:
        """A village is the floor; what lies in no place below has no list of its own."""
        place = line.region
        is_last = place is None or place.level == RegionLevel.VILLAGE
        return {"url": "" if is_last else self.address(place), "cells": self.cells(line, place)}

    def cells(self, line, place) -> list[str]:
        name = place.name if place else "其他（区划调整中）"
        return [name, *(self.cell(column, line) for column in COLUMNS)]

    def cell(self, column, line) -> str:
        if isinstance(column, Ratio):
            return quotient(column, line.sums)
        number = line.sums[column.key]
        if not isinstance(column, Measure) or not number:
            return str(number)
        return format_html("{}{}", self.link(column, line, number), share(column, line.sums))

    def link(self, column, line, number: int) -> str:
        if line.region is None or not self.has_lists:
            return str(number)
        where = {"region": line.region.key, "measure": column.key, **self.dates()}
        return format_html('<a href="{}?{}">{}</a>', reverse("renovation:search"), urlencode(where), number)


def share(column: Measure, sums) -> str:
    """What part of its base a number is, in small letters behind it; nothing for a number without a base."""
    if not column.base:
        return ""
    base = sums[column.base]
    part = f"{sums[column.key] / base:.0%}"
    return format_html(
        ' <small class="muted" title="在办{}件">{}<span class="sr">（在办{}件）</span></small>', base, part, base
    )


def quotient(column: Ratio, sums) -> str:
    """A percentage or a mean with what it is taken of; a dash where there is nothing to divide by."""
    base = sums[column.bottom]
    if not base:
        return format_html('<span title="没有{}">—<span class="sr">没有{}</span></span>', column.words, column.words)
    value = sums[column.top] / base
    shown = f"{value:.1%}" if column.is_share else f"{value:.1f}"
    of = f"{column.words}{base}件" + (f"，其中{sums[column.top]}件" if column.is_share else "")
    return format_html('<span title="{}">{}<span class="sr">（{}）</span></span>', of, shown, of)
