"""A newcomer's first day, on a desk and on a phone: slip in hand, own password, straight to the wanted page."""

import re

import pytest

from accounts.actions.accounts import create_account
from accounts.choices import Duty
from accounts.models import SmsMessage, User
from tests.browser import DESK, PHONE
from tests.factories.accounts import make_office, make_user
from tests.factories.regions import make_tree

pytestmark = pytest.mark.django_db(transaction=True)
OWN = "Qmx-7781-zz"


@pytest.fixture
def slip(transactional_db):
    tree = make_tree()
    return create_account(
        by=make_user(region=tree["990101000000"]),
        office=make_office(tree["990101100000"]),
        username="990101100000",
        display_name="石桥镇住建办",
        phone="15400000321",
        duties=[Duty.ENTRY, Duty.DECIDE],
    )


def has_no_sideways_scroll(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("device", [PHONE, DESK], ids=["phone", "desk"])
def test_first_login_on(open_page, slip, device):
    page = open_page(**device)
    page.goto("/staff/account/")
    page.locator("[name=username]").fill(slip.user.username)
    page.locator("[name=password]").fill(slip.password)
    page.get_by_role("button", name="登录").click()

    page.get_by_role("heading", name="请完善用户信息").wait_for()
    assert has_no_sideways_scroll(page)
    page.goto("/staff/messages/")
    page.get_by_role("heading", name="请完善用户信息").wait_for()

    page.locator("[name=display_name]").fill("李建设")
    page.locator("[name=position]").fill("股长")
    page.locator("[name=old_password]").fill(slip.password)
    page.locator("[name=new_password]").fill("abc")
    assert page.get_by_text("还需要：有数字").is_visible()
    page.locator("[name=new_password]").fill(OWN)
    assert page.get_by_text("还需要").count() == 0
    page.locator("[name=repeated]").fill("other")
    page.get_by_role("button", name="保存并继续").click()
    page.get_by_role("link", name="两次输入的新密码不一致").wait_for()

    page.locator("[name=old_password]").fill(slip.password)
    page.locator("[name=new_password]").fill(OWN)
    page.locator("[name=repeated]").fill(OWN)
    page.get_by_role("button", name="保存并继续").click()
    page.get_by_text("信息已完善").wait_for()
    assert page.url.endswith("/staff/messages/")
    assert User.objects.get(username=slip.user.username).display_name == "李建设"

    page.get_by_role("button", name="退出").click()
    page.get_by_role("heading", name="工作人员登录").wait_for()


def test_villager_logs_in_with_a_code(phone_page, slip):
    phone_page.goto("/login/")
    phone_page.get_by_label("手机号码").fill("154 0000 0999")
    phone_page.get_by_role("button", name="获取验证码").click()
    phone_page.get_by_text("154****0999").wait_for()
    assert has_no_sideways_scroll(phone_page)
    code = re.search(r"\d{6}", SmsMessage.objects.order_by("-id")[0].text).group()
    phone_page.get_by_label("验证码").fill(code)
    phone_page.get_by_role("button", name="登录", exact=True).click()
    phone_page.wait_for_url(lambda url: "/login/" not in url)
    assert User.objects.filter(level="villager").count() == 1


def test_pages_work_without_scripts(open_page, slip):
    page = open_page(java_script_enabled=False)
    page.goto("/staff/login/")
    page.locator("[name=username]").fill(slip.user.username)
    page.locator("[name=password]").fill(slip.password)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("heading", name="请完善用户信息").wait_for()
