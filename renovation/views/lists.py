"""业务办理: 待办, 已办 and the read-only 工单查询 (domain §4.3)."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from accounts.access import StaffMixin
from accounts.permissions import Can
from common.paging import capped_count, keyset_page
from renovation import statistics
from renovation.forms.filters import WHOLE_LIFE, CaseFilterForm, SearchForm
from renovation.queries import todo
from renovation.queries.holds import held_by_others
from renovation.statistics import EVER, MEASURES
from renovation.views.scoped import list_query, place_within
from renovation.views.tables import COLUMNS, table_rows

PAGE_SIZE = 20
NO_MATCH = {"title": "没有符合条件的工单", "text": "可以点“重置”看全部工单。"}


class CaseList(StaffMixin, View):
    """One list of cases: filters in the address, rows by keyset, one count for the tab and one for the filter."""

    can = Can.READ_RECORDS
    form = CaseFilterForm
    name = ""
    title = "业务办理"
    verb = "查看"
    order = todo.DONE_ORDER
    shows_history = True
    empty = {"title": "没有工单", "text": "换个筛选条件再试试。"}

    def cases(self):
        raise NotImplementedError

    def narrowed(self, cases, filters):
        return todo.narrow_done(cases, filters)

    def states(self):
        return WHOLE_LIFE

    def get(self, request):
        form = self.form(request.GET, states=self.states())
        filters = form.filters()
        cases = self.narrowed(self.cases(), filters)
        page = keyset_page(todo.as_rows(cases), order=self.order, cursor=request.GET.get("p", ""), size=PAGE_SIZE)
        start = _whole_number(request.GET.get("n")) if request.GET.get("p") else 1
        context = {
            "form": form,
            "title": self.title,
            "here": reverse(f"renovation:{self.name}"),
            "chips": self.chips(filters),
            "columns": COLUMNS,
            "rows": table_rows(
                page,
                request.user,
                query=self.carried(),
                verb=self.verb,
                shows_history=self.shows_history,
                holds=self.holds(page),
            ),
            "start": start,
            "empty": self.empty_words(filters),
            "pager": self.pager(page, start),
            **self.counts(cases, filters),
        }
        return render(request, "renovation/list.html", context)

    def holds(self, page) -> dict:
        return {}

    def chips(self, filters) -> list[dict]:
        """Filters that have no field in the bar: what each says, and the address without it."""
        return []

    def carried(self) -> str:
        """What a case's address carries along: which list, its filters and its page."""
        query = list_query(self.request)
        return f"list={self.name}" + (f"&{query}" if query else "")

    def counts(self, cases, filters) -> dict:
        return {"tabs": (), "total": capped_count(cases)}

    def empty_words(self, filters) -> dict:
        return NO_MATCH if any(vars(filters).values()) else self.empty

    def pager(self, page, start: int) -> dict:
        """Addresses of the neighbouring pages; the number of the first row travels along for 序号."""
        base = self.request.GET.copy()
        for key in ("p", "n"):
            base.pop(key, None)

        def address(cursor: str, number: int) -> str:
            query = base.copy()
            query["p"], query["n"] = cursor, max(1, number)
            return f"?{query.urlencode()}"

        return {
            "first": f"?{base.urlencode()}" if page.preceding else "",
            "preceding": address(page.preceding, start - PAGE_SIZE) if page.preceding else "",
            "following": address(page.following, start + len(page)) if page.following else "",
            "size": PAGE_SIZE,
        }


class WorkList(CaseList):
    """The two tabs of 业务办理, for the levels that handle steps."""

    can = Can.HANDLE_CASES

    def counts(self, cases, filters) -> dict:
        here = todo.count_to_do(self.request.user)
        # The menu shows the same number; it need not be counted twice on one page.
        self.request.to_do_count = here
        is_whole_to_do = self.name == "todo" and not any(vars(filters).values())
        tabs = (
            {"label": "待办", "url": reverse("renovation:todo"), "count": here, "is_current": self.name == "todo"},
            {"label": "已办", "url": reverse("renovation:done"), "is_current": self.name == "done"},
        )
        return {"tabs": tabs, "total": here if is_whole_to_do else capped_count(cases)}


class ToDoView(WorkList):
    """待办: what this office has to handle now, the most urgent first."""

    name = "todo"
    verb = "办理"
    order = todo.TODO_ORDER
    shows_history = False
    empty = {"title": "没有待办工单", "text": "新的申请或转来的环节会出现在这里，并有消息通知您。"}

    def dispatch(self, request, *args, **kwargs):
        # A village or a city has nothing to handle; the menu of old habits still leads here.
        user = request.user
        if user.is_authenticated and user.can(Can.READ_RECORDS) and not user.can(Can.HANDLE_CASES):
            return redirect("renovation:search")
        return super().dispatch(request, *args, **kwargs)

    def cases(self):
        return todo.to_do(self.request.user)

    def holds(self, page) -> dict:
        return held_by_others((row.id for row in page), self.request.user)

    def narrowed(self, cases, filters):
        return todo.narrow_to_do(cases, filters)

    def states(self):
        return todo.to_do_states(self.request.user)


class DoneView(WorkList):
    """已办: what this office has handled a step of, the latest application first."""

    name = "done"
    empty = {"title": "还没有办理过工单", "text": "您单位办理过环节的工单会出现在这里。"}

    def cases(self):
        return todo.done(self.request.user)


class SearchView(CaseList):
    """工单查询: every case of the region, read only."""

    name = "search"
    form = SearchForm
    title = "工单查询"
    order = todo.SEARCH_ORDER
    empty = {"title": "本地区还没有工单", "text": "群众提交申请后会出现在这里。"}

    def cases(self):
        return todo.within_view(self.request.user)

    def narrowed(self, cases, filters):
        drilled = statistics.narrow(
            cases, region=self.place(filters), measure=filters.measure, period=filters.period or EVER
        )
        return super().narrowed(drilled.numbered(filters.number), filters)

    def place(self, filters):
        return place_within(self.request.user, filters.region) if filters.region else None

    def chips(self, filters) -> list[dict]:
        found = []
        if place := self.place(filters):
            found.append((f"地区：{place}", ("region",)))
        if filters.measure:
            found.append((f"统计项：{MEASURES[filters.measure].words}", ("measure",)))
        if filters.period:
            found.append((f"申请时间：{filters.period.words}", ("since", "until")))
        return [{"label": label, "url": self.without(*names)} for label, names in found]

    def without(self, *names: str) -> str:
        """The list without these filters, from its first page."""
        query = self.request.GET.copy()
        for name in (*names, "p", "n"):
            query.pop(name, None)
        return f"{self.request.path}?{query.urlencode()}"


def _whole_number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 and int(text) else 1
