"""What was typed is not lost on an error page: handed back as text, and only where the form was one of ours."""

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404
from django.test import Client
from django.urls import path

from config import errors

PAGE = "https://testserver/staff/cases/5/"
TYPED = "经现场查看，主房后墙开裂，倾斜明显，同意受理。"


def raiser(error):
    def view(request):
        raise error

    return view


urlpatterns = [
    path("400/", raiser(SuspiciousOperation("x"))),
    path("403/", raiser(PermissionDenied())),
    path("404/", raiser(Http404())),
    path("500/", raiser(ValueError("x"))),
    path("503/", raiser(OperationalError("gone"))),
]
handler400, handler403, handler404, handler500 = (
    errors.bad_request, errors.permission_denied, errors.page_not_found, errors.server_error,
)  # fmt: skip
OURS = {"HTTP_REFERER": PAGE, "HTTP_ORIGIN": "https://testserver", "secure": True}
FORM = {
    "opinion": TYPED,
    "note": "户主电话15412345678，身份证990101195203140016",
    "password": "密码不能出现",
    "pin": "密码也不能出现",
    "csrfmiddlewaretoken": "令牌也不能出现",
    "met": "on",
}


def post(address: str, form=None, **headers) -> str:
    return (
        Client(raise_request_exception=False).post(address, FORM if form is None else form, **headers).content.decode()
    )


@pytest.mark.filterwarnings("ignore")
@pytest.mark.urls("tests.config.test_typed")
class TestErrorPage:
    # No database access is allowed here, so every page is drawn without it.
    @pytest.mark.parametrize("address", ["/400/", "/403/", "/404/", "/500/", "/503/"])
    def test_hands_back_what_was_typed_and_leads_back(self, address):
        page = post(address, **OURS)
        assert TYPED in page
        assert "您刚才填写的内容" in page and "返回继续填写" in page
        assert 'href="/staff/cases/5/?typed"' in page

    @pytest.mark.parametrize("address", ["/400/", "/500/", "/503/"])
    def test_shows_no_number_and_no_secret(self, address):
        page = post(address, **OURS)
        assert "户主电话████，身份证████" in page
        assert "不能出现" not in page and "15412345678" not in page and "990101195203140016" not in page

    def test_names_the_number_of_the_request(self):
        answer = Client(raise_request_exception=False).get("/500/")
        assert answer["X-Request-ID"] in answer.content.decode()

    @pytest.mark.parametrize(
        "headers",
        [
            {"HTTP_REFERER": "https://evil.example/"},
            {"HTTP_ORIGIN": "https://evil.example"},
            {"HTTP_REFERER": "https://testserver.evil.example/staff/"},
            {"HTTP_REFERER": ""},
            {"HTTP_REFERER": "https://testserver//evil.example"},
        ],
    )
    def test_says_nothing_that_another_site_has_typed(self, headers):
        page = post("/500/", **(OURS | headers))
        assert TYPED not in page and "evil" not in page

    def test_is_safe_against_what_was_typed(self):
        page = post("/500/", {"opinion": "</textarea><script>alert('中文')</script>"}, **OURS)
        assert "<script>" not in page

    def test_a_form_that_cannot_be_read_gets_its_page_all_the_same(self):
        page = post("/400/", {f"f{n}": "某某" for n in range(1001)}, **OURS)
        assert "这次请求有问题" in page and "您刚才填写的内容" not in page

    def test_much_is_cut_and_told_apart(self):
        page = post("/500/", {f"f{n}": f"第{n}项" + "字" * 6000 for n in range(60)}, **OURS)
        assert page.count("<textarea") == 40
        assert len(page) < 40 * 5200


@pytest.mark.django_db
def test_form_from_an_old_page_keeps_its_words():
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post("/login/", {"phone": "15400000001", "words": TYPED}, **OURS)
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "页面打开得太久了" in page and TYPED in page
    foreign = browser.post("/login/", {"words": TYPED}, secure=True, HTTP_REFERER="https://evil.example/")
    assert foreign.status_code == 403 and TYPED not in foreign.content.decode()
