"""Enough time: the login lasts two hours from the last tap, a tap on 「我还在」 counts, and the page knows how long."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts import sessions
from common.clock import freeze, now

pytestmark = pytest.mark.django_db
STAY, PAGE = "/stay/", "/me/"


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def test_a_tap_keeps_the_login(phone):
    begun = now()
    with freeze(begun):
        phone.get(PAGE)
    for after in (1.9, 3.7, 5.5):
        with freeze(begun + hours(after)):
            assert phone.post(STAY).json()["seconds"] == 7200
    with freeze(begun + hours(7.4)):
        assert phone.get(PAGE).status_code == 200


def test_twin_without_the_tap_it_is_over(phone):
    begun = now()
    with freeze(begun):
        phone.get(PAGE)
    with freeze(begun + hours(2.1)):
        assert phone.get(PAGE).status_code == 302


def test_nobody_is_kept_for_ever(phone):
    begun = now()
    with freeze(begun):
        phone.get(PAGE)
    for after in range(1, 12):
        with freeze(begun + hours(after)):
            left = phone.post(STAY).json()["seconds"]
    assert left == 3600, "the twelve hours of decision 26"
    with freeze(begun + sessions.ABSOLUTE + timedelta(seconds=1)):
        assert phone.post(STAY, headers={"X-Requested-With": "XMLHttpRequest"}).status_code == 401


def test_the_page_says_how_long_and_strangers_are_told_nothing(phone):
    with freeze(now()):
        assert 'data-stay="7200"' in phone.get(PAGE).content.decode()
    assert "data-stay" not in Client().get(reverse("accounts:login")).content.decode()
    assert Client().post(STAY).json() == {"seconds": 0}
