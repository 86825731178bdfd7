"""What accounts add to a change of divisions and calendar: audit rows, and the conditions of opening a county."""

from accounts.actions import audit
from accounts.models import User
from regions.models import Region


def missing_accounts(county: Region) -> str | None:
    """Why online applications cannot be opened: an application must never land where nobody works (decision 19)."""
    low, high = county.key_range
    active = User.objects.active().filter(office__region__key__range=(low, high))
    if not active.filter(office__level="county").exists():
        return "本县还没有正常状态的账号"
    townships = Region.objects.effective().within(county).filter(level="township")
    staffed = active.filter(office__level="township").values("office__region")
    missing = list(townships.exclude(pk__in=staffed).order_by("key").values_list("name", flat=True)[:6])
    if not missing:
        return None
    return f"{'、'.join(missing[:5])}{'等' if len(missing) > 5 else ''}还没有正常状态的账号"


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
