"""工作台: numbers that open exactly the rows they count, modules that exist, nothing for whoever may not."""

import re

import pytest
from django.urls import reverse

from accounts.choices import Duty
from renovation.models import Case
from tests.factories.accounts import make_administrator, make_user
from tests.factories.renovation import make_case, make_villager, make_world
from tests.renovation.pages import numbers, seen, text_of

HOME = reverse("workbench:home")
FIGURE = re.compile(r'href="([^"]+)"><span class="figure__count">([^<]+)</span><span>([^<]+)</span>')


@pytest.fixture
def world(db):
    return make_world()


def figures(response) -> dict[str, tuple[str, str]]:
    return {label: (url.replace("&amp;", "&"), count) for url, count, label in FIGURE.findall(text_of(response))}


def menu(response) -> list[str]:
    side = text_of(response).partition('class="side__nav"')[2].partition("</nav>")[0]
    return [label.strip() for label in re.findall(r"<a [^>]*>([^<]+)", side)]


def test_each_number_opens_its_rows(world, client):
    late = make_case(world)
    make_case(world)
    Case.objects.filter(pk=late.pk).update(is_overdue=True)
    client.force_login(world.officer)
    found = figures(client.get(HOME))
    for label, count in (("待办工单", 2), ("已超时", 1)):
        url, shown = found[label]
        assert shown == str(count)
        assert len(numbers(client.get(url))) == count
    url, shown = found["待核对身份"]
    assert text_of(client.get(url)).count(">核对<") == int(shown) == 2
    url, shown = found["未读消息"]
    assert client.get(url).status_code == 200
    assert int(shown) >= 2


def test_most_urgent_cases_are_on_the_desk_in_order(world, client):
    made = [make_case(world).number for _ in range(7)]
    client.force_login(world.officer)
    assert numbers(client.get(HOME)) == made[:5]


def test_menu_holds_what_this_account_may_do(world, client):
    seen_by = {
        world.officer: {"业务办理", "工单查询", "统计", "身份核对"},
        world.township_officer: {"业务办理", "工单查询", "统计", "身份核对", "代办申请"},
        world.cadre: {"工单查询", "统计", "身份核对", "代办申请"},
        make_user(region=world.regions["990100000000"], duties=[Duty.READ_ONLY]): {"工单查询", "统计"},
        make_administrator(Duty.SYSTEM_ADMIN, region=world.county): {"统计", "管理后台"},
    }
    for user, expected in seen_by.items():
        client.force_login(user)
        page = client.get(HOME)
        assert page.status_code == 200
        assert set(menu(page)) - {"工作台", "管理后台"} == expected - {"管理后台"}


def test_menu_marks_where_one_is_and_counts_what_waits(world, client):
    case = make_case(world)
    client.force_login(world.officer)
    for url in (reverse("renovation:todo"), reverse("renovation:done"), f"/staff/cases/{case.uid}/"):
        assert re.search(r'aria-current="page">业务办理<span class="side__count">1</span>', text_of(client.get(url)))
    assert re.search(r'aria-current="page">工单查询', text_of(client.get(reverse("renovation:search"))))


def test_nobody_is_ranked(world, client):
    make_case(world)
    client.force_login(world.officer)
    said = seen(client.get(HOME))
    for word in ("排名", "排行", "名次", "活跃"):
        assert word not in said


def test_villager_and_stranger_are_sent_to_the_staff_login(world, client):
    assert client.get(HOME).url.startswith("/staff/login/")
    client.force_login(make_villager(world.village))
    assert client.get(HOME).url.startswith("/staff/login/")
