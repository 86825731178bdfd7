"""What accounts add to a change of divisions and calendar: audit rows, and the conditions of opening a county."""

from accounts.actions import audit
from accounts.choices import Level
from accounts.models import Office, User
from accounts.queries import handling_office
from regions.choices import RegionLevel
from regions.keys import ancestor_keys
from regions.models import Region


def missing_accounts(county: Region) -> str | None:
    """Why online applications cannot be opened: an application must never land where nobody works (decision 19).

    Only an account that decides counts, and only in the unit that cases are sent to.
    """
    deciding = User.objects.active().deciding()
    if not deciding.filter(office=handling_office(county.pk, Level.COUNTY)).exists():
        return "本县办理单位还没有正常状态的受理审批账号"
    offices = Office.objects.handling().filter(level=Level.TOWNSHIP, users__in=deciding)
    townships = Region.objects.effective().within(county).filter(level=RegionLevel.TOWNSHIP)
    unstaffed = townships.exclude(pk__in=offices.values("region")).order_by("key")
    missing = list(unstaffed.values_list("name", flat=True)[:6])
    if not missing:
        return None
    return f"{'、'.join(missing[:5])}{'等' if len(missing) > 5 else ''}还没有正常状态的受理审批账号"


def last_deciding(user: User) -> str | None:
    """Why an account cannot go: while its county takes applications, nobody else decides in its unit (decision 19)."""
    office = user.office
    if office is None or handling_office(office.region_id, office.level) != office:
        return None
    deciding = User.objects.active().deciding().filter(office=office)
    county = _county_locked(office.region) if office.level in (Level.COUNTY, Level.TOWNSHIP) else None
    is_last = deciding.filter(pk=user.pk).exists() and not deciding.exclude(pk=user.pk).exists()
    if county is None or not county.case_enabled or not is_last:
        return None
    return f"「{county.name}」已开通网上申请，该账号是{office.name}唯一的受理审批账号"


def _county_locked(region: Region) -> Region | None:
    # Opening a county takes the same row, and two colleagues do not leave at the same moment.
    counties = Region.objects.select_for_update(of=("self",), no_key=True).filter(level=RegionLevel.COUNTY)
    return counties.filter(key__in=ancestor_keys(region.key)).first()


def witness_tree(parent: Region, edits: list, *, by) -> None:
    """One audit row for each division change that took effect by 立即生效."""
    for edit in edits:
        after = {name: getattr(edit, name) for name in ("name", "code") if getattr(edit, name)}
        if edit.target:
            after["target"] = edit.target.full_name
        changes = {"before": edit.before.get("full_name", ""), "after": after}
        audit.record(
            by=by, action=f"region.{edit.kind}", target=edit.region, region=parent, changes=changes, reason=edit.reason
        )


def witness_enabling(county: Region, *, by) -> None:
    """The audit row of opening or closing a county."""
    audit.record(by=by, action="region.enable", target=county, changes={"case_enabled": county.case_enabled})


def witness_calendar(region: Region | None, *, by, changes: dict) -> None:
    """The audit row of a changed work calendar (fault F17)."""
    audit.record(by=by, action="calendar.change", target="calendar", region=region, changes=changes)
