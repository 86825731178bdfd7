"""Error pages: reached through the handlers as Django reaches them, drawn without a query."""

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import Http404
from django.test import Client, override_settings
from django.urls import path

from config import errors


def raiser(error, cause=None):
    def view(request):
        raise error from cause

    return view


urlpatterns = [
    path("400/", raiser(SuspiciousOperation("x"))),
    path("403/", raiser(PermissionDenied())),
    path("404/", raiser(Http404())),
    path("500/", raiser(ValueError("990101195203140016"))),
    path("503/", raiser(OperationalError("gone"))),
    path("503-closed/", raiser(InterfaceError("closed"))),
    path("503-died/", raiser(DatabaseError("server closed the connection"), ConnectionError())),
    path("500-django/", raiser(DatabaseError("Forced update did not affect any rows."))),
]
handler400, handler403, handler404, handler500 = (
    errors.bad_request,
    errors.permission_denied,
    errors.page_not_found,
    errors.server_error,
)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/400/", 400, "这次请求有问题"),
        ("/403/", 403, "您的账号不能做这件事"),
        ("/404/", 404, "没有找到这个页面"),
        ("/500/", 500, "系统出了问题"),
        ("/503/", 503, "系统正在恢复"),
        ("/503-closed/", 503, "系统正在恢复"),
        ("/503-died/", 503, "系统正在恢复"),
        ("/500-django/", 500, "系统出了问题"),
    ],
)
@override_settings(ROOT_URLCONF="tests.config.test_errors")
def test_error_page_says_what_to_do_and_nothing_of_the_inside(address, status, words):
    # No database access is allowed in this test, so every page is drawn without it.
    answer = Client(raise_request_exception=False).get(address)
    body = answer.content.decode()
    assert answer.status_code == status
    assert words in body
    assert "990101195203140016" not in body
    assert "Traceback" not in body
    assert answer["Cache-Control"] == "no-store"


def test_page_comes_even_when_templates_fail(rf, settings):
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [], "APP_DIRS": False}]
    answer = errors.server_error(rf.get("/"))
    assert answer.status_code == 500
    assert "暂时打不开" in answer.content.decode()


def test_form_from_an_old_page_is_told_so(rf):
    answer = errors.csrf_failure(rf.post("/"))
    assert answer.status_code == 403
    assert "页面打开得太久了" in answer.content.decode()
