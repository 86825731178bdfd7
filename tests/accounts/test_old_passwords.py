"""L-05: after ninety days a password is changed before anything else; it is warned of for a week; 0 switches it off."""

from datetime import timedelta

import pytest

from accounts.middleware import OLD_PASSWORD_OPEN
from accounts.models import User
from common import clock
from tests.accounts.test_first_login import every_path
from tests.factories.accounts import PASSWORD, make_phone_account, make_user

pytestmark = pytest.mark.django_db
PAGE = "/staff/account/password/"
NEW = "Qmx-7781-zz"


@pytest.fixture
def officer(client, county):
    user = make_user(region=county, username="officer", password=PASSWORD)
    client.post("/staff/login/", {"username": "officer", "password": PASSWORD})
    return user


def grow_older(user, **time):
    User.objects.filter(pk=user.pk).update(password_set_at=clock.now() - timedelta(**time))


@pytest.mark.parametrize(("days", "words"), [(82, ""), (83, "还有6天到期"), (88, "还有1天到期"), (89, "今天到期")])
def test_the_desk_warns_in_the_last_seven_days(client, officer, days, words):
    grow_older(officer, days=days, minutes=1)
    page = client.get("/staff/").content.decode()
    assert ("您的密码" in page) == bool(words)
    assert words in page


def test_every_page_leads_to_the_new_password_and_then_to_where_one_wanted(client, officer):
    grow_older(officer, days=90)
    tried = 0
    for entry, path in every_path():
        answer = client.get(f"/{path}")
        if answer.resolver_match and answer.resolver_match.view_name in OLD_PASSWORD_OPEN:
            continue
        # A path that only slips in a slash comes round to the same place.
        target = client.get(answer.url) if not answer.url.startswith(PAGE) else answer
        assert target.url.startswith(PAGE), (entry, path)
        tried += 1
    assert tried > 30
    answer = client.get("/staff/cases/?kind=late")
    page = client.get(answer.url)
    assert "密码已使用90天" in page.content.decode()
    said = {"old_password": PASSWORD, "new_password": NEW, "repeated": NEW, "next": "/staff/cases/?kind=late"}
    done = client.post(PAGE, said)
    assert (done.status_code, done.url) == (302, "/staff/cases/?kind=late")
    assert client.get("/staff/cases/").status_code == 200


def test_the_old_password_is_no_new_one(client, officer):
    grow_older(officer, days=91)
    page = client.post(PAGE, {"old_password": PASSWORD, "new_password": PASSWORD, "repeated": PASSWORD})
    assert "不能使用最近用过的5个密码" in page.content.decode()
    assert client.get("/staff/").status_code == 302


def test_a_script_is_told_instead_of_sent_away(client, officer):
    grow_older(officer, days=90)
    answer = client.get("/staff/cases/", headers={"Sec-Fetch-Dest": "empty"})
    assert (answer.status_code, answer.json()["message"]) == (403, "密码已到期，请先更换密码")


def test_without_a_date_the_age_is_that_of_the_account(client, officer):
    User.objects.filter(pk=officer.pk).update(password_set_at=None, created_at=clock.now() - timedelta(days=90))
    assert client.get("/staff/").status_code == 302


def test_switched_off_nothing_grows_old(client, officer, settings):
    settings.PASSWORD_DAYS = 0
    grow_older(officer, days=900)
    assert client.get("/staff/").status_code == 200


def test_a_villager_has_no_password_to_change(client):
    villager = make_phone_account()
    User.objects.filter(pk=villager.pk).update(created_at=clock.now() - timedelta(days=900))
    client.force_login(villager)
    assert client.get("/people/new/").status_code == 200
