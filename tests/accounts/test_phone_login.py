import re
from datetime import timedelta

import pytest

from accounts import sessions
from accounts.actions import phone_login
from accounts.actions.outbox import handle
from accounts.choices import Level, Status
from accounts.models import AuditEntry, OutboxEntry, SmsCode, SmsMessage, User
from common import clock, context
from common.errors import Refusal
from tests.factories.accounts import make_phone_account

pytestmark = pytest.mark.django_db
PHONE = "15400000123"
START = clock.now()


def ask(client, phone=PHONE, after=0, **more):
    with clock.freeze(START + timedelta(seconds=after)):
        return client.post("/login/", {"phone": phone, **more})


def type_code(client, code, after=1, **more):
    with clock.freeze(START + timedelta(seconds=after)):
        return client.post("/login/code/", {"code": code, **more})


def sent_code():
    """The code as it stands in the text message."""
    return re.search(r"\d{6}", SmsMessage.objects.order_by("-id")[0].text).group()


def wrong_code():
    return f"{(int(sent_code()) + 1) % 1_000_000:06d}"


class TestCode:
    def test_right_code_makes_the_account_once(self, client):
        assert ask(client).url == "/login/code/"
        assert type_code(client, sent_code()).status_code == 302
        account = User.objects.get()
        assert (account.level, account.phone, account.office) == (Level.VILLAGER, PHONE, None)
        assert client.session["_auth_user_id"] == str(account.pk)
        assert AuditEntry.objects.get().action == "login.phone"

    def test_known_phone_enters_its_own_account(self, client):
        account = make_phone_account(PHONE)
        ask(client)
        type_code(client, sent_code())
        assert client.session["_auth_user_id"] == str(account.pk)

    def test_known_and_unknown_phone_get_the_same_answer(self, client):
        from django.test import Client

        make_phone_account(PHONE)
        pages = []
        for phone, browser in ((PHONE, client), ("15400000124", Client())):
            response = ask(browser, phone)
            page = browser.get(response.url).content.decode()
            pages.append(re.sub(r'value="[^"]{30,}"|154\*{4}\d{4}', "", page))
        assert pages[0] == pages[1]

    def test_spaces_and_country_code_are_dropped(self, client):
        ask(client, "+86 154 0000 0123")
        assert SmsCode.objects.get().phone == PHONE

    @pytest.mark.parametrize("phone", ["", "1540000012", "25400000123", "abc", "１５４"])
    def test_other_numbers_are_refused(self, client, phone):
        assert ask(client, phone).status_code == 200
        assert not SmsCode.objects.exists()

    def test_five_wrong_codes_use_it_up(self, client):
        ask(client)
        pages = [type_code(client, wrong_code()).content.decode() for _ in range(5)]
        assert "还可以再试4次" in pages[0]
        assert "次数过多" in pages[4]
        assert type_code(client, sent_code()).status_code == 200
        assert not User.objects.exists()

    def test_ten_minutes(self, client):
        ask(client)
        assert "已过期" in type_code(client, sent_code(), after=600).content.decode()
        assert type_code(client, sent_code(), after=599).status_code == 302

    def test_a_code_serves_once(self, client):
        from django.test import Client

        ask(client)
        code = sent_code()
        uid = SmsCode.objects.get().uid
        type_code(client, code)
        with clock.freeze(START + timedelta(seconds=5)), pytest.raises(Refusal, match="已过期"):
            phone_login.enter(code_uid=uid, typed=code)
        assert Client().post("/login/code/", {"code": code}).url == "/login/"

    def test_another_browser_cannot_use_the_code(self, client):
        from django.test import Client

        ask(client)
        assert type_code(Client(), sent_code()).url == "/login/"

    def test_code_and_phone_lie_sealed(self, client):
        ask(client)
        rows = [*SmsCode.objects.values_list("phone", "code"), *SmsMessage.objects.values_list("phone", "text")]
        raw = b"".join(bytes(value) for row in rows for value in row)
        assert PHONE.encode() not in raw
        assert sent_code().encode() not in raw
        assert PHONE not in str(list(OutboxEntry.objects.values()))

    def test_the_message_leaves_through_the_outbox(self, client):
        ask(client)
        assert handle(OutboxEntry.objects.get().pk)

    def test_cancelled_account_does_not_enter(self, client):
        make_phone_account(PHONE, status=Status.CANCELLED)
        ask(client)
        assert "停用" in type_code(client, sent_code()).content.decode()

    def test_wanted_page_is_kept_through_both_pages(self, client):
        assert ask(client, next="/my/cases/").url == "/login/code/?next=%2Fmy%2Fcases%2F"
        home = sessions.home_of(User(level=Level.VILLAGER))
        assert type_code(client, sent_code(), next="/my/cases/").url == f"{home}?next=%2Fmy%2Fcases%2F"


class TestLimits:
    def test_one_a_minute(self, client):
        from django.test import Client

        ask(client)
        assert "60秒" in ask(Client(), after=30).content.decode()
        assert SmsCode.objects.count() == 1
        assert ask(Client(), after=61).status_code == 302

    def test_a_double_tap_leads_to_the_code_page(self, client):
        ask(client)
        assert ask(client, after=2).url == "/login/code/"
        assert SmsCode.objects.count() == 1

    def test_ten_a_day(self, client):
        for number in range(10):
            ask(client, after=number * 61)
        assert "明天再试" in ask(client, after=700).content.decode()
        assert ask(client, after=86_400 + 61).status_code == 302

    def test_one_network(self):
        def ask_from(number, block):
            with context.using(context.RequestContext(ip=f"10.1.{block}.{number // 50 + 1}")), clock.freeze(START):
                phone_login.send_code(phone=f"154{block:02d}{number:06d}")

        for number in range(200):
            ask_from(number, 7)
        with pytest.raises(Refusal, match="网络"):
            ask_from(200, 7)
        ask_from(0, 8)

    def test_one_address(self):
        with context.using(context.RequestContext(ip="10.1.1.1")), clock.freeze(START):
            for number in range(60):
                phone_login.send_code(phone=f"154{number:08d}")
            with pytest.raises(Refusal, match="网络"):
                phone_login.send_code(phone="15499999999")

    def test_send_again_after_the_pause(self, client):
        ask(client)
        with clock.freeze(START + timedelta(seconds=30)):
            assert "60秒" in client.post("/login/code/", {"again": "1"}).content.decode()
        with clock.freeze(START + timedelta(seconds=62)):
            assert client.post("/login/code/", {"again": "1"}).status_code == 302
        assert SmsCode.objects.count() == 2


def test_development_page_shows_the_codes(client, settings):
    ask(client)
    assert sent_code() in client.get("/dev/sms/").content.decode()
    settings.DEVELOPMENT = False
    assert client.get("/dev/sms/").status_code == 404
