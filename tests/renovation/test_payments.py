"""Money that reached the family: what is taken, what is refused, what everybody is told (domain §7.4, N37)."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.choices import Duty
from accounts.models import AuditEntry, Message
from common.clock import today
from common.errors import Refusal
from renovation.actions.payments import record_payment, remove_payment
from renovation.choices import CaseState, PaymentState
from renovation.models import Payment, RenovationProject
from tests.factories.accounts import make_user
from tests.factories.projects import make_project
from tests.factories.renovation import make_case


@pytest.fixture
def case(world):
    return make_case(world, CaseState.PENDING_APPRAISAL)


@pytest.fixture
def project(case):
    """Granted: 26,000 元."""
    return make_project(case, approved_on=today() - dt.timedelta(days=30))


def pay(project, by, amount=6000, **changed) -> Payment:
    values = {"paid_on": today(), "amount": Decimal(amount), "payee": "张石山", "bank_last4": "0123"}
    return record_payment(project=project, by=by, **{**values, **changed})


def refusal(project, by, amount=6000, **changed) -> str:
    before = Payment.objects.count()
    with pytest.raises(Refusal) as caught:
        pay(project, by, amount, **changed)
    assert Payment.objects.count() == before
    return caught.value.message


def sums(project) -> tuple:
    kept = RenovationProject.objects.get(pk=project.pk)
    return kept.paid_total, kept.payment_state


def test_payments_add_up_to_partly_and_full(world, project):
    assert sums(project) == (0, PaymentState.UNPAID)
    pay(project, world.officer, "6000.50")
    assert sums(project) == (Decimal("6000.50"), PaymentState.PARTLY)
    pay(project, world.officer, "19999.50")
    assert sums(project) == (26000, PaymentState.FULL)
    assert refusal(project, world.officer, 1) == "补助资金已全额拨付"


def test_the_applicant_is_told_in_the_words_of_n37(world, case, project):
    pay(project, world.officer, "6000")
    message = Message.objects.get(kind="N37")
    assert message.text == "您的农村危房改造补助资金6,000.00元已拨付，请核对“一卡通”账户。"
    assert (message.recipient, message.link) == (case.claim.uid, f"/cases/{case.uid}/")


def test_a_payment_is_audited_with_what_it_said(world, project):
    payment = pay(project, world.officer)
    entry = AuditEntry.objects.get(action="project.paid")
    assert (entry.target_id, entry.region_key) == (str(payment.pk), project.region_key)
    assert entry.changes["amount"] == "6000"


@pytest.mark.parametrize(
    ("amount", "changed", "words"),
    [
        ("26000.01", {}, "拨付金额超过各级政府补助合计，最多还可登记26,000.00元"),
        (0, {}, "拨付金额应大于0"),
        (1, {"paid_on": today() + dt.timedelta(days=1)}, "拨付日期不能晚于今天"),
        (1, {"paid_on": today() - dt.timedelta(days=31)}, "拨付日期不能早于审批日期"),
    ],
)
def test_what_cannot_be_is_refused(world, project, amount, changed, words):
    assert words in refusal(project, world.officer, amount, **changed)
    assert sums(project) == (0, PaymentState.UNPAID)
    assert not Message.objects.filter(kind="N37").exists()


def test_what_is_left_is_read_from_the_locked_row_and_not_from_the_page(world, project):
    stale = RenovationProject.objects.get(pk=project.pk)
    pay(project, world.officer, 20_000)
    assert "最多还可登记6,000.00元" in refusal(stale, world.officer, 6001)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"central": 0, "county": 0}, "乡镇填报开工后，才能登记拨付"),
        ({"application_state": "cancelled"}, "项目没有审批通过，不能登记拨付"),
        ({"terminated_on": today()}, "项目已终止，不能再登记拨付"),
    ],
)
def test_a_project_that_grants_nothing_takes_no_payment(world, case, columns, words):
    assert refusal(make_project(case, **columns), world.officer) == words


def test_only_the_countys_handler_records(world, project):
    reader = make_user("county", region=world.county, duties=[Duty.READ_ONLY])
    for by in (world.township_officer, world.cadre, reader):
        assert refusal(project, by) == "您没有登记拨付的权限"
    for by in (world.stranger, project.case.filed_by):
        assert refusal(project, by) == "没有找到该项目"


def test_a_wrong_record_is_taken_back_with_its_reason_and_the_applicant_told(world, case, project):
    kept, wrong = pay(project, world.officer, 5000), pay(project, world.officer, 600)
    remove_payment(payment=wrong, by=world.officer, reason="金额录错")
    assert list(Payment.objects.all()) == [kept]
    assert sums(project) == (5000, PaymentState.PARTLY)
    entry = AuditEntry.objects.get(action="project.payment_removed")
    assert (entry.reason, entry.changes["amount"]) == ("金额录错", "600.00")
    message = Message.objects.get(kind="A07", recipient=case.claim.uid)
    assert "拨付农村危房改造补助资金600.00元有误，已更正" in message.text
    with pytest.raises(Refusal, match="已经删除"):
        remove_payment(payment=wrong, by=world.officer, reason="再删一次")
    assert sums(project) == (5000, PaymentState.PARTLY)
    remove_payment(payment=kept, by=world.officer, reason="付错了人")
    assert sums(project) == (0, PaymentState.UNPAID)


def test_taking_back_wants_a_reason_and_the_countys_handler(world, project):
    payment = pay(project, world.officer)
    for by, reason in ((world.officer, "  "), (world.township_officer, "录错"), (world.stranger, "录错")):
        with pytest.raises(Refusal):
            remove_payment(payment=payment, by=by, reason=reason)
    assert sums(project) == (6000, PaymentState.PARTLY)


def test_payments_stay_when_the_project_is_stopped(world, project):
    payment = pay(project, world.officer)
    RenovationProject.objects.filter(pk=project.pk).update(terminated_on=today())
    assert refusal(project, world.officer) == "项目已终止，不能再登记拨付"
    assert Payment.objects.get() == payment
    remove_payment(payment=payment, by=world.officer, reason="录错了项目")
    assert sums(project) == (0, PaymentState.UNPAID)


def test_a_case_that_went_all_the_way_is_paid(world):
    project = make_case(world, CaseState.COMPLETED).project
    pay(project, world.officer, project.government_total)
    assert sums(project) == (Decimal(26000), PaymentState.FULL)
