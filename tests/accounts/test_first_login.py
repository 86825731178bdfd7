"""请完善用户信息 (L-03): nothing but that page until it is done."""

from datetime import timedelta

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.urls.exceptions import Resolver404

from accounts.middleware import FIRST_LOGIN_OPEN, StaffSessionMiddleware
from accounts.models import AuditEntry
from tests.factories.accounts import PASSWORD, make_user

pytestmark = pytest.mark.django_db
PAGE = "/staff/first-login/"
NEW = "Qmx-7781-zz"


@pytest.fixture
def newcomer(county):
    return make_user(region=county, username="newcomer", password=PASSWORD, must_change_password=True)


@pytest.fixture
def logged_in(client, newcomer):
    client.post("/staff/login/", {"username": "newcomer", "password": PASSWORD})
    return client


def said(**changes):
    data = {
        "display_name": "李建设",
        "position": "股长",
        "phone": "15400000456",
        "old_password": PASSWORD,
        "new_password": NEW,
        "repeated": NEW,
    }
    return data | changes


def every_path(patterns=None, prefix=""):
    """A concrete path for every pattern of the project, with invented arguments."""
    for entry in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(entry, URLResolver):
            yield from every_path(entry.url_patterns, prefix + fill(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield entry, prefix + fill(entry.pattern)


def fill(pattern):
    import re

    values = {"int": "1", "uuid": "0f0f0f0f-0f0f-4f0f-8f0f-0f0f0f0f0f0f", "slug": "x", "str": "x", "path": "x"}
    text = re.sub(r"<(?:(\w+):)?\w+>", lambda match: values.get(match[1] or "str", "x"), str(pattern))
    return re.sub(r"\(\?P<[^>]+>[^)]*\)|[\^$]", lambda match: "" if match[0] in "^$" else "accounts", text)


def name_of(path):
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""


def sweep(client):
    """Paths that a newcomer was let through to, and how many were asked, by GET and by POST."""
    asked, open_to = 0, []
    for _, path in every_path():
        if name_of(f"/{path}") in FIRST_LOGIN_OPEN:
            continue
        for method in ("get", "post"):
            response = getattr(client, method)(f"/{path}")
            asked += 1
            target = response
            # A path that only slips in a slash comes round to the same place.
            if response.status_code in (301, 302) and not response.url.startswith(PAGE):
                target = client.get(response.url)
            if target.status_code != 302 or not target.url.startswith(PAGE):
                open_to.append((method, path, response.status_code))
    return asked, open_to


@pytest.mark.proof
def test_every_url_leads_to_that_page(logged_in, tried):
    asked, open_to = sweep(logged_in)
    assert open_to == []
    assert asked > 200
    tried("L-03", asked, "requests of a newcomer to every address, GET and POST", "test_control_without_the_middleware")


@pytest.mark.proof
def test_control_without_the_middleware(logged_in, monkeypatch):
    monkeypatch.setattr(StaffSessionMiddleware, "__call__", lambda self, request: self.get_response(request))
    logged_in.raise_request_exception = False
    asked, open_to = sweep(logged_in)
    assert len(open_to) > asked / 2


def test_a_script_gets_a_sentence(logged_in):
    response = logged_in.post("/staff/messages/", headers={"Sec-Fetch-Dest": "empty"})
    assert (response.status_code, response.json()["login_url"]) == (403, PAGE)


def test_complete_then_straight_to_the_wanted_page(logged_in, newcomer):
    response = logged_in.get("/staff/account/")
    assert response.url == f"{PAGE}?next=%2Fstaff%2Faccount%2F"
    assert 'value="/staff/account/"' in logged_in.get(response.url).content.decode()
    before = logged_in.session.session_key
    assert logged_in.post(PAGE, said(next="/staff/account/")).url == "/staff/account/"
    assert logged_in.session.session_key != before
    assert logged_in.get("/staff/account/").status_code == 200
    newcomer.refresh_from_db()
    assert (newcomer.display_name, newcomer.position, newcomer.phone) == ("李建设", "股长", "15400000456")
    assert newcomer.scope.kind == "region"


def test_recorded_without_personal_data(logged_in):
    logged_in.post(PAGE, said())
    changes = str(AuditEntry.objects.get(action="account.first_login").changes)
    assert "15400000456" not in changes
    assert NEW not in changes


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"old_password": "wrong"}, "原密码不正确"),
        ({"repeated": "other"}, "两次输入的新密码不一致"),
        ({"new_password": "short", "repeated": "short"}, "密码需8~20位，且必需包含数字、大写字母、小写字母、字符"),
        ({"new_password": PASSWORD, "repeated": PASSWORD}, "不能使用最近用过的5个密码"),
        ({"new_password": "Admin@123", "repeated": "Admin@123"}, "太常见"),
        ({"display_name": ""}, "请填写姓名"),
        ({"display_name": "住建局1号"}, "姓名格式不正确"),
        ({"phone": "123"}, "手机号码格式不正确"),
        ({"position": " "}, "请填写职位"),
    ],
)
def test_what_is_not_right_is_said_and_nothing_is_stored(logged_in, newcomer, changes, sentence):
    response = logged_in.post(PAGE, said(**changes))
    assert sentence in response.content.decode()
    newcomer.refresh_from_db()
    assert newcomer.must_change_password


def test_initial_password_opens_nothing_after_seven_days(client, newcomer):
    from common import clock

    newcomer.password_expires_at = clock.now() + timedelta(days=7)
    newcomer.save()
    with clock.freeze(clock.now() + timedelta(days=8)):
        page = client.post("/staff/login/", {"username": "newcomer", "password": PASSWORD}).content.decode()
    assert "7天" in page


def test_a_complete_account_is_sent_on(client, county):
    client.force_login(make_user(region=county))
    assert client.get(f"{PAGE}?next=/staff/account/").url == "/staff/account/"
