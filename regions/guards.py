"""May this division be changed this way? Each answers with the Chinese reason against it, or None (domain §9.2)."""

from regions import dependents, enabling
from regions.choices import EditKind, RegionLevel
from regions.keys import NATION_KEY
from regions.models import Region, RegionEdit


def may_maintain(user, region: Region | None) -> bool:
    """May this account look after a region (None = the nation) and what is below it? Inside its own subtree only."""
    return user.is_superuser or user.scope.covers(region.key if region else NATION_KEY)


def against_enabling(county: Region, enabled: bool) -> str | None:
    """Why online applications cannot be opened (or closed) there: no application may land where nobody works."""
    if county.level != RegionLevel.COUNTY or not county.is_effective:
        return "只有县级单位可以开通网上申请"
    missing = enabling.reasons(county) if enabled else []
    return f"「{county.name}」还不能开通网上申请：{'；'.join(missing)}" if missing else None


def out_of_reach(user, edit: RegionEdit) -> str | None:
    """Why the account may not make that change: a place of it lies outside its own area, the place it leads to too."""
    places = [place for place in (edit.parent, edit.region, edit.target) if place]
    outside = next((place for place in places if not may_maintain(user, place)), None)
    return f"「{outside.name}」不在本辖区内，请由共同的上级办理" if outside else None


def against(edit: RegionEdit) -> str | None:
    """Return the first reason against publishing an edit as things stand now."""
    if edit.kind != EditKind.ADD and not edit.region.is_effective:
        return f"「{edit.region.name}」已撤销"
    return _CHECKS[edit.kind](edit)


def _against_add(edit: RegionEdit) -> str | None:
    if RegionLevel(edit.level).depth <= RegionLevel(edit.parent.level).depth:
        return "下级的级别必须低于上级"
    return _against_name(edit.parent, edit.name) or _against_code(edit.code, edit.level)


def _against_rename(edit: RegionEdit) -> str | None:
    return _against_name(edit.region.parent, edit.name, but=edit.region)


def _against_recode(edit: RegionEdit) -> str | None:
    return _against_code(edit.code, edit.region.level, but=edit.region)


def _against_move(edit: RegionEdit) -> str | None:
    region, target = edit.region, edit.target
    if target is None or not target.is_effective:
        return "请选择新的上级部门"
    if RegionLevel(target.level).depth >= RegionLevel(region.level).depth:
        return "新的上级部门级别必须高于本级"
    if target.pk == region.parent_id:
        return f"「{region.name}」已属于「{target.name}」"
    return _against_name(target, region.name)


def _against_close(edit: RegionEdit) -> str | None:
    region = edit.region
    if region.level == RegionLevel.NATION:
        return "不能撤销全国"
    if Region.objects.effective().filter(parent=region).exists():
        return f"「{region.name}」还有下级，不能撤销"
    reasons = dependents.reasons(region)
    return f"「{region.name}」不能撤销：{'；'.join(reasons)}" if reasons else None


def _against_merge(edit: RegionEdit) -> str | None:
    region, target = edit.region, edit.target
    if target is None or not target.is_effective or target.pk == region.pk or target.level != region.level:
        return "请选择要并入的同级单位"
    own = set(Region.objects.effective().filter(parent=region).values_list("name", flat=True))
    clash = Region.objects.effective().filter(parent=target, name__in=own).first()
    if clash:
        return f"「{target.name}」已有下级「{clash.name}」，请先更名"
    stuck = [dependent for dependent in dependents.registered() if dependent.hand_over is None]
    reasons = [reason for reason in (dependent.reason(region) for dependent in stuck) if reason]
    return f"「{region.name}」不能并入：{'；'.join(reasons)}" if reasons else None


def _against_name(parent: Region, name: str, but: Region | None = None) -> str | None:
    if not name.strip():
        return "请填写部门名称"
    siblings = Region.objects.effective().filter(parent=parent, name=name)
    return f"「{parent.name}」已有「{name}」" if siblings.exclude(pk=but and but.pk).exists() else None


def _against_code(code: str, level: str, but: Region | None = None) -> str | None:
    # Closed divisions keep their codes: an old paper must never lead to a new place.
    taken = Region.objects.filter(code=code, level=level).exclude(pk=but and but.pk).first()
    return f"编码 {code} 已属于「{taken.full_name}」" if taken else None


_CHECKS = {
    EditKind.ADD: _against_add,
    EditKind.RENAME: _against_rename,
    EditKind.RECODE: _against_recode,
    EditKind.MOVE: _against_move,
    EditKind.CLOSE: _against_close,
    EditKind.MERGE: _against_merge,
}
