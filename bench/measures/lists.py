from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench import data
from bench.result import Result, cpu_milliseconds, milliseconds
from renovation.models import Case
from renovation.queries import todo

PAGE = 50


def measure(cases: int) -> Iterator[Result]:
    officer = data.fill(cases)
    waiting = todo.to_do(officer)
    page = todo.as_rows(waiting).order_by(*todo.TODO_ORDER)[:PAGE]
    # What the page asks: its rows, and the number on the tab.
    yield _against_scan("todo", (page, waiting.order_by().values("id")[:10_001]), 1, 100)
    yield from _searches(officer)
    yield from _pages(officer)


def _searches(officer) -> Iterator[Result]:
    everyone = Case.objects.all()
    name = everyone.order_by("id").values_list("applicant_name", flat=True)[500]
    for label, text in (("name_search", name), ("name_search_two", name[1:])):
        ours = milliseconds(_sql(everyone.named(text).values_list("id")[:PAGE]))
        # Something nobody is called: a scan that may stop at its fiftieth hit is no scan.
        like = milliseconds(_sql(everyone.filter(applicant_name__icontains=text + "?").values_list("id")[:PAGE]), 5)
        yield _search(label, ours, like)
    index = everyone.order_by("id").values_list("applicant_id_index", flat=True)[500]
    by_id = milliseconds(_sql(everyone.filter(applicant_id_index=index).values_list("id")))
    like = milliseconds(_sql(everyone.filter(applicant_id_index__contains=index).values_list("id")), 5)
    yield _search("id_search", by_id, like)


def _search(name: str, ours: float, like: float) -> Result:
    is_met = like >= 100 * ours and ours <= 0.2
    return Result(name, ours, "ms SQL", like, "LIKE scan", "≥ 100 × scan, ≤ 0.2 ms", is_met)


def _against_scan(name: str, asked, limit: float, factor: int) -> Result:
    ours = sum(milliseconds(_sql(rows)) for rows in asked)
    with _no_index():
        scan = sum(milliseconds(_sql(rows), 5) for rows in asked)
    words = f"≤ {limit} ms, ≥ {factor} × scan at 1 M"
    return Result(name, ours, "ms SQL", scan, "scan", words, ours <= limit and scan >= factor * ours)


def _sql(rows):
    """The statement alone, without the price of building it."""
    sql, parameters = rows.query.sql_with_params()

    def run():
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall()

    return run


@contextmanager
def _no_index():
    kinds = ("indexscan", "bitmapscan", "indexonlyscan")
    with connection.cursor() as cursor:
        for kind in kinds:
            cursor.execute(f"SET enable_{kind} = off")
        yield
        for kind in kinds:
            cursor.execute(f"RESET enable_{kind}")


def _pages(officer) -> Iterator[Result]:
    browser = Client()
    browser.force_login(officer)
    for name in ("todo", "search"):
        url = reverse(f"renovation:{name}")
        # The first page of a process fills its caches of places and calendars.
        browser.get(url)
        with CaptureQueriesContext(connection) as queries:
            answer = browser.get(url)
        assert answer.status_code == 200
        yield Result(f"list_queries_{name}", len(queries), "queries", target="≤ 12", is_met=len(queries) <= 12)
        cost = cpu_milliseconds(lambda url=url: browser.get(url))
        yield Result(f"list_page_{name}", cost, "ms CPU", target="≤ 25 (20 rows)", is_met=cost <= 25)
