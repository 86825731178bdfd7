from django.db import models


class Level(models.TextChoices):
    """The floor of the administration a user works on; a villager's phone account stands below them all."""

    VILLAGER = "villager", "群众"
    VILLAGE = "village", "村级用户"
    TOWNSHIP = "township", "乡镇级用户"
    COUNTY = "county", "县区级用户"
    CITY = "city", "市级用户"
    PROVINCE = "province", "省级用户"
    MINISTRY = "ministry", "部级用户"


# From the ground up: "one level down" and "county and up" are read from this order.
LADDER = (Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY, Level.CITY, Level.PROVINCE, Level.MINISTRY)
OFFICE_LEVELS = [choice for choice in Level.choices if choice[0] != Level.VILLAGER]
# The level of the division an office of that level sits in (regions.RegionLevel uses the same words but for the top).
REGION_LEVEL = {level: ("nation" if level == Level.MINISTRY else level.value) for level in LADDER}


class Duty(models.TextChoices):
    """What an account is there for (decision 24)."""

    ENTRY = "entry", "录入"
    DECIDE = "decide", "受理审批"
    REGISTER_AUDIT = "register_audit", "登记审核"
    SPOT_CHECK = "spot_check", "抽查"
    MANAGE_ACCOUNTS = "manage_accounts", "账号管理"
    MANAGE_REGIONS = "manage_regions", "区划管理"
    APPROVE_EXPORT = "approve_export", "导出审批"
    READ_ONLY = "read_only", "只读"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDIT_ADMIN = "audit_admin", "审计管理员"


# 三员: whoever holds one of these holds nothing else (decision 24, GB/T 22239).
ADMIN_DUTIES = (Duty.SYSTEM_ADMIN, Duty.SECURITY_ADMIN, Duty.AUDIT_ADMIN)
# A county's first account: everything that business needs, none of the three.
BUSINESS_DUTIES = tuple(duty for duty in Duty if duty not in (*ADMIN_DUTIES, Duty.READ_ONLY))


class Status(models.TextChoices):
    ACTIVE = "active", "正常"
    CANCELLED = "cancelled", "注销"


class OutboxState(models.TextChoices):
    WAITING = "waiting", "待发送"
    SENT = "sent", "已发送"
    DONE = "done", "已完成"
    PARKED = "parked", "已搁置"


class LoginOutcome(models.TextChoices):
    STARTED = "started", "核对中"
    OK = "ok", "成功"
    WRONG = "wrong", "账号或密码不正确"


class SmsState(models.TextChoices):
    WAITING = "waiting", "待发送"
    SENT = "sent", "已发送"
