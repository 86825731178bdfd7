import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from common import context, middleware
from common.errors import Refusal

BROWSER = "测试浏览器"


def through(request, view=None):
    """One request through the three layers around a view of our own."""
    handler = view or (lambda request: HttpResponse("页面"))
    for layer in (middleware.NoteCaller, middleware.RefuseUnreadable, middleware.PrivacyHeaders):
        handler = layer(handler)
    return handler(request)


def unreachable(request):
    raise AssertionError("a view was reached")


@pytest.mark.parametrize(
    "query", ["q=%00", "q=a%00b", "q=%ff", "q=%ed%a0%80", "%00=1", "q=%d6%d0", "q=%C0%80", "a=1&b=%00", "q=\x00"]
)
def test_query_that_is_not_text_gets_a_chinese_page(query):
    request = RequestFactory().get("/")
    request.META["QUERY_STRING"] = query
    answer = through(request, unreachable)
    assert answer.status_code == 400
    assert "网址中有无法识别的字符" in answer.content.decode()
    assert answer["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/a\x00b/", "/\xff/", "/\xed\xa0\x80/"])
def test_path_that_is_not_text_gets_a_chinese_page(path):
    request = RequestFactory().get("/")
    request.META["PATH_INFO"] = path
    assert through(request, unreachable).status_code == 400


@pytest.mark.parametrize("query", ["", "q=%E5%BC%A0%E4%B8%89", "q=张三", "q=+&p=%", "q=%F0%A0%AE%B7", "q=' OR 1=1 --"])
def test_ordinary_query_passes(query):
    request = RequestFactory().get("/")
    request.META["QUERY_STRING"] = query.encode().decode("latin-1")
    assert through(request).status_code == 200


def test_headers_forbid_copies_other_sites_and_inline_code():
    request = RequestFactory().get("/")
    request.COOKIES["sessionid"] = "x"
    answer = through(request)
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "geolocation=(self)" in answer["Permissions-Policy"]
    assert "camera=(self)" in answer["Permissions-Policy"]
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "img-src 'self' blob: data:" in policy
    assert "unsafe" not in policy
    assert "http:" not in policy


def test_a_page_that_logs_in_is_not_stored_and_a_stranger_page_is_revalidated():
    def login(request):
        answer = HttpResponse()
        answer.set_cookie("sessionid", "new")
        return answer

    assert through(RequestFactory().get("/"), login)["Cache-Control"] == "no-store"
    assert through(RequestFactory().get("/"))["Cache-Control"] == "no-cache"


def test_a_view_that_says_more_is_not_overruled():
    answer = through(
        RequestFactory().get("/"), lambda request: HttpResponse(headers={"Content-Security-Policy": "sandbox"})
    )
    assert answer["Content-Security-Policy"] == "sandbox"


def test_caller_is_known_below_the_view_and_forgotten_after(settings):
    settings.TRUSTED_PROXIES = ["10.0.0.1"]
    seen = []
    request = RequestFactory().get(
        "/工单/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="6.6.6.6, 192.0.2.7", HTTP_USER_AGENT="浏览器" * 200
    )
    through(request, lambda request: seen.append(context.current()) or HttpResponse())
    assert (seen[0].ip, seen[0].path, len(seen[0].user_agent)) == ("192.0.2.7", "/工单/", 300)
    assert context.current() == context.RequestContext()


@pytest.mark.parametrize(
    ("remote", "forwarded", "ip"),
    [
        ("192.0.2.9", "1.1.1.1", "192.0.2.9"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "1.1.1.1, 10.0.0.1, 10.0.0.1", "1.1.1.1"),
        ("10.0.0.1", "<script>", None),
        ("10.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("", "1.1.1.1", None),
    ],
)
def test_forwarded_address_counts_only_from_trusted_proxies(settings, remote, forwarded, ip):
    settings.TRUSTED_PROXIES = ["10.0.0.1"]
    request = RequestFactory().get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded)
    assert context.client_ip(request) == ip


def test_a_refusal_no_view_caught_shows_its_reason():
    layer = middleware.NoteCaller(lambda request: None)
    answer = layer.process_exception(RequestFactory().get("/"), Refusal("此工单已由张三于14:03办理"))
    assert answer.status_code == 409
    assert "此工单已由张三于14:03办理" in answer.content.decode()
    assert layer.process_exception(RequestFactory().get("/"), ValueError()) is None
