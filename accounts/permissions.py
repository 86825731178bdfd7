"""Who may do what, as two tables that read as text: GRANTS (duty → capabilities) and ONLY_AT (capability → levels).

Which step of the nine a level handles stands in `renovation.workflow`; which rows anybody sees is `visible_to()`.
"""

from enum import StrEnum

from accounts.choices import Duty, Level


class Can(StrEnum):
    READ_RECORDS = "read_records"  # 查看工单、住户和登记表
    READ_STATISTICS = "read_statistics"  # 查看统计
    UNMASK = "unmask"  # 查看完整身份证号和手机号
    APPLY_FOR_VILLAGER = "apply_for_villager"  # 代办申请
    CONFIRM_PERSONS = "confirm_persons"  # 当面确认实名
    ENTER_RECORDS = "enter_records"  # 录入、上报
    HANDLE_CASES = "handle_cases"  # 办理工单环节
    AUDIT_REGISTERS = "audit_registers"  # 登记审核
    SPOT_CHECK = "spot_check"  # 抽查
    WRITE_ARTISANS = "write_artisans"  # 录入工匠
    EXPORT = "export"  # 导出
    APPROVE_EXPORTS = "approve_exports"  # 导出审批
    MANAGE_ACCOUNTS = "manage_accounts"  # 新增、重置、注销下级账号
    MANAGE_OFFICES = "manage_offices"  # 维护单位
    EDIT_REGIONS = "edit_regions"  # 维护下级行政区划
    PUBLISH_REGIONS = "publish_regions"  # 立即生效
    EDIT_CALENDAR = "edit_calendar"  # 工作日历
    EDIT_DEADLINES = "edit_deadlines"  # 办理时限与提醒
    EDIT_OPTIONS = "edit_options"  # 选项字典
    EDIT_RECORDINGS = "edit_recordings"  # 朗读录音
    MANAGE_QUEUE = "manage_queue"  # 搁置任务
    READ_AUDIT = "read_audit"  # 审计日志


READ = frozenset({Can.READ_RECORDS, Can.READ_STATISTICS})

GRANTS: dict[Duty, frozenset[Can]] = {
    Duty.ENTRY: READ
    | {Can.ENTER_RECORDS, Can.APPLY_FOR_VILLAGER, Can.CONFIRM_PERSONS, Can.WRITE_ARTISANS, Can.UNMASK, Can.EXPORT},
    Duty.DECIDE: READ | {Can.HANDLE_CASES, Can.CONFIRM_PERSONS, Can.UNMASK, Can.EXPORT},
    Duty.REGISTER_AUDIT: READ | {Can.AUDIT_REGISTERS, Can.UNMASK, Can.EXPORT},
    Duty.SPOT_CHECK: READ | {Can.SPOT_CHECK, Can.UNMASK},
    Duty.MANAGE_ACCOUNTS: frozenset({Can.MANAGE_ACCOUNTS, Can.MANAGE_OFFICES}),
    Duty.MANAGE_REGIONS: frozenset({Can.EDIT_REGIONS}),
    Duty.APPROVE_EXPORT: READ | {Can.APPROVE_EXPORTS},
    Duty.READ_ONLY: READ,
    # 三员: the administrators of the system decide nothing and see no household they are not asked about.
    Duty.SYSTEM_ADMIN: frozenset(
        {
            Can.EDIT_REGIONS,
            Can.PUBLISH_REGIONS,
            Can.EDIT_CALENDAR,
            Can.EDIT_DEADLINES,
            Can.EDIT_OPTIONS,
            Can.EDIT_RECORDINGS,
            Can.MANAGE_QUEUE,
            Can.READ_STATISTICS,
        }
    ),
    Duty.SECURITY_ADMIN: frozenset({Can.MANAGE_ACCOUNTS, Can.MANAGE_OFFICES}),
    Duty.AUDIT_ADMIN: READ | {Can.READ_AUDIT},
}

ONLY_AT: dict[Can, frozenset[Level]] = {
    Can.APPLY_FOR_VILLAGER: frozenset({Level.VILLAGE, Level.TOWNSHIP}),
    Can.ENTER_RECORDS: frozenset({Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY}),
    # 县级在受理时确认, so all three floors (decision 17).
    Can.CONFIRM_PERSONS: frozenset({Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY}),
    Can.HANDLE_CASES: frozenset({Level.TOWNSHIP, Level.COUNTY}),
    Can.AUDIT_REGISTERS: frozenset({Level.COUNTY}),
    Can.SPOT_CHECK: frozenset({Level.COUNTY, Level.CITY, Level.PROVINCE}),
    Can.MANAGE_ACCOUNTS: frozenset(Level) - {Level.VILLAGER, Level.VILLAGE},
    Can.MANAGE_OFFICES: frozenset(Level) - {Level.VILLAGER, Level.VILLAGE},
    Can.EDIT_REGIONS: frozenset(Level) - {Level.VILLAGER, Level.VILLAGE},
    # 部级只看脱敏列表 (domain §1.1).
    Can.UNMASK: frozenset(Level) - {Level.VILLAGER, Level.MINISTRY},
}

# Django's own permission words for the admin pages, derived and never stored: "*" stands for every action.
ADMIN_MODELS: dict[Can, dict[str, tuple[str, ...]]] = {
    Can.EDIT_REGIONS: {"regions.region": ("view", "add", "change"), "regions.regionedit": ("*",)},
    Can.PUBLISH_REGIONS: {"regions.region": ("publish",)},
    Can.EDIT_CALENDAR: {"regions.calendarday": ("*",), "regions.calendarstamp": ("view",)},
    Can.EDIT_OPTIONS: {"regions.optionitem": ("*",)},
    Can.EDIT_RECORDINGS: {"applicants.recording": ("view", "add", "delete"), "regions.region": ("view",)},
    Can.EDIT_DEADLINES: {
        "renovation.deadlinerule": ("*",),
        "renovation.ladderrung": ("*",),
        "renovation.laddernotice": ("view",),
    },
    Can.MANAGE_QUEUE: {"accounts.outboxentry": ("view", "change")},
    Can.MANAGE_OFFICES: {"accounts.office": ("view", "add", "change"), "regions.region": ("view",)},
    Can.MANAGE_ACCOUNTS: {
        "accounts.user": ("view", "add", "change"),
        "accounts.office": ("view",),
        "accounts.loginattempt": ("view",),
        "regions.region": ("view",),
    },
    Can.READ_AUDIT: {
        "accounts.auditentry": ("view",),
        "accounts.unmasklog": ("view",),
        "accounts.loginattempt": ("view",),
    },
    Can.WRITE_ARTISANS: {"artisans": ("*",), "regions.region": ("view",)},
}


def capabilities(level: str, duties) -> frozenset[Can]:
    """What an account of that level with those duties may do (decision 24); a villager holds no capability."""
    if level == Level.VILLAGER:
        return frozenset()
    granted = frozenset().union(*(GRANTS[Duty(duty)] for duty in duties))
    return frozenset(can for can in granted if level in ONLY_AT.get(can, (level,)))


def duties_for(capability: Can) -> list[Duty]:
    """The duties that grant a capability, for questions to the database; the level is asked for separately."""
    return [duty for duty, granted in GRANTS.items() if capability in granted]


def admin_permits(granted: frozenset[Can], permission: str) -> bool:
    """Whether those capabilities answer one of Django's words, like "accounts.change_user"."""
    app, _, word = permission.partition(".")
    action, _, model = word.partition("_")
    for can in granted:
        for name, actions in ADMIN_MODELS.get(can, {}).items():
            if name in (f"{app}.{model}", app) and ("*" in actions or action in actions):
                return True
    return False


def admin_apps(granted: frozenset[Can]) -> frozenset[str]:
    """The apps whose part of the admin pages those capabilities open."""
    return frozenset(name.partition(".")[0] for can in granted for name in ADMIN_MODELS.get(can, {}))
