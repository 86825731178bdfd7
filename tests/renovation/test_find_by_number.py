"""A printed or spoken 工单号 is enough for an officer to find the case, within the own region (domain §3.6, §4.3)."""

import pytest
from django.urls import reverse

from renovation.models import Case
from tests.applicants.conftest import browser_of
from tests.factories.renovation import make_case, make_villager, make_world

pytestmark = pytest.mark.django_db
NUMBER, OTHER = "990101261010004217", "990101261011004218"


@pytest.fixture
def world(db):
    world = make_world()
    for number, name in ((NUMBER, "张石山"), (OTHER, "李小河")):
        case = make_case(world, villager=make_villager(world.village, name))
        Case.objects.filter(pk=case.pk).update(number=number)
    return world


def search(user, typed, **more):
    return browser_of(user).get(reverse("renovation:search"), {"number": typed, **more}).content.decode()


WIDE = "９９０１０１２６１０１０００４２１７"
WRITTEN = [NUMBER, "9901 0126 1010 0042 17", " 990101-261010-004217 ", WIDE, "004217", "00 42 17", "004，217"]


@pytest.mark.parametrize("typed", WRITTEN)
def test_a_number_finds_its_case_however_it_is_written(world, typed):
    page = search(world.cadre, typed)
    assert "张石山" in page and "李小河" not in page


@pytest.mark.parametrize("typed", ["4217", "12345678", "abcdef", "990101'--", "%%%%%%"])
def test_what_is_no_number_is_said_and_hides_nothing(world, typed):
    page = search(world.cadre, typed)
    assert "请输入完整的工单号，或最后6位数字" in page and "张石山" in page and "李小河" in page


def test_an_unknown_number_finds_nothing_and_says_so(world):
    assert "没有符合条件的工单" in search(world.cadre, "999999")


@pytest.mark.parametrize("typed", [NUMBER, "004217"])
def test_nobody_finds_a_case_of_another_county(world, typed):
    for user, sees in ((world.officer, True), (world.township_officer, True), (world.stranger, False)):
        assert ("张石山" in search(user, typed)) == sees


def test_the_way_back_from_the_case_keeps_the_number(world):
    page = search(world.cadre, "004217", name="张")
    assert "number=004217" in page and "list=search" in page


def test_the_last_six_are_looked_up_in_an_index(world):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        query, values = Case.objects.all().numbered("004217").order_by().query.sql_with_params()
        cursor.execute(f"EXPLAIN {query}", values)
        assert "case_number_tail" in "\n".join(row[0] for row in cursor.fetchall())
