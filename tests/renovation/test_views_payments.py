"""拨付 on its page: sums in words, the county's form, taking back, and why there is no form yet."""

import pytest
from django.urls import reverse

from common.clock import today
from renovation.choices import CaseState
from renovation.models import Payment
from tests.factories.accounts import make_user
from tests.factories.projects import make_project
from tests.factories.renovation import make_case
from tests.renovation.pages import case_url, hidden, seen, text_of


@pytest.fixture
def case(world):
    case = make_case(world, CaseState.PENDING_APPRAISAL)
    make_project(case)
    return case


def url(case) -> str:
    return case_url(case, "payments")


def answers(**changed) -> dict:
    return {"paid_on": today().isoformat(), "amount": "6,000元", "payee": "张石山", "bank_last4": "0123", **changed}


def pay(client, case, page=None, **changed):
    page = page or client.get(url(case))
    return client.post(url(case), {**hidden(page), **answers(**changed)})


def test_the_case_page_leads_to_the_payments_of_its_project(officer, world, case):
    page = officer.get(case_url(case))
    assert url(case) in text_of(page)
    assert "申请进度已审核通过" in seen(page).replace(" ", "")
    fresh = make_case(world)
    assert "payments/" not in text_of(officer.get(case_url(fresh)))
    assert officer.get(url(fresh)).status_code == 404


def test_sums_are_shown_in_figures_and_in_words(officer, case):
    page = seen(officer.get(url(case)))
    for words in ("26,000.00元", "贰万陆仟元整", "0.00元", "零元整", "中央", "20,000.00", "未拨付"):
        assert words in page
    assert 'value="张石山"' in text_of(officer.get(url(case)))


def test_a_payment_is_recorded_once_however_often_the_button_is_pressed(officer, case):
    page = officer.get(url(case))
    first, second = pay(officer, case, page), pay(officer, case, page)
    assert (first.status_code, first.url, second.url) == (302, url(case), url(case))
    assert Payment.objects.count() == 1
    shown = seen(officer.get(url(case)))
    for words in ("已登记拨付6,000.00元，并通知申请人", "部分拨付", "尚未拨付20,000.00元", "0123"):
        assert words in shown


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"amount": ""}, "请填写拨付金额"),
        ({"amount": "0"}, "拨付金额"),
        ({"amount": "30000"}, "最多还可登记26,000.00元"),
        ({"paid_on": "2099-1-1"}, "拨付日期不能晚于今天"),
        ({"paid_on": "2000-1-1"}, "拨付日期不能早于审批日期"),
        ({"bank_last4": "12a4"}, "账号后四位请填写4位数字"),
        ({"bank_last4": "990101"}, "账号后四位"),
        ({"payee": ""}, "请填写收款人"),
    ],
)
def test_a_wrong_answer_comes_back_with_its_reason_and_what_was_typed(officer, case, changed, words):
    answer = pay(officer, case, **changed)
    assert answer.status_code == 422
    assert words in seen(answer)
    assert "有内容需要修改" in seen(answer)
    assert Payment.objects.count() == 0


def test_a_page_that_is_too_old_says_what_is_left_now(officer, case):
    page = officer.get(url(case))
    pay(officer, case, amount="25000")
    answer = pay(officer, case, page=officer.get(url(case)), amount="1000.01")
    assert "最多还可登记1,000.00元" in seen(answer)
    assert "已拨付25,000.00元" in seen(answer)
    assert page.status_code == 200


def test_when_all_is_paid_or_nothing_is_granted_the_page_says_so(world, officer, case):
    pay(officer, case, amount="26000")
    page = officer.get(url(case))
    assert "补助资金已全额拨付" in seen(page)
    assert 'name="amount"' not in text_of(page)
    other = make_case(world, CaseState.PENDING_APPRAISAL)
    make_project(other, central=0, county=0)
    page = officer.get(url(other))
    assert "乡镇填报开工后，才能登记拨付" in seen(page)
    assert 'name="amount"' not in text_of(page)


def test_a_wrong_record_is_taken_back_with_a_reason(officer, case):
    pay(officer, case)
    address = reverse("renovation:remove_payment", args=[case.uid, Payment.objects.get().uid])
    assert address in text_of(officer.get(url(case)))
    page = officer.get(address)
    assert "6,000.00元" in seen(page)
    assert "请填写删除原因" in seen(officer.post(address, {**hidden(page), "reason": ""}))
    done = officer.post(address, {**hidden(page), "reason": "金额录错"})
    assert (done.status_code, done.url, Payment.objects.count()) == (302, url(case), 0)
    assert "已删除6,000.00元的拨付记录" in seen(officer.get(url(case)))
    again = officer.post(address, {**hidden(page), "reason": "金额录错"})
    assert (again.status_code, again.url) == (302, url(case))


def test_others_read_and_only_the_county_writes(client, officer, world, case):
    pay(officer, case)
    address = reverse("renovation:remove_payment", args=[case.uid, Payment.objects.get().uid])
    for reader in (world.township_officer, world.cadre):
        client.force_login(reader)
        page = client.get(url(case))
        assert "6,000.00" in seen(page)
        assert 'name="amount"' not in text_of(page)
        assert address not in text_of(page)
        assert client.post(url(case), answers()).status_code == 403
        assert client.get(address).status_code == 403
    client.force_login(world.stranger)
    assert client.get(url(case)).status_code == 404
    client.force_login(make_user("ministry", region=world.regions["000000000000"]))
    assert "张*山" in seen(client.get(url(case)))
    assert "张石山" not in seen(client.get(url(case)))
