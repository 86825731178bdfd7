"""No page hangs (I10): the database gives up a statement of the web server, and the page says to try again."""

import pytest
from django.conf import settings
from django.db import OperationalError
from django.db.utils import ConnectionHandler

from common.outage import is_database_away
from config.settings.addresses import impatient

SLOW = "SELECT pg_sleep(1.5)"


def asked(entry: dict) -> None:
    connection = ConnectionHandler({"default": entry})["default"]
    try:
        with connection.cursor() as cursor:
            cursor.execute(SLOW)
    finally:
        connection.close()


@pytest.fixture
def entry(db):
    return {name: value for name, value in settings.DATABASES["default"].items() if name != "TEST"}


def test_a_statement_that_takes_too_long_is_given_up_and_counts_as_an_outage(entry):
    with pytest.raises(OperationalError) as given_up:
        asked(impatient(entry, "1"))
    assert is_database_away(given_up.value)


def test_control_without_the_limit_it_goes_on(entry):
    asked(entry)
