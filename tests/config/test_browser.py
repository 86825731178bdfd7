"""The browser fixtures themselves: a real page of the running site, as a phone and without scripts."""

from tests.browser import PHONE


def test_phone_sees_a_page_of_the_running_site(phone_page):
    answer = phone_page.goto("/no-such-page/")
    assert answer.status == 404
    assert phone_page.locator("h1").inner_text() == "没有找到这个页面"
    assert phone_page.evaluate("document.documentElement.scrollWidth") == 360


def test_page_without_scripts_can_be_asked_for(open_page):
    page = open_page(**PHONE, java_script_enabled=False)
    assert page.goto("/no-such-page/").status == 404
