"""B-H, B-T: whole requests no browser makes, at every address of the site: a Chinese page, never a crash."""

from collections.abc import Iterator
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.forms import BaseForm
from django.forms.utils import ErrorDict
from django.http import HttpRequest
from django.views.defaults import bad_request

from accounts.sessions import DEVICE_COOKIE
from common.sessions import SessionStore
from tests.access.asking import ask, everything
from tests.access.table import TABLE, filled
from tests.hostile.test_text import HAN
from tests.scale import some

pytestmark = pytest.mark.django_db
PERSONAS = some(("villager", "county"), ("villager", "other", "village", "township", "county", "system"))
POSTED = [address for address in TABLE if "logout" not in address and address != "admin/"]
MANY = "&".join(f"a{n}=1" for n in range(1001))
FORM = "application/x-www-form-urlencoded"
BODIES = {
    "json": ('{"state": ["x"], "id": {"$ne": 1}}', "application/json"),
    "surrogates in json": ('{"opinion": "\\ud800"}', "application/json"),
    "surrogates": ("opinion=%ED%A0%80&conclusion=%ED%BF%BF", FORM),
    "NUL": ("opinion=%00&conclusion=pass%00&phone=%00&username=%00", FORM),
    "not UTF-8": ("opinion=%ff%fe&name=%d5%c5", FORM),
    "unknown charset": ("opinion=1", f"{FORM}; charset=nonsense"),
    "another charset": ("opinion=1", f"{FORM}; charset=utf-7"),
    "broken multipart": ("--x\r\nContent-Disposition: form-data; name=\"a", "multipart/form-data; boundary=x"),
    "no boundary": ("abc", "multipart/form-data"),
    "file for a text": (
        '--x\r\nContent-Disposition: form-data; name="opinion"; filename="../../x\u202e"\r\n\r\nabc\r\n--x--\r\n',
        "multipart/form-data; boundary=x",
    ),
    "1,001 fields": (MANY, FORM),
    "xml": ("<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>", "text/xml"),
}  # fmt: skip


def values_of(town, address: str) -> dict:
    return town.values["home"].get(TABLE[address].get("object", ""), {})


def is_wrong(answer) -> bool:
    """A crash, or an error page that says nothing."""
    if str(answer.status).startswith("5"):
        return True
    is_page = "html" in answer.headers.get("Content-Type", "")
    return answer.status >= 400 and is_page and not HAN.search(answer.body)


def sent(town, persona: str, address: str) -> dict:
    """Right answers for that address, token and all, so that the odd ones beside them come as far as the form."""
    values = values_of(town, address)
    said = everything(town, persona, filled(address, values), values)
    return {name: str(value) for name, value in said.items()}


def chosen(all_of, one) -> list[str]:
    """The addresses at which that one is tried: every fourth in each run, all of them in the long ones."""
    return some(POSTED[list(all_of).index(one) % 4 :: 4], POSTED)


def wrong_with_body(town, what: str, addresses=None) -> Iterator[tuple]:
    """Addresses that break, or say nothing, when that body is posted."""
    body, kind = BODIES[what]
    # As CONTENT_TYPE of the request: the client itself would try to write in that charset.
    extra = {"content_type": kind.split(";")[0] if "charset" in kind else kind, "CONTENT_TYPE": kind}
    for persona in PERSONAS:
        for address in addresses or chosen(BODIES, what):
            path = filled(address, values_of(town, address))
            whole = f"{urlencode(sent(town, persona, address))}&{body}" if kind.startswith(FORM) else body
            answer = ask(town, persona, "post", path, whole, **extra)
            if is_wrong(answer):
                yield f"{persona} {address}", answer.status


@pytest.mark.parametrize("what", BODIES)
def test_body_no_browser_sends(town, what, tried):
    assert dict(wrong_with_body(town, what)) == {}
    count = len(PERSONAS) * len(chosen(BODIES, what))
    tried(
        "B-H", count, "bodies of no browser, at every address", "test_control_without_judging_forms_bodies_break_views"
    )


def believing(monkeypatch) -> None:
    """Forms that judge nothing: what was posted is what the views get. And Django's own page for a 400."""

    def full_clean(form):
        form._errors = ErrorDict()
        form.cleaned_data = {name: form.data.get(form.add_prefix(name)) for name in form.fields}

    monkeypatch.setattr(BaseForm, "full_clean", full_clean)
    monkeypatch.setattr("config.urls.handler400", bad_request)


@pytest.mark.parametrize("what", BODIES)
def test_control_without_judging_forms_bodies_break_views(town, what, monkeypatch):
    believing(monkeypatch)
    # Until the first that breaks, wherever it stands.
    assert any(wrong_with_body(town, what, POSTED))


def test_control_without_the_limit_a_thousand_fields_arrive(town, settings):
    """1,001 fields end as 400; without the setting they come as far as the form."""
    ways = {}
    for limit in (1000, None):
        settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = limit
        ways[limit] = ask(town, "anonymous", "post", "/staff/login/", MANY, content_type=FORM).status
    assert ways == {1000: 400, None: 200}


SHAPES = {
    "twice": lambda data: {name: [value, "x"] for name, value in data.items()},
    "brackets": lambda data: {f"{name}[]": value for name, value in data.items()},
    "emptied": lambda data: dict.fromkeys(data, ""),
    "long": lambda data: dict.fromkeys(data, "长" * 3000),
}
CONTROL_OF_SHAPES = "test_control_without_judging_forms_shapes_break_views"


def wrong_in_shape(town, shape: str, addresses=None) -> Iterator[tuple]:
    for persona in PERSONAS:
        for address in addresses or chosen(SHAPES, shape):
            path = filled(address, values_of(town, address))
            answer = ask(town, persona, "post", path, SHAPES[shape](sent(town, persona, address)))
            if is_wrong(answer):
                yield f"{persona} {address}", answer.status


@pytest.mark.parametrize("shape", SHAPES)
def test_answers_in_another_shape(town, shape, tried):
    assert dict(wrong_in_shape(town, shape)) == {}
    count = len(PERSONAS) * len(chosen(SHAPES, shape))
    tried("B-H", count, "answers twice, in brackets, emptied, overlong", CONTROL_OF_SHAPES)


@pytest.mark.parametrize("shape", SHAPES)
def test_control_without_judging_forms_shapes_break_views(town, shape, monkeypatch):
    believing(monkeypatch)
    assert any(wrong_in_shape(town, shape, POSTED))


class Obeying:
    """What some sites have in front: the method that a header or a hidden field names is believed."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method == "POST" and "_method" in request.POST:
            request.method = request.POST["_method"]
        elif wanted := request.headers.get("X-HTTP-Method-Override"):
            request.method = wanted
        return self.get_response(request)


@pytest.fixture
def obeying(settings):
    settings.MIDDLEWARE = [f"{__name__}.Obeying", *settings.MIDDLEWARE]


OVERRIDE = {"_method": "DELETE", "X-HTTP-Method-Override": "PUT"}


def overridden(town) -> Iterator[tuple]:
    """Addresses where a hidden field that names another method makes a difference."""
    for persona in PERSONAS:
        for address in some(POSTED[::6], POSTED):
            path, said = filled(address, values_of(town, address)), sent(town, persona, address)
            plain, odd = ask(town, persona, "post", path, said), ask(town, persona, "post", path, said | OVERRIDE)
            if (plain.status, plain.wrote) != (odd.status, odd.wrote):
                yield f"{persona} {address}", (plain.status, odd.status)


def test_hidden_field_that_names_another_method_changes_nothing(town, tried):
    assert dict(overridden(town)) == {}
    count = len(PERSONAS) * len(some(POSTED[::6], POSTED))
    tried("B-H", count, "posts that name another method", "test_control_a_site_that_obeys_answers_otherwise")


def test_control_a_site_that_obeys_answers_otherwise(town, obeying):
    assert any(overridden(town))


METHODS = ("put", "patch", "delete", "options", "trace")


def wrote_by(town, method: str) -> Iterator[tuple]:
    """Addresses at which that method is no plain refusal in Chinese, or changes anything."""
    for address in some(POSTED[::3], POSTED):
        body = urlencode(sent(town, "county", address)) if method != "trace" else None
        extra = {"HTTP_X_HTTP_METHOD_OVERRIDE": "POST", "content_type": FORM} if body else {}
        answer = ask(town, "county", method, filled(address, values_of(town, address)), body, **extra)
        if is_wrong(answer) or answer.wrote:
            yield address, (answer.status, answer.wrote)


@pytest.mark.parametrize("method", METHODS)
def test_methods_that_no_page_uses_change_nothing(town, method, tried):
    assert dict(wrote_by(town, method)) == {}
    count = len(some(POSTED[::3], POSTED))
    tried("B-H", count, "methods that no page uses", "test_control_a_site_that_obeys_writes")


@pytest.mark.parametrize("method", METHODS[:-1])
def test_control_a_site_that_obeys_writes(town, method, obeying):
    assert any(wrote for _, (_, wrote) in wrote_by(town, method))


@pytest.mark.parametrize("token", ["missing", "foreign"])
@pytest.mark.parametrize("persona", ["villager", "county"])
def test_post_without_our_csrf_token_is_refused(town, persona, token, tried):
    wrong = {}
    for address in POSTED:
        client = town.client(persona)
        client.handler.enforce_csrf_checks = True
        body = {} if token == "missing" else {"csrfmiddlewaretoken": "a" * 64}
        if token == "foreign":
            client.cookies = SimpleCookie({name: one.value for name, one in client.cookies.items()})
            client.cookies[settings.CSRF_COOKIE_NAME] = "b" * 32
        answer = client.post(filled(address, values_of(town, address)), body)
        if answer.status_code != 403 or "页面打开得太久" not in answer.content.decode():
            wrong[address] = answer.status_code
    assert wrong == {}
    tried("B-H", len(POSTED), "posts without our CSRF token", "test_control_without_the_check_the_same_post_arrives")


def test_control_without_the_check_the_same_post_arrives(town):
    assert town.client("county").post("/display/", {"size": "large"}).status_code == 302


HOSTS = ["evil.example", "127.0.0.1:80@evil.example", "testserver.evil.example", "a b", "[::"]


def let_in(town, host: str) -> list[str]:
    """Addresses that open under that host name, or repeat it."""
    answers = {one: ask(town, "anonymous", "get", filled(one), HTTP_HOST=host) for one in POSTED[::8]}
    return [one for one, answer in answers.items() if answer.status != 400 or "evil.example" in answer.text]


@pytest.mark.parametrize("host", HOSTS)
def test_foreign_host_is_refused(town, host, tried):
    assert let_in(town, host) == []
    tried("B-H", len(POSTED[::8]), "foreign host headers", "test_control_without_the_list_of_hosts_it_opens")


@pytest.mark.parametrize("host", HOSTS)
def test_control_without_the_list_of_hosts_it_opens(town, host, monkeypatch):
    monkeypatch.setattr(HttpRequest, "get_host", lambda request: request.META["HTTP_HOST"])
    assert let_in(town, host)


COOKIES = [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, DEVICE_COOKIE, "elder", "messages"]
# The last ones are letters in the cookie's own writing: NUL, half a pair, bytes of no text.
RUBBISH = ["x" * 50_000, "\x01\x02;=;=", "../../etc; csrftoken=?; sessionid", "%00%0d%0aSet-Cookie: a=b"]
RUBBISH += ['"\\000aaaaaaaaaaaaaaaa"', '"\\355\\240\\200aaaaaaaaaaaaaaaa"', '"\\377\\376aaaaaaaaaaaaaaaa"']
LOGIN = {"phone": "15400000001", "username": "x", "password": "x"}


def broken_by(town, cookie: str) -> list[str]:
    """Addresses that break with that in every cookie the site reads, and log-ins."""
    header = "; ".join(f"{name}={cookie}" for name in COOKIES)
    asked = [(one, "get", {}) for one in POSTED[::6]] + [("login/", "post", LOGIN), ("staff/login/", "post", LOGIN)]
    return [
        one for one, how, said in asked if is_wrong(ask(town, "anonymous", how, filled(one), said, HTTP_COOKIE=header))
    ]


@pytest.mark.parametrize("cookie", RUBBISH)
def test_rubbish_in_the_cookies(town, cookie, tried):
    assert broken_by(town, cookie) == []
    tried(
        "B-H",
        len(POSTED[::6]) + 2,
        "cookies of 50 KB and of rubbish",
        "test_control_with_keys_looked_up_unseen_nul_breaks",
    )


def test_control_with_keys_looked_up_unseen_nul_breaks(town, monkeypatch):
    monkeypatch.setattr(SessionStore, "_validate_session_key", SessionBase._validate_session_key)
    assert broken_by(town, RUBBISH[4])


UNREADABLE = ["%00", "%ED%A0%80", "%ff%fe", "a%00b"]
QUERIES = ("q", "name", "p", "region", "next", "since")
ASKED = [("county", "staff/cases/search/"), ("county", "staff/cases/"), ("county", "admin/artisans/artisan/")]
ASKED += [("villager", "regions/search/"), ("anonymous", "login/"), ("anonymous", "")]


def unreadable_let_in(town, value: str) -> list[str]:
    """Addresses that are answered otherwise than by 400 and a sentence when that stands in their query."""
    found = []
    for persona, address in ASKED:
        answer = ask(town, persona, "get", f"/{address}?{'&'.join(f'{key}={value}' for key in QUERIES)}")
        if answer.status != 400 or not HAN.search(answer.body):
            found.append(f"{address} {answer.status}")
    return found


@pytest.mark.parametrize("value", UNREADABLE)
def test_what_the_database_cannot_take_stops_at_the_door(town, value, tried):
    assert unreadable_let_in(town, value) == []
    tried("B-T", len(ASKED), "NUL and bytes of no text in the query", "test_control_without_the_door_they_go_further")


def test_control_without_the_door_they_go_further(town, settings):
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if not one.endswith("RefuseUnreadable")]
    assert unreadable_let_in(town, "%00")


MEGABYTES = {2_400_000: 200, 3_000_000: 400, 10_000_000: 400}


def answers_to(town, size: int) -> list:
    """What four forms with a text say to one of that size."""
    draft = town.values["home"]["draft"]
    places = {
        ("villager", filled("apply/<uuid:uid>/address/", draft)): "house_address",
        ("villager", filled("apply/<uuid:uid>/description/", draft)): "risk_description",
        ("anonymous", "/login/"): "phone",
        ("anonymous", "/staff/login/"): "username",
    }
    return [
        ask(town, persona, "post", path, f"{field}=" + "a" * size, content_type=FORM)
        for (persona, path), field in places.items()
    ]


def is_turned_away(answer, size: int) -> bool:
    return (
        answer.status == MEGABYTES[size]
        and HAN.search(answer.body) is not None
        and "renovation_case" not in answer.wrote
    )


@pytest.mark.parametrize("size", MEGABYTES)
def test_megabytes_of_text_are_turned_away(town, size, tried):
    """Above 2.5 MB the request is refused; below it reaches the form, which says how long a text may be."""
    answers = answers_to(town, size)
    assert all(is_turned_away(answer, size) for answer in answers)
    tried("B-T", len(answers), "bodies of megabytes", "test_control_without_limits_megabytes_arrive")


@pytest.mark.parametrize("size", list(MEGABYTES)[:2])
def test_control_without_limits_megabytes_arrive(town, size, settings, monkeypatch):
    """Three megabytes come as far as the form without the setting, two as far as the row without the form's limit."""
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = None
    monkeypatch.setattr("django.core.validators.MaxLengthValidator.compare", lambda self, length, limit: False)
    assert not all(is_turned_away(answer, size) for answer in answers_to(town, size))
