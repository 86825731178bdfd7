"""B-H, B-T: whole requests no browser makes, at every address of the site: a Chinese page, never a crash."""

from http.cookies import SimpleCookie

import pytest
from django.conf import settings

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


@pytest.mark.parametrize("what", BODIES)
def test_body_no_browser_sends(town, what, tried):
    body, kind = BODIES[what]
    # As CONTENT_TYPE of the request: the client itself would try to write in that charset.
    extra = {"content_type": kind.split(";")[0] if "charset" in kind else kind, "CONTENT_TYPE": kind}
    wrong, count = {}, 0
    for persona in PERSONAS:
        for address in some(POSTED[list(BODIES).index(what) % 4 :: 4], POSTED):
            answer = ask(town, persona, "post", filled(address, values_of(town, address)), body, **extra)
            count += 1
            if is_wrong(answer):
                wrong[f"{persona} {address}"] = answer.status
    assert wrong == {}
    tried("B-H", count, "bodies of no browser, at every address")


SHAPES = {
    "twice": lambda data: {name: [value, "x"] for name, value in data.items()},
    "brackets": lambda data: {f"{name}[]": value for name, value in data.items()},
    "emptied": lambda data: dict.fromkeys(data, ""),
    "override": lambda data: data | {"_method": "DELETE", "X-HTTP-Method-Override": "PUT"},
    "long": lambda data: dict.fromkeys(data, "长" * 3000),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_answers_in_another_shape(town, shape, tried):
    wrong, count = {}, 0
    for persona in PERSONAS:
        for address in some(POSTED[list(SHAPES).index(shape) % 4 :: 4], POSTED):
            values = values_of(town, address)
            path = filled(address, values)
            body = SHAPES[shape]({k: str(v) for k, v in everything(town, persona, path, values).items()})
            answer = ask(town, persona, "post", path, body)
            count += 1
            if is_wrong(answer):
                wrong[f"{persona} {address}"] = answer.status
    assert wrong == {}
    tried("B-H", count, "answers twice, in brackets, emptied, overlong")


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_methods_that_no_page_uses_change_nothing(town, method, tried):
    wrong, count = {}, 0
    for address in some(POSTED[::3], POSTED):
        extra = {"HTTP_X_HTTP_METHOD_OVERRIDE": "POST"} if method != "trace" else {}
        path = filled(address, values_of(town, address))
        answer = ask(town, "county", method, path, "" if method != "trace" else None, **extra)
        count += 1
        if is_wrong(answer) or answer.wrote:
            wrong[address] = (answer.status, answer.wrote)
    assert wrong == {}
    tried("B-H", count, "methods that no page uses")


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


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:80@evil.example", "testserver.evil.example", "a b", "[::"])
def test_foreign_host_is_refused(town, host, tried):
    for address in POSTED[::8]:
        answer = ask(town, "anonymous", "get", filled(address), HTTP_HOST=host)
        assert answer.status == 400
        assert "evil.example" not in answer.text
    tried("B-H", len(POSTED[::8]), "foreign host headers")


RUBBISH = ["x" * 50_000, "\x01\x02;=;=", "../../etc; csrftoken=?; sessionid", "%00%0d%0aSet-Cookie: a=b"]


@pytest.mark.parametrize("cookie", RUBBISH)
def test_rubbish_in_the_cookies(town, cookie, tried):
    for address in POSTED[::6]:
        answer = ask(town, "anonymous", "get", filled(address), HTTP_COOKIE=f"display={cookie}; sessionid={cookie}")
        assert not is_wrong(answer)
    tried("B-H", len(POSTED[::6]), "cookies of 50 KB and of rubbish")


@pytest.mark.parametrize("size", [10_000_000, 2_400_000])
def test_ten_megabytes_of_text(town, size, tried):
    """Above 2.5 MB the request is refused; below it reaches the form, which says how long a text may be."""
    draft = town.values["home"]["draft"]
    places = {
        ("villager", filled("apply/<uuid:uid>/address/", draft)): "house_address",
        ("villager", filled("apply/<uuid:uid>/description/", draft)): "risk_description",
        ("anonymous", "/login/"): "phone",
        ("anonymous", "/staff/login/"): "username",
    }
    for (persona, path), field in places.items():
        answer = ask(town, persona, "post", path, f"{field}=" + "a" * size, content_type=FORM)
        assert answer.status == (400 if size > 2_621_440 else 200)
        assert HAN.search(answer.body)
        assert not answer.wrote & {"renovation_case"}
    tried("B-T", len(places), "bodies of megabytes")
