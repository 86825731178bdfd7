"""What accounts add to divisions and calendar: audit rows and the conditions of opening a county."""

import datetime as dt

import pytest

from accounts.choices import Duty, Status
from accounts.models import AuditEntry
from common.errors import Refusal
from regions.actions.calendar import remove_day, set_day
from regions.actions.edits import propose, publish_children
from regions.actions.enable import set_case_enabled
from tests.factories.accounts import make_office, make_user
from tests.factories.regions import make_tree

pytestmark = pytest.mark.django_db


@pytest.fixture
def places():
    return make_tree()


@pytest.fixture
def officer(places):
    return make_user(region=places["990000000000"])


def test_county_opens_with_an_account_of_its_own_and_one_in_every_township(places, officer):
    county = places["990101000000"]
    with pytest.raises(Refusal, match="本县办理单位还没有正常状态的受理审批账号"):
        set_case_enabled(county=county, enabled=True, by=officer)
    make_user(region=county)
    with pytest.raises(Refusal, match="石桥镇、松林乡还没有正常状态的受理审批账号"):
        set_case_enabled(county=county, enabled=True, by=officer)
    make_user(region=places["990101100000"])
    gone = make_user(region=places["990101200000"], status=Status.CANCELLED)
    with pytest.raises(Refusal, match="「青溪县」还不能开通网上申请：松林乡还没有"):
        set_case_enabled(county=county, enabled=True, by=officer)
    make_user(office=gone.office)
    assert set_case_enabled(county=county, enabled=True, by=officer).case_enabled
    entry = AuditEntry.objects.get(action="region.enable")
    assert (entry.actor, entry.changes, entry.region_key) == (officer, {"case_enabled": True}, county.key)


@pytest.mark.parametrize("code", ["990101000000", "990101200000"])
def test_only_an_account_that_decides_in_the_unit_that_gets_the_cases_opens_a_county(places, officer, code):
    county = places["990101000000"]
    for place in {"990101000000", "990101100000", "990101200000"} - {code}:
        make_user(region=places[place])
    first = make_office(places[code])
    make_user(office=first, duties=[Duty.ENTRY, Duty.MANAGE_ACCOUNTS])
    make_user(office=first, duties=[Duty.AUDIT_ADMIN])
    make_user(office=make_office(places[code], name="后设的第二家单位"))
    with pytest.raises(Refusal, match="还没有正常状态的受理审批账号"):
        set_case_enabled(county=county, enabled=True, by=officer)
    make_user(office=first, duties=[Duty.DECIDE])
    assert set_case_enabled(county=county, enabled=True, by=officer).case_enabled


def test_published_division_leaves_an_audit_row(places, officer):
    village = places["990101100201"]
    propose(
        kind="rename", parent=village.parent, by=officer, region=village, name="坝头村", reason="县政府2026年第3号文件"
    )
    assert not AuditEntry.objects.filter(action="region.rename").exists()
    publish_children(parent=village.parent, by=officer)
    entry = AuditEntry.objects.get(action="region.rename")
    assert entry.changes == {"before": "云岭省青屏市青溪县石桥镇上坝村", "after": {"name": "坝头村"}}
    assert (entry.actor, entry.target_id, entry.reason) == (officer, str(village.pk), "县政府2026年第3号文件")


def test_changed_calendar_leaves_an_audit_row_with_the_days(places, officer):
    county = places["990101000000"]
    day = set_day(day=dt.date(2026, 11, 24), kind="holiday", name="县庆", source="县通知", region=county, by=officer)
    remove_day(calendar_day=day, by=officer)
    added, removed = AuditEntry.objects.filter(action="calendar.change").order_by("id")
    assert added.changes == {"2026-11-24": ["", "放假 县庆（县通知）"]}
    assert removed.changes == {"2026-11-24": ["放假 县庆（县通知）", ""]}
    assert {added.region_key, removed.region_key} == {county.key}
