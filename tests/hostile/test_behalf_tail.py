"""The link of a text message falls into other hands: four digits are guessed, and five guesses are read a day."""

from datetime import timedelta

import pytest
from django.test import Client

from renovation.actions import behalf
from renovation.models import BehalfNotice
from tests.factories.renovation import make_world
from tests.faults.villagers import filed_by_cadre
from tests.faults.writes import Desk
from tests.scale import some

pytestmark = pytest.mark.django_db
GUESSES = some(40, 1000)


@pytest.fixture
def case(db):
    filed, _ = filed_by_cadre(Desk(make_world()))
    return filed


def opened_by_guessing(case) -> bool:
    """Guesses in a row with the right one among the last, from browsers that keep nothing."""
    right = case.applicant_id_number[-4:]
    guesses = [f"{number:03d}{right[3]}" for number in range(GUESSES) if f"{number:03d}{right[3]}" != right]
    path = f"/behalf/{case.behalf_notice.token}/"
    pages = [Client().post(path, {"tail": tail}).content.decode() for tail in (*guesses[:-1], right)]
    return case.agent_name in pages[-1]


def test_who_guesses_the_last_four_is_shut_out_before_finding_them(case, tried):
    assert not opened_by_guessing(case)
    assert BehalfNotice.objects.get().failures == behalf.GUESSES
    tried("A-11", GUESSES, "guesses at the four digits behind a link of 代办", "test_twin_without_the_pause_finds_them")


def test_twin_without_the_pause_finds_them(case, monkeypatch):
    monkeypatch.setattr(behalf, "PAUSE", timedelta(0))
    assert opened_by_guessing(case)
