import re
from datetime import timedelta

import pytest

from accounts import captcha, sessions
from accounts.access import TIMED_OUT
from accounts.choices import Duty, Status
from accounts.models import AuditEntry, KnownDevice, User
from common import clock
from tests.factories.accounts import PASSWORD, make_administrator, make_phone_account, make_user

pytestmark = pytest.mark.django_db
LOGIN = "/staff/login/"
HOME = "/staff/account/"


@pytest.fixture
def officer(county):
    return make_user(region=county, username="officer", password=PASSWORD)


def log_in(client, username="officer", password=PASSWORD, **more):
    return client.post(LOGIN, {"username": username, "password": password, **more})


def text_of(response):
    return response.content.decode()


class TestPage:
    def test_leads_to_the_wanted_page(self, client, officer):
        response = client.get(HOME)
        assert response.url == "/staff/login/?next=%2Fstaff%2Faccount%2F"
        assert log_in(client, next=HOME).url == HOME

    @pytest.mark.parametrize(
        "wanted", ["https://evil.example.org/", "//evil.example.org", "javascript:1", "/\\evil", ""]
    )
    def test_leads_nowhere_else(self, client, officer, wanted):
        assert log_in(client, next=wanted).url == sessions.home_of(officer)

    def test_keeps_the_account_and_empties_the_password(self, client, officer):
        page = text_of(log_in(client, password="Wrong-1234"))
        assert 'value="officer"' in page
        assert "Wrong-1234" not in page

    def test_says_what_is_missing(self, client, officer):
        assert "请填写密码" in text_of(log_in(client, password=""))

    def test_gives_a_new_session_number(self, client, officer):
        client.get(LOGIN)
        session = client.session
        session["planted"] = "by somebody else"
        session.save()
        before = session.session_key
        log_in(client)
        assert client.session.session_key != before
        assert "planted" not in client.session

    def test_sets_a_device_cookie_scripts_cannot_read(self, client, officer):
        cookie = log_in(client).cookies[sessions.DEVICE_COOKIE]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert KnownDevice.objects.count() == 1

    def test_second_login_tells_of_the_first(self, client, officer):
        log_in(client)
        client.post("/logout/")
        log_in(client)
        page = text_of(client.get(HOME))
        assert "上次登录" in page
        assert "127.0.0.1" in page

    def test_coming_back_to_it_when_logged_in_leads_on(self, client, officer):
        log_in(client)
        assert client.get(f"{LOGIN}?next={HOME}").url == HOME

    def test_an_account_without_the_right_is_told_so_and_not_sent_in_a_circle(self, client, county):
        client.force_login(make_user(region=county, duties=[Duty.READ_ONLY]))
        response = client.get("/admin/", follow=True)
        assert "没有打开该页面的权限" in text_of(response)


class TestCaptcha:
    def fail_three_times(self, client):
        start = clock.now()
        for number in range(3):
            with clock.freeze(start + timedelta(seconds=30 * number)):
                page = log_in(client, password="wrong")
        return start + timedelta(seconds=120), page

    def test_appears_after_three_failures_with_picture_and_question(self, client, officer):
        assert "captcha" not in text_of(client.get(LOGIN))
        _, page = self.fail_three_times(client)
        assert re.search(r"[一二三四五六七八九]加[一二三四五六七八九]等于几", text_of(page))
        # Who sees neither has the question read out, or a person who helps.
        assert "data-read-aloud" in text_of(page) and "请打电话给上一级主管部门" in text_of(page)
        picture = client.get("/staff/login/captcha.png")
        assert picture["Content-Type"] == "image/png"
        assert picture.content.startswith(b"\x89PNG")

    @pytest.mark.parametrize("kind", ["text", "sum"])
    def test_either_answer_opens(self, client, officer, kind):
        moment, _ = self.fail_three_times(client)
        with clock.freeze(moment):
            answer = client.session[captcha.KEY][kind].lower()
            assert log_in(client, captcha=answer).status_code == 302

    def test_wrong_or_used_answer_reads_no_password(self, client, officer):
        moment, _ = self.fail_three_times(client)
        with clock.freeze(moment):
            answer = client.session[captcha.KEY]["text"]
            assert "验证码不正确" in text_of(log_in(client, captcha="????"))
            assert log_in(client, captcha=answer).status_code == 200
            assert "_auth_user_id" not in client.session

    def test_expires_after_five_minutes(self, client, officer):
        moment, _ = self.fail_three_times(client)
        answer = client.session[captcha.KEY]["text"]
        with clock.freeze(moment + timedelta(minutes=6)):
            assert log_in(client, captcha=answer).status_code == 200

    def test_picture_without_a_question_is_404(self, client):
        assert client.get("/staff/login/captcha.png").status_code == 404


class TestTimeOut:
    @pytest.mark.parametrize(
        ("code", "minutes", "is_open"),
        [
            ("990101100201", 119, True),
            ("990101100201", 121, False),
            ("990101100000", 119, True),
            ("990101100000", 121, False),
            ("990101000000", 29, True),
            ("990101000000", 31, False),
            ("990100000000", 31, False),
        ],
    )
    def test_idle(self, client, tree, code, minutes, is_open):
        make_user(region=tree[code], username="officer", password=PASSWORD)
        start = clock.now()
        with clock.freeze(start):
            log_in(client)
        with clock.freeze(start + timedelta(minutes=minutes)):
            assert (client.get(HOME).status_code == 200) is is_open

    def test_administrator_of_a_township_has_thirty_minutes(self, township):
        administrator = make_administrator(Duty.SYSTEM_ADMIN, region=township)
        assert sessions.idle_limit(administrator) == timedelta(minutes=30)

    def test_work_keeps_the_session_open_but_not_beyond_twelve_hours(self, client, township):
        make_user(region=township, username="officer", password=PASSWORD)
        start = clock.now()
        with clock.freeze(start):
            log_in(client)
        for hours in range(1, 12):
            with clock.freeze(start + timedelta(hours=hours)):
                assert client.get(HOME).status_code == 200
        with clock.freeze(start + timedelta(hours=12, seconds=1)):
            assert client.get(HOME).status_code == 302

    def test_says_so_and_comes_back_to_the_wanted_page(self, client, officer):
        start = clock.now()
        with clock.freeze(start):
            log_in(client)
        with clock.freeze(start + timedelta(hours=1)):
            response = client.get("/staff/messages/?page=2", follow=True)
            assert TIMED_OUT in text_of(response)
            assert 'value="/staff/messages/?page=2"' in text_of(response)
            assert log_in(client, next="/staff/messages/?page=2").url == "/staff/messages/?page=2"

    def test_a_script_gets_a_sentence_not_a_page(self, client, officer):
        start = clock.now()
        with clock.freeze(start):
            log_in(client)
        with clock.freeze(start + timedelta(hours=1)):
            response = client.post("/staff/messages/", headers={"Sec-Fetch-Dest": "empty"})
        assert response.status_code == 401
        assert response.json()["message"] == TIMED_OUT

    def test_a_busy_session_is_written_once_a_minute(self, client, officer, django_assert_max_num_queries):
        log_in(client)
        client.get(HOME)
        with django_assert_max_num_queries(20) as queries:
            client.get(HOME)
        said = [query["sql"] for query in queries.captured_queries]
        assert not any(sql.startswith("UPDATE") for sql in said)
        # Account, office and region in one: everything a scope needs.
        assert sum('FROM "accounts_user"' in sql for sql in said) == 1
        assert not any('FROM "accounts_office"' in sql or 'FROM "regions_region"' in sql for sql in said)


class TestEndOfSessions:
    @pytest.mark.parametrize(
        "change",
        [
            {"status": Status.CANCELLED},
            {"duties": [Duty.READ_ONLY]},
            {"password": "!other"},
        ],
    )
    def test_all_sessions_end_when_rights_change(self, client, officer, change):
        log_in(client)
        assert client.get(HOME).status_code == 200
        User.objects.filter(pk=officer.pk).update(**change)
        assert client.get(HOME).status_code == 302

    def test_own_new_password_ends_the_others_and_keeps_this_one(self, client, officer):
        from django.test import Client

        other = Client()
        log_in(client)
        log_in(other)
        said = {"old_password": PASSWORD, "new_password": "Qmx-7781-zz", "repeated": "Qmx-7781-zz"}
        before = client.session.session_key
        assert client.post("/staff/account/password/", said).status_code == 302
        assert client.session.session_key != before
        assert client.get(HOME).status_code == 200
        assert other.get(HOME).status_code == 302

    def test_logout_by_post_only_and_recorded(self, client, officer):
        log_in(client)
        client.get("/logout/")
        assert client.get(HOME).status_code == 200
        client.post("/logout/")
        assert client.get(HOME).status_code == 302
        assert AuditEntry.objects.filter(action="logout", actor=officer).exists()

    def test_a_villager_does_not_open_staff_pages(self, client):
        client.force_login(make_phone_account())
        assert client.get(HOME).url.startswith(LOGIN)
