import datetime as dt
import threading

import pytest
from django.utils import timezone

from common import clock


def test_now_is_aware_and_local():
    assert clock.now().utcoffset() == dt.timedelta(hours=8)
    assert abs(timezone.now() - clock.now()) < dt.timedelta(seconds=5)


def test_today_turns_at_local_midnight_not_at_utc():
    with clock.freeze(dt.datetime(2026, 11, 22, 16, 0, tzinfo=dt.UTC)):
        assert clock.today() == dt.date(2026, 11, 23)


def test_freeze_takes_a_date_as_office_opening():
    with clock.freeze(dt.date(2027, 1, 1)):
        assert clock.now().isoformat() == "2027-01-01T09:00:00+08:00"
        assert clock.database_now() == clock.now()


def test_freeze_nests_and_ends_even_when_the_block_fails():
    with clock.freeze(dt.date(2020, 1, 1)):
        with pytest.raises(ZeroDivisionError), clock.freeze(dt.date(2021, 1, 1)):
            1 // (clock.today().year - 2021)
        assert clock.today().year == 2020
    assert clock.today() == timezone.localdate()


def test_freeze_stays_in_its_own_thread():
    seen = []
    with clock.freeze(dt.date(2020, 1, 1)):
        thread = threading.Thread(target=lambda: seen.append(clock.today()))
        thread.start()
        thread.join()
    assert seen == [timezone.localdate()]


@pytest.mark.django_db
def test_database_now_comes_from_the_database():
    moment = clock.database_now()
    assert moment.utcoffset() == dt.timedelta(hours=8)
    assert abs(clock.now() - moment) < dt.timedelta(seconds=30)
