"""谁看过我的申请: every officer once a day, by office and position, to the applicant alone (domain §15.4)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from common.clock import freeze, now
from renovation.actions.service import note_viewing
from renovation.models import CaseViewing
from tests.applicants.conftest import browser_of
from tests.factories.renovation import make_case, make_villager

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(world, villager):
    return make_case(world, villager=villager)


def url(case):
    return reverse("applicants:viewings", args=[case.uid])


def test_opening_the_case_page_is_noted_once_a_day(world, case):
    officer = browser_of(world.officer)
    staff_page = reverse("renovation:case", args=[case.uid])
    for _ in range(2):
        officer.get(staff_page)
    row = CaseViewing.objects.get()
    assert (row.user, row.office) == (world.officer, world.officer.office) and row.last_at > row.first_at
    with freeze(now() + timedelta(days=1)):
        note_viewing(case=case, by=world.officer)
    assert CaseViewing.objects.count() == 2


def test_the_applicants_own_visit_is_none(case, phone):
    phone.get(reverse("applicants:case", args=[case.uid]))
    assert not CaseViewing.objects.exists()


def test_the_applicant_reads_office_and_position_but_no_name_nor_phone(world, case, phone):
    User.objects.filter(pk=world.officer.pk).update(position="科员", display_name="测试员乙")
    browser_of(world.officer).get(reverse("renovation:case", args=[case.uid]))
    assert url(case) in phone.get(reverse("applicants:case", args=[case.uid])).content.decode()
    page = phone.get(url(case)).content.decode()
    assert world.officer.office.name in page and "科员" in page
    assert "测试员乙" not in page and world.officer.phone not in page and world.officer.username not in page


def test_twenty_a_page_newest_first_at_one_price(world, case, phone):
    start = now()
    for days in range(21):
        with freeze(start + timedelta(days=days)):
            note_viewing(case=case, by=world.officer)
    phone.get(url(case))  # the first visit also writes the session
    with CaptureQueriesContext(connection) as many:
        page = phone.get(url(case)).content.decode()
    assert page.count('class="card"') == 20
    days = list(CaseViewing.objects.order_by("-day").values_list("day", flat=True)[:2])
    assert page.index(f"{days[0].month}月{days[0].day}日") < page.index(f"{days[1].month}月{days[1].day}日")
    CaseViewing.objects.filter(day__lt=days[0]).delete()
    with CaptureQueriesContext(connection) as one:
        phone.get(url(case))
    assert len(one) == len(many)


def test_empty_says_so_and_strangers_find_nothing(world, case, phone):
    assert "还没有人看过" in phone.get(url(case)).content.decode()
    assert browser_of(make_villager(world.village)).get(url(case)).status_code == 404
