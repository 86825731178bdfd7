import pytest

from accounts.choices import ADMIN_DUTIES, BUSINESS_DUTIES, Duty, Level
from accounts.permissions import ADMIN_MODELS, GRANTS, ONLY_AT, Can, admin_permits, capabilities

STAFF = [level for level in Level if level != Level.VILLAGER]


def test_every_duty_is_in_the_table_and_every_capability_is_granted():
    assert set(GRANTS) == set(Duty)
    assert set().union(*GRANTS.values()) == set(Can)


def test_a_villager_holds_no_capability_whatever_is_written_beside_it():
    assert capabilities(Level.VILLAGER, list(Duty)) == frozenset()


@pytest.mark.parametrize("duty", ADMIN_DUTIES)
@pytest.mark.parametrize("level", STAFF)
def test_the_three_administrators_decide_nothing(duty, level):
    held = capabilities(level, [duty])
    assert not held & {Can.HANDLE_CASES, Can.ENTER_RECORDS, Can.AUDIT_REGISTERS, Can.UNMASK, Can.EXPORT}


def test_the_three_administrators_share_no_power_over_each_other():
    accounts = {Can.MANAGE_ACCOUNTS, Can.MANAGE_OFFICES}
    system, security, audit = (capabilities(Level.COUNTY, [duty]) for duty in ADMIN_DUTIES)
    assert not system & accounts
    assert not audit & (accounts | {Can.PUBLISH_REGIONS, Can.EDIT_CALENDAR})
    assert not security & {Can.READ_AUDIT, Can.PUBLISH_REGIONS}
    assert Can.READ_AUDIT not in system


@pytest.mark.parametrize("can", list(ONLY_AT))
@pytest.mark.parametrize("level", STAFF)
def test_levels_limit_what_a_duty_gives(can, level):
    for duty in (duty for duty, granted in GRANTS.items() if can in granted):
        assert (can in capabilities(level, [duty])) == (level in ONLY_AT[can])


def test_only_township_and_county_handle_cases():
    handling = [level for level in STAFF if Can.HANDLE_CASES in capabilities(level, BUSINESS_DUTIES)]
    assert handling == [Level.TOWNSHIP, Level.COUNTY]


def test_reading_needs_a_duty():
    assert capabilities(Level.COUNTY, []) == frozenset()
    assert capabilities(Level.MINISTRY, [Duty.READ_ONLY]) == {Can.READ_RECORDS, Can.READ_STATISTICS}


@pytest.mark.parametrize(
    ("duty", "permission", "allowed"),
    [
        (Duty.SYSTEM_ADMIN, "regions.change_calendarday", True),
        (Duty.SYSTEM_ADMIN, "regions.delete_optionitem", True),
        (Duty.SYSTEM_ADMIN, "accounts.view_user", False),
        (Duty.SECURITY_ADMIN, "accounts.change_user", True),
        (Duty.SECURITY_ADMIN, "accounts.delete_user", False),
        (Duty.SECURITY_ADMIN, "accounts.view_auditentry", False),
        (Duty.AUDIT_ADMIN, "accounts.view_auditentry", True),
        (Duty.AUDIT_ADMIN, "accounts.change_auditentry", False),
        (Duty.MANAGE_ACCOUNTS, "accounts.add_user", True),
        (Duty.ENTRY, "accounts.view_user", False),
        (Duty.ENTRY, "households.change_person", False),
    ],
)
def test_admin_words_follow_from_the_same_table(duty, permission, allowed):
    assert admin_permits(capabilities(Level.COUNTY, [duty]), permission) is allowed


def test_nobody_may_write_the_audit_trail_on_the_admin_pages():
    for models in ADMIN_MODELS.values():
        for name in ("accounts.auditentry", "accounts.unmasklog", "accounts.loginattempt"):
            assert set(models.get(name, ("view",))) == {"view"}
