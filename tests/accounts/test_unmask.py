from datetime import timedelta

import pytest

from accounts.actions import unmask
from accounts.actions.unmask import reveal
from accounts.choices import Duty
from accounts.models import AuditEntry, UnmaskLog
from common import clock
from common.errors import Refusal
from tests.factories.accounts import make_user


@pytest.fixture
def officer(county):
    return make_user(region=county)


@pytest.fixture
def below(township):
    return make_user(region=township, phone="15400008899")


def test_gives_the_value_and_leaves_two_records(officer, below):
    assert reveal(by=officer, instance=below, field="phone", reason="电话核实 情况") == "15400008899"
    log = UnmaskLog.objects.get()
    assert (log.user, log.kind, log.target, log.field) == (officer, "accounts.user", str(below.uid), "phone")
    assert AuditEntry.objects.get(action="unmask").reason == "电话核实 情况"
    assert "15400008899" not in str(list(AuditEntry.objects.values()))


@pytest.mark.parametrize("reason", ["", "  ", "x", None])
def test_needs_a_reason(officer, below, reason):
    with pytest.raises(Refusal, match="请填写查看原因"):
        reveal(by=officer, instance=below, field="phone", reason=reason)
    assert not UnmaskLog.objects.exists()


def test_needs_the_capability(county, below):
    with pytest.raises(Refusal, match="没有查看完整信息的权限"):
        reveal(by=make_user(region=county, duties=[Duty.READ_ONLY]), instance=below, field="phone", reason="核实")


def test_needs_the_scope(tree, below):
    with pytest.raises(Refusal, match="未找到该记录"):
        reveal(by=make_user(region=tree["990102000000"]), instance=below, field="phone", reason="核实")


@pytest.mark.parametrize("field", ["password", "username"])
def test_opens_sealed_fields_only(officer, below, field):
    with pytest.raises(Refusal):
        reveal(by=officer, instance=below, field=field, reason="核实")


def test_two_hundred_a_day(officer, below, monkeypatch):
    monkeypatch.setattr(unmask, "DAILY_LIMIT", 3)
    noon = clock.now().replace(hour=12)
    with clock.freeze(noon):
        for _ in range(3):
            reveal(by=officer, instance=below, field="phone", reason="核实")
        with pytest.raises(Refusal, match="请明天再试"):
            reveal(by=officer, instance=below, field="phone", reason="核实")
    with clock.freeze(noon + timedelta(hours=13)):
        assert reveal(by=officer, instance=below, field="phone", reason="核实")
