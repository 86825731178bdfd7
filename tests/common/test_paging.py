import datetime as dt

import pytest
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.paginator import Paginator
from django.template import Context, Template
from django.utils import timezone

from common import paging
from common.paging import EstimatingPaginator, capped_count, keyset_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(monkeypatch):
    monkeypatch.setattr(paging, "COUNT_CAP", 100)
    Group.objects.bulk_create(Group(name=f"组{number:03}") for number in range(150))
    return Group.objects.order_by("id")


def test_count_stops_at_the_cap_and_says_so(many):
    counted = capped_count(many)
    assert (int(counted), str(counted), f"{counted}") == (100, "100+", "100+")
    assert Template("{{ n }}").render(Context({"n": counted})) == "100+"
    assert str(capped_count(many.filter(name__lt="组020"))) == "20"
    assert capped_count(many.filter(name__lt="组100")) == 100
    assert str(capped_count(many.filter(name__lt="组100"))) == "100"


def test_the_database_never_counts_the_whole_table(many, django_assert_num_queries):
    with django_assert_num_queries(1) as seen:
        assert EstimatingPaginator(many, 20).num_pages == 5
    assert "LIMIT 101" in seen[0]["sql"]
    with django_assert_num_queries(1) as seen:
        assert Paginator(many, 20).num_pages == 8
    assert "LIMIT" not in seen[0]["sql"]


def test_the_shown_text_at_the_real_cap():
    assert paging.COUNT_CAP == 10_000
    assert str(paging.CappedCount(10_000)) == "10000+"


def test_estimating_paginator_takes_lists_too():
    assert EstimatingPaginator(list(range(45)), 20).num_pages == 3


def walk(queryset, order, size, attribute="following", cursor=""):
    pages = []
    while True:
        page = keyset_page(queryset, order=order, cursor=cursor, size=size)
        pages.append(page)
        cursor = getattr(page, attribute)
        if not cursor:
            return pages


@pytest.mark.parametrize("order", [("id",), ("-id",), ("name", "id"), ("-name", "id")])
@pytest.mark.parametrize("size", [1, 7, 50, 150, 200])
def test_keyset_pages_show_every_row_once_in_order(many, order, size):
    rows = many[:150] if size > 5 else many.filter(name__lt="组012")
    rows = Group.objects.filter(pk__in=[row.pk for row in rows])
    pages = walk(rows, order, size)
    assert [row.pk for page in pages for row in page] == list(rows.order_by(*order).values_list("pk", flat=True))
    assert all(len(page) <= size for page in pages)


def test_keyset_walks_back_the_way_it_came(many):
    forth = walk(many, ("-name", "id"), 40)
    back = walk(many, ("-name", "id"), 40, "preceding", forth[-1].preceding)
    assert [page.items for page in reversed(back)] == [page.items for page in forth[:-1]]
    assert back[-1].preceding == ""
    assert forth[0].preceding == ""
    assert back[0].following


def test_equal_and_microsecond_values_are_neither_skipped_nor_repeated():
    start = timezone.now()
    moments = [start, start, start + dt.timedelta(microseconds=1), start + dt.timedelta(microseconds=1), start]
    for number, moment in enumerate(moments):
        Session.objects.create(session_key=str(number), expire_date=moment)
    pages = walk(Session.objects.all(), ("-expire_date", "session_key"), 1)
    assert [page.items[0].session_key for page in pages] == ["2", "3", "0", "1", "4"]


def test_rows_added_meanwhile_shift_nothing(many):
    first = keyset_page(many, order=("-id",), size=10)
    Group.objects.create(name="新")
    second = keyset_page(many, order=("-id",), size=10, cursor=first.following)
    assert second.items[0].pk == first.items[-1].pk - 1


def test_a_cursor_tells_nothing_and_cannot_be_changed(many):
    page = keyset_page(many, order=("name", "id"), size=10)
    assert "组009".encode().hex() not in page.following
    spoiled = page.following[:-4] + ("AAAA" if page.following[-4:] != "AAAA" else "BBBB")
    for cursor in (spoiled, "x", "====", "张三", "%00", page.following * 2):
        assert keyset_page(many, order=("name", "id"), size=10, cursor=cursor).items == page.items


def test_a_cursor_of_another_list_is_not_followed(many):
    page = keyset_page(many, order=("name", "id"), size=10)
    assert keyset_page(many, order=("id",), size=10, cursor=page.following).items == list(many[:10])


def test_an_empty_list_is_one_empty_page():
    page = keyset_page(Group.objects.all(), order=("id",))
    assert (page.items, page.following, page.preceding) == ([], "", "")
