"""The tasks of docs/user-test.md, done once by a script: each can be done, and with no more touches than is written."""

import re

import pytest
from playwright.sync_api import expect

from accounts.choices import Duty
from accounts.models import SmsMessage
from renovation.choices import CaseState
from renovation.models import Case
from tests.browser import PHONE
from tests.factories.accounts import make_user
from tests.factories.renovation import acceptance, make_case, make_villager, take_step
from tests.journeys.applying import Hand, apply_for_another, apply_for_oneself
from tests.journeys.reading import faults_for_a_thumb
from tests.scale import FULL, some

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
PLACE = ("云岭省", "青屏市", "青溪县", "石桥镇", "上坝村")
# What docs/user-test.md and `make bench` allow.
MOST_TAPS, MOST_TYPED = 40, 5
MOST_TAPS_NEXT, MOST_TYPED_NEXT = 24, 4


def code_sent() -> str:
    return re.search(r"\d{6}", SmsMessage.objects.latest("id").text)[0]


def test_task_1_somebody_new_applies(world, open_page):
    hand = Hand(open_page(**PHONE))
    number = apply_for_oneself(hand, "15400004321", PLACE, code_sent)
    assert Case.objects.get().number == number
    assert (hand.taps <= MOST_TAPS, hand.typed <= MOST_TYPED) == (True, True), (hand.taps, hand.typed)


def test_tasks_2_and_3_how_far_it_is_and_why_it_was_refused(world, sign_in):
    villager = make_villager(world.village)
    case = make_case(world, villager=villager)
    hand = Hand(sign_in(villager, **PHONE))
    hand.page.goto("/")
    expect(hand.page.get_by_text("正在受理，最迟")).to_be_visible()
    hand.link("查看办理进度")
    expect(hand.page.locator(".status-line")).to_contain_text("正在受理，最迟")
    assert hand.taps == 1
    take_step(case, by=world.officer, answers=acceptance(conclusion="fail", opinion="家中另有安全住房"))
    hand.page.goto("/")
    hand.link("我的")
    hand.link("消息")
    hand.tap(hand.page.get_by_role("button", name=re.compile("^查看")).first)
    expect(hand.page.get_by_text("家中另有安全住房").first).to_be_visible()
    expect(hand.page.locator("a[href^='tel:']").first).to_be_in_viewport(ratio=0)
    expect(hand.page.locator(".dot")).to_have_count(0)
    assert faults_for_a_thumb(hand.page) == []


@pytest.mark.skipif(not FULL, reason="ten houses one after the other: FULL=1")
def test_tasks_4_and_5_house_after_house_and_the_number_finds_it(world, sign_in):
    cadre = make_user("village", region=world.village, duties=[Duty.ENTRY], display_name="赵村长")
    hand = Hand(sign_in(cadre, **PHONE))
    numbers = [apply_for_another(hand, "钱大爷", 1, is_first=True)]
    assert faults_for_a_thumb(hand.page) == []
    for house in range(2, some(3, 11)):
        before = hand.taps, hand.typed
        numbers.append(apply_for_another(hand, "孙大娘", house, is_first=False))
        assert hand.taps - before[0] <= MOST_TAPS_NEXT and hand.typed - before[1] <= MOST_TYPED_NEXT
    assert Case.objects.filter(state=CaseState.PENDING_ACCEPTANCE).count() == len(set(numbers))
    hand.page.goto("/staff/cases/search/")
    hand.words("筛选")
    hand.type(hand.page.locator("[name=number]"), f"{numbers[0][-6:-3]} {numbers[0][-3:]}")
    hand.button("查询")
    expect(hand.page.locator("[data-rows]").first).to_contain_text("钱大爷")
    expect(hand.page.locator("[data-rows]").first).not_to_contain_text("孙大娘")


def test_task_6_who_was_never_asked_says_no(world, sign_in, open_page):
    cadre = make_user("village", region=world.village, duties=[Duty.ENTRY], display_name="赵村长")
    apply_for_another(Hand(sign_in(cadre, **PHONE)), "钱大爷", 1, is_first=True)
    case = Case.objects.get()
    hand = Hand(open_page(**PHONE))
    hand.page.goto(re.search(r"/behalf/[\w-]+/", SmsMessage.objects.get().text)[0])
    assert faults_for_a_thumb(hand.page) == []
    hand.type(hand.page.locator("[name=tail]"), case.applicant_id_number[-4:])
    hand.button("下一步")
    expect(hand.page.get_by_text("不是您同意的")).to_be_visible()
    assert faults_for_a_thumb(hand.page) == []
    hand.button("我没有同意，请停下来")
    expect(hand.page.get_by_text("已经记下您不同意")).to_be_visible()
    assert Case.objects.get().behalf_notice.is_disowned and hand.taps <= 3
