"""Offices and accounts of the demo county, one of every level (decision 20: every account belongs to an office)."""

from dataclasses import dataclass

from accounts.actions import audit
from accounts.choices import BUSINESS_DUTIES, Duty, Level
from accounts.models import Office, User
from regions.models import Region
from workbench.demo.people import phone_number, somebody

VILLAGE_DUTIES = (Duty.ENTRY,)
TOWNSHIP_DUTIES = (Duty.ENTRY, Duty.DECIDE)
READERS = (Duty.READ_ONLY, Duty.SPOT_CHECK)

NAMES = {
    Level.MINISTRY: "全国农村危房改造管理中心（演示）",
    Level.PROVINCE: "{name}住房和城乡建设厅",
    Level.CITY: "{name}住房和城乡建设局",
    Level.COUNTY: "{name}住房和城乡建设局",
    Level.TOWNSHIP: "{name}村镇建设服务中心",
    Level.VILLAGE: "{name}",
}


@dataclass(frozen=True)
class Account:
    """A line of the printed list."""

    level: str
    place: str
    username: str
    who: str


class Staff:
    """Makes offices and accounts with one shared demo password, hashed once: thousands of logins share the hash."""

    def __init__(self, password_hash: str):
        self.password_hash = password_hash
        self.accounts: list[Account] = []
        self._seed = 500

    def office(self, region: Region, level: str) -> Office:
        """The office of that place and level."""
        name = NAMES[level].format(name=region.name)
        made, _ = Office.objects.get_or_create(
            region=region,
            level=level,
            defaults={
                "name": name,
                "short_name": _short_name(region, level),
                "phone": f"0990-{7000000 + region.pk % 999999}",
                "supervising_phone": "0990-7123456",
                "address": f"{region.full_name}",
                "seal_name": name,
            },
        )
        return made

    def account(self, office: Office, duties, *, suffix: str = "", fresh: bool = False) -> User:
        """An account of the office, ready to work; a `fresh` one still has its first login before it."""
        self._seed += 1
        who = somebody(self._seed)
        user = User(
            username=_short_code(office) + suffix,
            display_name=who.name,
            phone=phone_number(self._seed),
            position="工作人员",
            level=office.level,
            office=office,
            duties=[str(duty) for duty in duties],
            must_change_password=fresh,
            password=self.password_hash,
        )
        user.save()
        audit.record(by=None, action="account.create", target=user, region=office.region, reason="演示数据")
        self.accounts.append(Account(user.get_level_display(), office.region.full_name, user.username, who.name))
        return user


def _short_name(region: Region, level: str) -> str:
    """What people say: 禄劝县住建局, 团街镇村建中心, 发明村委会."""
    if level == Level.COUNTY:
        return f"{region.name[:2]}县住建局"
    if level == Level.TOWNSHIP:
        return f"{region.name}村建中心"
    return region.name.replace("村民委员会", "村委会").replace("居民委员会", "居委会")[:20]


def _short_code(office: Office) -> str:
    """The division code without the zeros below its level: short enough to be typed (domain §9.1)."""
    digits = {"ministry": 2, "province": 2, "city": 4, "county": 6, "township": 9, "village": 12}[office.level]
    return "demo-nation" if office.level == Level.MINISTRY else office.region.code[:digits].ljust(4, "0")


def staff_county(county: Region, staff: Staff) -> dict[str, User]:
    """Offices and accounts from the nation down to every village; returns one account per level."""
    city, province = county.parent, county.parent.parent
    people = {
        Level.MINISTRY: staff.account(staff.office(province.parent, Level.MINISTRY), READERS),
        Level.PROVINCE: staff.account(staff.office(province, Level.PROVINCE), READERS),
        Level.CITY: staff.account(staff.office(city, Level.CITY), (*READERS, Duty.MANAGE_ACCOUNTS)),
        Level.COUNTY: staff.account(staff.office(county, Level.COUNTY), BUSINESS_DUTIES),
    }
    # One who looks after what the whole country shares: national holidays, option lists, the ladder of reminders.
    staff.account(people[Level.MINISTRY].office, (Duty.SYSTEM_ADMIN,), suffix="-sys")
    county_office = people[Level.COUNTY].office
    staff.account(county_office, (Duty.ENTRY, Duty.DECIDE), suffix="-2")
    staff.account(county_office, (Duty.ENTRY,), suffix="-new", fresh=True)
    for suffix, duty in (("-sys", Duty.SYSTEM_ADMIN), ("-sec", Duty.SECURITY_ADMIN), ("-aud", Duty.AUDIT_ADMIN)):
        staff.account(county_office, (duty,), suffix=suffix)
    for region in Region.objects.within(county).filter(level__in=("township", "village")).order_by("key"):
        duties = TOWNSHIP_DUTIES if region.level == Level.TOWNSHIP else VILLAGE_DUTIES
        user = staff.account(staff.office(region, region.level), duties)
        people.setdefault(region.level, user)
    return people
