"""While a county takes applications somebody decides in each of its units (decision 19)."""

import pytest

from accounts.actions import accounts as act
from accounts.choices import Duty, Status
from common.errors import Refusal
from tests.factories.accounts import make_office, make_user
from tests.factories.regions import enable


@pytest.fixture(params=["990101000000", "990101100000"])
def last(tree, request):
    return make_user(region=tree[request.param], duties=[Duty.ENTRY, Duty.DECIDE])


@pytest.fixture
def above(tree, last):
    # The township's accounts are the county's to manage, the county's the city's.
    return make_user(region=last.office.region.parent if last.level == "township" else tree["990100000000"])


@pytest.fixture
def opened(county):
    return enable(county)


def test_is_not_cancelled_nor_deleted(above, last, opened):
    with pytest.raises(Refusal, match="「青溪县」已开通网上申请，该账号是.*唯一的受理审批账号"):
        act.cancel_account(by=above, user=last, reason="调离")
    with pytest.raises(Refusal, match="唯一的受理审批账号"):
        act.delete_account(by=above, user=last)


def test_keeps_its_duty_and_its_unit(above, last, opened):
    kept = {"display_name": last.display_name, "phone": last.phone}
    with pytest.raises(Refusal, match="请先交接"):
        act.change_account(by=above, user=last, office=last.office, duties=[Duty.ENTRY], **kept)
    elsewhere = make_office(last.office.region, name="另一单位")
    with pytest.raises(Refusal, match="请先交接"):
        act.change_account(by=above, user=last, office=elsewhere, duties=last.duties, **kept)
    assert act.change_account(by=above, user=last, office=last.office, duties=[Duty.DECIDE], **kept)


def test_goes_when_a_colleague_decides(above, last, opened):
    make_user(office=last.office, duties=[Duty.ENTRY])
    make_user(office=last.office, duties=[Duty.DECIDE], status=Status.CANCELLED)
    with pytest.raises(Refusal, match="唯一的受理审批账号"):
        act.cancel_account(by=above, user=last, reason="调离")
    make_user(office=last.office, duties=[Duty.DECIDE])
    assert act.cancel_account(by=above, user=last, reason="调离").status == Status.CANCELLED


def test_goes_while_the_county_is_closed(above, last):
    assert act.cancel_account(by=above, user=last, reason="调离").status == Status.CANCELLED
