"""Staff login, L-01 to L-06 of the reliability catalogue."""

from datetime import timedelta

import pytest

from accounts import throttle
from accounts.actions.login import ASK_CAPTCHA, WRONG, try_login
from accounts.choices import LoginOutcome, Status
from accounts.models import AuditEntry, KnownDevice, LoginAttempt
from common import clock, context
from tests.factories.accounts import PASSWORD, make_phone_account, make_user
from tests.scale import GUESSES

pytestmark = pytest.mark.django_db
START = clock.now()
# Seconds between the guesses of a flood of fifteen minutes.
PACE = 900 / GUESSES
RACE_CONTROL = "test_control_twin_without_the_lock_reads_more"


def attempt(username="officer", password="wrong", *, ip="10.1.1.1", after=0, captcha_ok=True, device=""):
    """One try, so many seconds after the start, from that address."""
    with clock.freeze(START + timedelta(seconds=after)), context.using(context.RequestContext(ip=ip)):
        return try_login(username=username, password=password, device=device, captcha_ok=captcha_ok)


def fail(times, username="officer", *, first=0, **options):
    """So many failures, each waiting out the delay of the one before."""
    return [attempt(username, after=first + 30 * number, **options) for number in range(times)]


@pytest.fixture
def officer(county):
    return make_user(region=county, username="officer", password=PASSWORD)


class TestRightPassword:
    def test_enters_and_is_recorded(self, officer):
        result = attempt(password=PASSWORD)
        assert result.user == officer
        assert AuditEntry.objects.get(action="login").actor == officer
        assert LoginAttempt.objects.get().outcome == LoginOutcome.OK
        assert KnownDevice.objects.get().account == officer

    def test_the_device_cookie_is_not_in_the_database(self, officer):
        device = attempt(password=PASSWORD).device
        assert device not in KnownDevice.objects.get().token_hash

    def test_cancelled_account_and_villagers_phone_do_not_enter(self, officer):
        officer.status = Status.CANCELLED
        officer.save()
        phone = make_phone_account(username="villager")
        phone.set_password(PASSWORD)
        phone.save()
        assert attempt(password=PASSWORD).message == attempt("nobody", password=PASSWORD, ip="10.2.1.1").message
        assert attempt("villager", password=PASSWORD, ip="10.3.1.1").user is None

    def test_expired_initial_password_is_told_and_does_not_enter(self, officer):
        officer.must_change_password = True
        officer.password_expires_at = START - timedelta(seconds=1)
        officer.save()
        result = attempt(password=PASSWORD)
        assert result.user is None
        assert "7天" in result.message


class TestFailures:
    def test_tries_left_are_told(self, officer):
        messages = [result.message for result in fail(5)]
        assert all(message.startswith(WRONG) for message in messages)
        for message, words in zip(messages, ("再试4次", "再试3次", "再试2次", "再试1次", "已暂停登录"), strict=True):
            assert words in message

    def test_unknown_wrong_cancelled_and_locked_read_the_same(self, officer, county):
        make_user(region=county, username="gone", password=PASSWORD, status=Status.CANCELLED)
        stories = [
            [result.message for result in fail(8, name, ip=f"10.{number}.1.1")]
            for number, name in enumerate(("officer", "nobody", "gone"))
        ]
        assert stories[0] == stories[1] == stories[2]

    def test_captcha_after_three(self, officer):
        assert [result.needs_captcha for result in fail(3)] == [False, False, True]
        refused = attempt(password=PASSWORD, after=200, captcha_ok=False)
        assert (refused.user, refused.message, refused.is_evaluated) == (None, ASK_CAPTCHA, False)
        assert attempt(password=PASSWORD, after=201).user == officer

    def test_delay_grows_and_nothing_is_read_meanwhile(self, officer):
        fail(2)
        assert not attempt(password=PASSWORD, after=30.5).is_evaluated
        assert attempt(password=PASSWORD, after=32.5).user == officer

    def test_five_lock_for_fifteen_minutes(self, officer):
        fail(5)
        assert attempt(password=PASSWORD, after=120 + 14 * 60).user is None
        assert attempt(password=PASSWORD, after=121 + 15 * 60).user == officer

    def test_success_starts_the_count_anew(self, officer):
        fail(4)
        attempt(password=PASSWORD, after=200)
        assert "还可以再试4次" in attempt(after=210).message

    def test_failures_are_audited_without_the_typed_name(self, officer):
        attempt("15400001234", after=0)
        attempt(after=10)
        rows = list(AuditEntry.objects.filter(action="login.failed").values_list("target_id", flat=True))
        assert sorted(rows) == sorted(["", str(officer.pk)])
        assert "15400001234" not in str(list(LoginAttempt.objects.values()))


class TestFloods:
    @pytest.mark.slow
    @pytest.mark.proof
    def test_a_flood_of_guesses_on_one_account_from_everywhere(self, officer, tried):
        """Within fifteen minutes, from five hundred networks, captcha always solved."""
        evaluated = sum(attempt(ip=f"10.{n % 5}.{n % 100}.1", after=n * PACE).is_evaluated for n in range(GUESSES))
        assert evaluated == LoginAttempt.objects.count() <= 30
        tried("L-01", GUESSES, f"guesses at one account ({evaluated} read)", RACE_CONTROL)

    @pytest.mark.slow
    @pytest.mark.proof
    def test_a_flood_of_guesses_on_many_accounts_from_one_network(self, officer, tried):
        evaluated = sum(
            attempt(f"user-{n}", ip=f"10.1.1.{n % 250 + 1}", after=n * PACE).is_evaluated for n in range(GUESSES)
        )
        assert evaluated == LoginAttempt.objects.count() <= 30
        tried("L-01", GUESSES, f"guesses from one network ({evaluated} read)", RACE_CONTROL)

    def test_one_address_is_stopped_before_its_network(self, officer):
        for number in range(40):
            attempt(f"user-{number}", ip="10.1.1.1", after=number)
        assert LoginAttempt.objects.count() == throttle.IP_LIMIT
        assert attempt("user-x", ip="10.1.1.2", after=41).is_evaluated

    def test_hasty_guesses_are_not_read(self, officer):
        for number in range(20):
            attempt(after=number * 0.001)
        assert LoginAttempt.objects.count() == 2


@pytest.mark.django_db(transaction=True)
class TestRace:
    @pytest.mark.proof
    def test_forty_guesses_in_the_same_moment(self, county, tried):
        from tests.accounts.test_outbox import run_at_once

        make_user(region=county, username="officer", password=PASSWORD)
        run_at_once(40, attempt)
        assert LoginAttempt.objects.count() <= 2
        tried("L-01", 40, "guesses in the same moment", RACE_CONTROL)

    def test_control_twin_without_the_lock_reads_more(self, county, monkeypatch):
        from tests.accounts.test_outbox import run_at_once

        make_user(region=county, username="officer", password=PASSWORD)
        monkeypatch.setattr(throttle, "lock_counters", lambda subject, ip: None)
        run_at_once(40, attempt)
        assert LoginAttempt.objects.count() > 2


class TestLockoutAsWeapon:
    @pytest.mark.proof
    def test_thirty_attacked_owners_still_enter_from_their_devices(self, county, tried):
        """L-02: strangers lock thirty accounts; each owner logs in with the known browser and the right password."""
        devices = {}
        for number in range(30):
            make_user(region=county, username=f"owner-{number}", password=PASSWORD)
            devices[f"owner-{number}"] = attempt(f"owner-{number}", PASSWORD, ip=f"10.5.{number}.1").device
        for name in devices:
            for number in range(6):
                attempt(name, ip=f"20.{number}.{name[6:]}.1", after=60 + number * 30)
        for name, device in devices.items():
            assert attempt(name, PASSWORD, after=300, ip="30.1.1.1").user is None
            assert attempt(name, PASSWORD, after=300, device=device, ip="10.5.0.1").user is not None
        # Each loop is its own control: without the known device the same owner stays outside.
        tried("L-02", 30, "attacked owners enter from their device", "the same owner without the device")

    def test_the_owners_login_gives_strangers_no_new_tries(self, officer):
        device = attempt(password=PASSWORD).device
        fail(5, first=10)
        assert attempt(password=PASSWORD, after=200, device=device).user == officer
        assert not attempt(after=210).is_evaluated

    def test_a_stolen_device_has_five_tries_as_well(self, officer):
        device = attempt(password=PASSWORD).device
        results = fail(8, first=10, device=device)
        assert sum(result.is_evaluated for result in results) == 5

    def test_a_device_of_another_account_is_a_stranger(self, officer, county):
        make_user(region=county, username="other", password=PASSWORD)
        device = attempt("other", PASSWORD).device
        fail(5, first=10)
        assert attempt(password=PASSWORD, after=200, device=device).user is None


def test_admin_pages_have_the_same_door(client, officer):
    response = client.get("/admin/")
    assert response.status_code == 302
    assert response.url.startswith("/admin/login/")
    for number in range(4):
        page = client.post("/admin/login/", {"username": "officer", "password": "wrong"})
        assert (WRONG in page.content.decode()) or number
    assert LoginAttempt.objects.count() <= 2
