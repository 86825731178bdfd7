import uuid

import pytest
from django.apps import apps
from django.db import connection, models

from common.errors import Refusal
from regions import calendar_changed, dependents, names, queries, tree_changed
from regions.actions.edits import drop_edit, propose, publish_children
from regions.actions.enable import set_case_enabled
from regions.choices import EditState
from regions.models import Region, RegionBoundModel, RegionEdit
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db


class Hut(RegionBoundModel):
    """A region-bound table of this test alone (测试用)."""

    name = models.CharField(max_length=10, default="")

    class Meta:
        app_label = "regions"
        managed = False
        db_table = "test_regions_hut"


# Known to Django only while a test has made its table; other tests must not look for it.
del apps.all_models["regions"]["hut"]
apps.clear_cache()


@pytest.fixture
def huts(tree, monkeypatch):
    """The test's own table beside the real ones, made inside the test's transaction."""
    monkeypatch.setitem(apps.all_models["regions"], "hut", Hut)
    apps.clear_cache()
    with connection.schema_editor() as editor:
        editor.create_model(Hut)
    yield tree
    monkeypatch.undo()
    apps.clear_cache()


@pytest.fixture
def by(tree):
    return make_user(region=tree["990000000000"])


def hut_in(region):
    hut = Hut()
    hut.bind_region(region)
    hut.save()
    return hut


def fresh(region):
    return Region.objects.get(pk=region.pk)


def test_added_village_appears_only_after_publishing(tree, by):
    township = tree["990101100000"]
    propose(kind="add", parent=township, by=by, level="village", name="新桥村", code="990101100203")
    assert not Region.objects.filter(code="990101100203").exists()
    (edit,) = publish_children(parent=township, by=by)
    added = Region.objects.get(code="990101100203")
    assert (added.key, added.full_name, added.pinyin, added.initials, added.order) == (
        "990101100203",
        "云岭省青屏市青溪县石桥镇新桥村",
        "xinqiaocun",
        "xqc",
        203,
    )
    assert (edit.state, edit.published_by, edit.region) == (EditState.PUBLISHED, by.uid, added)
    assert publish_children(parent=township, by=by) == []


def test_rename_reaches_every_full_name_below(tree, by):
    county, village = tree["990101000000"], tree["990101100201"]
    assert names.full_name(village.pk) == "云岭省青屏市青溪县石桥镇上坝村"
    propose(kind="rename", parent=county.parent, by=by, region=county, name="清溪区")
    (edit,) = publish_children(parent=county.parent, by=by)
    assert fresh(village).full_name == "云岭省青屏市清溪区石桥镇上坝村"
    assert names.full_name(village.pk) == "云岭省青屏市清溪区石桥镇上坝村"
    assert fresh(county).initials == "qxq"
    assert edit.before["name"] == "青溪县"


def test_recode_keeps_the_old_code_and_the_key(tree, by):
    village = tree["990101100201"]
    propose(kind="recode", parent=village.parent, by=by, region=village, code="990101100221")
    publish_children(parent=village.parent, by=by)
    now = fresh(village)
    assert (now.code, now.previous_codes, now.key) == ("990101100221", ["990101100201"], village.key)
    assert queries.find_by_code("990101100201") == now


def test_moved_township_takes_villages_and_bound_rows_along(huts, by):
    township, village = huts["990101100000"], huts["990101100201"]
    target, hut, other = huts["990102000000"], hut_in(village), hut_in(huts["990101200201"])
    propose(kind="move", parent=township.parent, by=by, region=township, target=target)
    publish_children(parent=township.parent, by=by)
    assert fresh(township).key == "990102999000"
    assert fresh(village).key == "990102999201"
    assert fresh(village).full_name == "云岭省青屏市白沙县石桥镇上坝村"
    hut.refresh_from_db()
    assert (hut.region_key, hut.township_id, hut.county_id) == ("990102999201", township.pk, target.pk)
    assert hut.province_id == huts["990000000000"].pk
    before = (other.region_key, other.county_id)
    other.refresh_from_db()
    assert (other.region_key, other.county_id) == before
    # The old county no longer sees it, the new one does: the key range is the scope.
    assert list(Hut.objects.for_staff(fresh(target).scope)) == [hut]
    assert list(Hut.objects.for_staff(fresh(township.parent).scope)) == [other]


def test_village_moved_with_local_holidays_tells_the_calendar(tree, monkeypatch, by):
    heard = []
    monkeypatch.setattr(calendar_changed, "_listeners", [lambda region, *, by: heard.append((region.key, by))])
    village = tree["990101100201"]
    propose(kind="move", parent=village.parent, by=by, region=village, target=tree["990101200000"])
    publish_children(parent=village.parent, by=by)
    # The code still says the old township, so the key is assigned.
    assert heard == [("990101200999", by)]


def test_merged_village_hands_its_rows_and_codes_to_the_successor(huts, by):
    old, new = huts["990101100202"], huts["990101100201"]
    hut = hut_in(old)
    propose(kind="merge", parent=old.parent, by=by, region=old, target=new)
    publish_children(parent=old.parent, by=by)
    hut.refresh_from_db()
    assert (hut.region_id, hut.region_key) == (new.pk, new.key)
    closed = fresh(old)
    assert (closed.is_effective, closed.successor) == (False, new)
    assert queries.find_by_code(old.code) == new
    assert old not in queries.children(old.parent)


def test_merged_township_hands_over_its_villages(tree, by):
    old, new = tree["990101200000"], tree["990101100000"]
    propose(kind="merge", parent=old.parent, by=by, region=old, target=new)
    publish_children(parent=old.parent, by=by)
    village = fresh(tree["990101200201"])
    assert village.parent == new
    assert village.full_name == "云岭省青屏市青溪县石桥镇松林村"
    assert village in Region.objects.within(fresh(new))


def test_merge_asks_registered_dependents_to_hand_over(tree, monkeypatch, by):
    moved = []
    monkeypatch.setattr(dependents, "_registered", {})
    dependents.register("accounts", lambda region: "有账号", hand_over=lambda old, new: moved.append((old, new)))
    old, new = tree["990101100202"], tree["990101100201"]
    propose(kind="merge", parent=old.parent, by=by, region=old, target=new)
    publish_children(parent=old.parent, by=by)
    assert moved == [(old, new)]


@pytest.mark.parametrize("kind", ["close", "merge"])
def test_dependents_without_a_way_to_move_stand_in_the_way(tree, monkeypatch, kind, by):
    monkeypatch.setattr(dependents, "_registered", {})
    dependents.register("cases", lambda region: "有3件未办结工单" if region.name == "下坝村民委员会" else None)
    old = tree["990101100202"]
    target = tree["990101100201"] if kind == "merge" else None
    with pytest.raises(Refusal, match="有3件未办结工单"):
        propose(kind=kind, parent=old.parent, by=by, region=old, target=target)


def test_closed_village_leaves_the_lists_and_keeps_its_code(tree, by):
    village = tree["990101100202"]
    propose(kind="close", parent=village.parent, by=by, region=village)
    publish_children(parent=village.parent, by=by)
    assert [place.name for place in queries.children(village.parent)] == ["上坝村"]
    with pytest.raises(Refusal, match="编码 990101100202 已属于"):
        propose(kind="add", parent=village.parent, by=by, level="village", name="另村", code="990101100202")


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"kind": "add", "level": "village", "name": "上坝村", "code": "990101100209"}, "已有「上坝村」"),
        ({"kind": "add", "level": "village", "name": " ", "code": "990101100209"}, "请填写部门名称"),
        ({"kind": "add", "level": "county", "name": "某县", "code": "990109000000"}, "级别必须低于上级"),
        ({"kind": "rename", "region": "990101100202", "name": "上坝村"}, "已有「上坝村」"),
        ({"kind": "move", "region": "990101100201", "target": "990101100202"}, "级别必须高于本级"),
        ({"kind": "move", "region": "990101100201", "target": "990101100000"}, "已属于"),
        ({"kind": "move", "region": "990101100201", "target": "990102100000"}, "「白沙镇」已有「上坝村」"),
        ({"kind": "merge", "region": "990101100201", "target": "990101100201"}, "并入的同级单位"),
    ],
)
def test_edit_that_cannot_be_published_is_refused_at_once(tree, values, reason, by):
    values = {name: tree[value] if name in ("region", "target") else value for name, value in values.items()}
    with pytest.raises(Refusal, match=reason):
        propose(parent=tree["990101100000"], by=by, **values)
    assert not RegionEdit.objects.exists()


def test_county_with_townships_is_not_closed(tree, by):
    county = tree["990101000000"]
    with pytest.raises(Refusal, match="还有下级"):
        propose(kind="close", parent=county.parent, by=by, region=county)


def test_one_edit_that_no_longer_fits_rolls_all_back(tree, by):
    township = tree["990101100000"]
    for number, name in ((203, "甲村"), (204, "乙村")):
        propose(kind="add", parent=township, by=by, level="village", name=name, code=f"990101100{number}")
    # Meanwhile the second name is taken.
    Region.objects.filter(code="990101100202").update(name="乙村")
    with pytest.raises(Refusal, match="乙村"):
        publish_children(parent=township, by=by)
    assert not Region.objects.filter(code__in=["990101100203", "990101100204"]).exists()
    assert RegionEdit.objects.filter(state=EditState.PENDING).count() == 2


def test_edits_of_one_batch_build_on_each_other(tree, by):
    township = tree["990101100000"]
    propose(kind="add", parent=township, by=by, level="village", name="甲村", code="990101100203")
    first, second = tree["990101100201"], tree["990101100202"]
    propose(kind="rename", parent=township, by=by, region=first, name="坝上村")
    propose(kind="rename", parent=township, by=by, region=first, name="坝头村")
    propose(kind="merge", parent=township, by=by, region=second, target=first)
    publish_children(parent=township, by=by)
    assert fresh(first).name == "坝头村"
    assert fresh(first).previous_codes == ["990101100202"]


def test_dropped_edit_stays_in_the_history_and_is_not_published(tree, by):
    township = tree["990101100000"]
    edit = propose(kind="add", parent=township, by=by, level="village", name="甲村", code="990101100203")
    drop_edit(edit=edit, by=by)
    assert publish_children(parent=township, by=by) == []
    assert RegionEdit.objects.get().state == EditState.DROPPED
    with pytest.raises(Refusal):
        drop_edit(edit=edit, by=by)


@pytest.mark.parametrize(("kind", "code"), [("move", "990102100000"), ("merge", "990102100201")])
def test_nobody_publishes_into_another_county(tree, kind, code):
    # A proposal may be older than the reach of whoever presses the button.
    village, county, city = tree["990101100202"], tree["990101000000"], tree["990100000000"]
    edit = propose(kind=kind, parent=village.parent, by=make_user(region=city), region=village, target=tree[code])
    with pytest.raises(Refusal, match="不在本辖区内"):
        publish_children(parent=village.parent, by=make_user(region=county))
    edit.refresh_from_db()
    assert edit.state == EditState.PENDING
    assert publish_children(parent=village.parent, by=make_user(region=city)) == [edit]


def test_listeners_hear_what_was_published(tree, monkeypatch, by):
    heard = []
    monkeypatch.setattr(tree_changed, "_listeners", [lambda parent, edits, *, by: heard.append((parent, edits, by))])
    township = tree["990101100000"]
    edit = propose(kind="add", parent=township, by=by, level="village", name="甲村", code="990101100203")
    publish_children(parent=township, by=by)
    assert heard == [(township, [edit], by)]


def test_county_opens_only_when_nothing_is_missing(tree, monkeypatch, by):
    from regions import enabling

    county = tree["990101000000"]
    monkeypatch.setattr(enabling, "_conditions", [lambda county: "石桥镇还没有账号"])
    with pytest.raises(Refusal, match="石桥镇还没有账号"):
        set_case_enabled(county=county, enabled=True, by=by)
    assert not fresh(county).case_enabled
    monkeypatch.setattr(enabling, "_conditions", [lambda county: None])
    set_case_enabled(county=county, enabled=True, by=by)
    assert fresh(county).case_enabled
    with pytest.raises(Refusal, match="只有县级单位"):
        set_case_enabled(county=tree["990101100000"], enabled=True, by=by)


def test_scoped_rows_are_seen_by_their_own_subtree_only(huts):
    from types import SimpleNamespace

    from regions.scope import Scope

    here, there = hut_in(huts["990101100201"]), hut_in(huts["990102100201"])

    def seen(scope):
        return set(Hut.objects.visible_to(SimpleNamespace(scope=scope)))

    assert seen(huts["990101000000"].scope) == {here}
    assert seen(huts["990102100201"].scope) == {there}
    assert seen(huts["990100000000"].scope) == {here, there}
    assert seen(huts["000000000000"].scope) == {here, there}
    assert seen(Scope(kind="owner", owner=uuid.uuid4())) == set()
    assert seen(Scope()) == set()
    assert set(Hut.objects.visible_to(object())) == set()
