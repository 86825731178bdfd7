"""Changes of the division tree: proposed one by one, published together by 【立即生效】 (domain §9.2)."""

import uuid

from django.db import transaction

from common.clock import now
from common.errors import Refusal
from regions import dependents, tree_changed
from regions.actions.calendar import announce
from regions.actions.subtree import hand_over_rows, refresh_full_names, rekey
from regions.actions.tree import change_stamp, lock_tree
from regions.choices import EditKind, EditState
from regions.guards import against, out_of_reach
from regions.keys import PREFIX, choose_key
from regions.models import Region, RegionEdit
from regions.placenames import core, full_name, is_placeholder, search_columns

_REMEMBERED = ("name", "code", "national_code", "order", "full_name", "key", "parent_id")


def propose(*, kind: str, parent: Region, by, **values) -> RegionEdit:
    """Note a change that waits for 【立即生效】; raises Refusal when it could not be published today."""
    edit = RegionEdit(kind=kind, parent=parent, created_by=_uid(by), created_at=now(), **values)
    refusal = against(edit)
    if refusal:
        raise Refusal(refusal)
    edit.save()
    return edit


@transaction.atomic
def drop_edit(*, edit: RegionEdit, by) -> None:
    """Take a pending change back; it stays in the history as 已取消."""
    edit = RegionEdit.objects.select_for_update().get(pk=edit.pk)
    if edit.state != EditState.PENDING:
        raise Refusal("这项变更已经生效或取消")
    edit.state, edit.published_by, edit.published_at = EditState.DROPPED, _uid(by), now()
    edit.save(update_fields=["state", "published_by", "published_at"])


@transaction.atomic
def publish_children(*, parent: Region, by) -> list[RegionEdit]:
    """【立即生效】: apply every pending change of the parent's children in order, or none of them, and return them.

    Raises Refusal naming the change that no longer fits. Rows bound to villages and registered dependents follow
    in the same transaction; calendars and name dictionaries of all processes are renewed.
    """
    lock_tree()
    pending = RegionEdit.objects.select_for_update(of=("self",)).select_related("parent", "region__parent", "target")
    edits = list(pending.filter(parent=parent, state=EditState.PENDING).order_by("pk"))
    for edit in edits:
        _publish(edit, by)
    if edits:
        change_stamp()
        _announce_moves(edits, by)
        tree_changed.notify(parent, edits, by=by)
    return edits


def _announce_moves(edits: list[RegionEdit], by) -> None:
    # Local holidays follow the tree: a moved village may have other days from now on.
    for edit in edits:
        if edit.kind in (EditKind.MOVE, EditKind.MERGE):
            place = edit.region if edit.kind == EditKind.MOVE else edit.target
            place.refresh_from_db()
            announce(region=place, by=by)


def _publish(edit: RegionEdit, by) -> None:
    # Earlier edits of the same batch may have changed what this one was read with.
    for related in filter(None, (edit.parent, edit.region, edit.target)):
        related.refresh_from_db()
    refusal = against(edit) or (by and out_of_reach(by, edit))
    if refusal:
        raise Refusal(f"{edit}：{refusal}")
    if edit.region:
        edit.before = {name: getattr(edit.region, name) for name in _REMEMBERED}
    _APPLY[edit.kind](edit)
    if edit.region:
        Region.objects.filter(pk=edit.region.pk).update(edited_at=now())
    edit.state, edit.published_by, edit.published_at = EditState.PUBLISHED, _uid(by), now()
    edit.save()


def _add(edit: RegionEdit) -> None:
    parent, placeholder = edit.parent, is_placeholder(edit.name, edit.parent.name)
    edit.region = Region.objects.create(
        code=edit.code,
        level=edit.level,
        name=edit.name,
        key=_free_key(parent, edit.level, edit.code),
        full_name=full_name(parent, edit.name, placeholder),
        is_placeholder=placeholder,
        parent=parent,
        order=int(edit.code[: PREFIX[edit.level]][-3:]) if edit.order is None else edit.order,
        national_code=edit.national_code or edit.code,
        **search_columns(core(edit.name)),
    )


def _rename(edit: RegionEdit) -> None:
    region = edit.region
    changes = {"name": edit.name, "is_placeholder": is_placeholder(edit.name, region.parent.name)}
    if edit.order is not None:
        changes["order"] = edit.order
    Region.objects.filter(pk=region.pk).update(**changes, **search_columns(core(edit.name)))
    refresh_full_names(region)


def _recode(edit: RegionEdit) -> None:
    # The key stays: it orders the tree and nobody reads it, while rows in every register carry copies of it.
    region = edit.region
    codes = [*region.previous_codes, region.code]
    national = edit.national_code or edit.code
    Region.objects.filter(pk=region.pk).update(code=edit.code, national_code=national, previous_codes=codes)


def _move(edit: RegionEdit) -> None:
    _move_region(edit.region, edit.target)


def _close(edit: RegionEdit) -> None:
    Region.objects.filter(pk=edit.region.pk).update(is_effective=False, case_enabled=False)


def _merge(edit: RegionEdit) -> None:
    old, new = edit.region, edit.target
    for child in Region.objects.effective().filter(parent=old).order_by("key"):
        _move_region(child, new)
    hand_over_rows(old, new)
    for dependent in dependents.registered():
        if dependent.hand_over:
            dependent.hand_over(old, new)
    codes = list(dict.fromkeys([*new.previous_codes, *old.previous_codes, old.code]))
    Region.objects.filter(pk=new.pk).update(previous_codes=codes, edited_at=now())
    Region.objects.filter(pk=old.pk).update(is_effective=False, case_enabled=False, successor=new)


def _move_region(region: Region, parent: Region) -> None:
    placeholder = is_placeholder(region.name, parent.name)
    new_key = _free_key(parent, region.level, region.code)
    Region.objects.filter(pk=region.pk).update(parent=parent, is_placeholder=placeholder, edited_at=now())
    rekey(region, new_key)
    refresh_full_names(region)


def _free_key(parent: Region, level: str, code: str) -> str:
    def in_use(prefix: str) -> bool:
        low, high = prefix.ljust(12, "0"), prefix.ljust(12, "9")
        return Region.objects.filter(key__range=(low, high)).exists()

    try:
        spot = {"parent_key": parent.key, "parent_code": parent.code, "parent_level": parent.level}
        return choose_key(**spot, level=level, code=code, in_use=in_use)
    except ValueError as full:
        raise Refusal(f"「{parent.name}」下级编号已用完") from full


def _uid(by) -> uuid.UUID | None:
    return getattr(by, "uid", None)


_APPLY = {
    EditKind.ADD: _add,
    EditKind.RENAME: _rename,
    EditKind.RECODE: _recode,
    EditKind.MOVE: _move,
    EditKind.CLOSE: _close,
    EditKind.MERGE: _merge,
}
