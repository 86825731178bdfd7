import pytest

from regions import names, queries
from regions.keys import ancestor_keys, choose_key, key_range
from regions.models import Region
from tests.factories.regions import make_region

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("level", "low", "high"),
    [
        ("nation", "000000000000", "999999999999"),
        ("province", "990000000000", "999999999999"),
        ("city", "990100000000", "990199999999"),
        ("county", "990101000000", "990101999999"),
        ("township", "990101100000", "990101100999"),
        ("village", "990101100201", "990101100201"),
    ],
)
def test_key_range_of_each_level(level, low, high):
    assert key_range("990101100201", level) == (low, high)


def test_every_subtree_is_a_key_range(tree):
    for region in Region.objects.all():
        below, waiting = set(), [region]
        while waiting:
            place = waiting.pop()
            below.add(place.pk)
            waiting += Region.objects.filter(parent=place)
        assert set(Region.objects.within(region).values_list("pk", flat=True)) == below, region


def test_key_follows_the_code_where_the_code_follows_the_tree(tree):
    assert tree["990101100201"].key == "990101100201"
    assert tree["999001000000"].key == "999001000000"


def test_county_that_repeats_its_citys_code_gets_a_key_of_its_own(tree):
    city = Region.objects.get(code="990200000000", level="city")
    county = Region.objects.get(code="990200000000", level="county")
    assert (city.key, county.key) == ("990200000000", "990299000000")
    assert Region.objects.get(code="990200100001").key == "990299100001"


def test_township_with_a_foreign_code_gets_a_key_below_its_new_parent(tree):
    moved = make_region("880101300000", "township", "外来镇", tree["990101000000"])
    another = make_region("880101400000", "township", "又一镇", tree["990101000000"])
    assert (moved.key, another.key) == ("990101999000", "990101998000")


def test_missing_level_does_not_borrow_the_digits_of_a_neighbour(tree):
    village = tree["990103000201"]
    assert village.key == "990103000201"
    # The digits 990101100 belong to 石桥镇, so a village straight under the county cannot use them.
    stray = make_region("990101100999", "village", "县直村", tree["990101000000"])
    assert not tree["990101100000"].key_range[0] <= stray.key <= tree["990101100000"].key_range[1]


def test_full_parent_refuses_the_next_child():
    with pytest.raises(ValueError, match="no free segment"):
        choose_key(
            parent_key="990101000000",
            parent_code="990101000000",
            parent_level="county",
            level="township",
            code="990101300000",
            in_use=lambda prefix: True,
        )


@pytest.mark.parametrize(
    ("code", "full"),
    [
        ("990101100201", "云岭省青屏市青溪县石桥镇上坝村"),
        ("999001100201", "云岭省云门市云门镇云门村"),
        ("990200100001", "云岭省南湾市南湾镇南湾社区居委会"),
        ("990103000201", "云岭省青屏市风山县风山农场"),
    ],
)
def test_full_name_leaves_out_what_names_no_place(tree, code, full):
    assert tree[code].full_name == full


def test_children_step_over_placeholders(tree):
    def labels(parent, **more):
        return [place.name for place in queries.children(parent, **more)]

    province, city = tree["990000000000"], Region.objects.get(code="990200000000", level="city")
    assert labels(None) == ["云岭省"]
    assert labels(province) == ["青屏市", "南湾市", "云门市"]
    assert labels(city) == ["南湾镇"]
    # Asked for a county, the county of a county-less city stays: it is what is looked for.
    assert labels(city, down_to="county") == ["南湾市"]
    assert labels(tree["990101000000"]) == ["石桥镇", "松林乡"]
    assert labels(tree["990101000000"], down_to="county") == []


def test_ancestors_and_breadcrumb(tree, django_assert_num_queries):
    village = tree["999001100201"]
    with django_assert_num_queries(1):
        above = queries.ancestors(village)
    assert [place.name for place in above] == ["全国", "云岭省", "省直辖县级行政区划", "云门市", "云门镇"]
    assert [place.name for place in queries.breadcrumb(village)] == ["云岭省", "云门市", "云门镇", "云门村"]
    below = queries.breadcrumb(village, below=tree["999001000000"])
    assert [place.name for place in below] == ["云门镇", "云门村"]


def test_ancestor_keys_are_nation_first():
    assert ancestor_keys("990101100201") == [
        "000000000000",
        "990000000000",
        "990100000000",
        "990101000000",
        "990101100000",
        "990101100201",
    ]


def test_find_by_code_prefers_the_lower_level_and_knows_former_codes(tree):
    assert queries.find_by_code("990200000000").level == "county"
    assert queries.find_by_code("990200000000", "city").level == "city"
    Region.objects.filter(pk=tree["990101100201"].pk).update(code="990101100299", previous_codes=["990101100201"])
    assert queries.find_by_code("990101100201").code == "990101100299"
    assert queries.find_by_code("123456789012") is None


def test_names_come_from_memory_and_follow_a_change(tree, django_assert_num_queries):
    village = tree["990101100201"]
    names.forget()
    names.warm([village.pk, tree["990101000000"].pk, None])
    with django_assert_num_queries(0):
        assert names.full_name(village.pk) == "云岭省青屏市青溪县石桥镇上坝村"
        assert names.short_name(tree["990101000000"].pk) == "青溪县"
        assert names.full_name(None) == ""
    assert names.short_name(2_000_000_000) == ""


def test_names_of_another_process_are_noticed_by_the_stamp(tree, monkeypatch):
    from regions.actions.tree import change_stamp

    village = tree["990101100201"]
    change_stamp()
    assert names.short_name(village.pk) == "上坝村"
    # The other process renames and stamps; this one's dictionary is not told.
    monkeypatch.setattr(names, "forget", lambda: None)
    Region.objects.filter(pk=village.pk).update(name="新坝村")
    change_stamp()
    assert names.short_name(village.pk) == "上坝村"
    monkeypatch.setattr(names, "_TRUSTED_SECONDS", 0)
    assert names.short_name(village.pk) == "新坝村"


def test_names_stay_bounded(tree, monkeypatch):
    monkeypatch.setattr(names, "_MOST", 3)
    names.forget()
    names.warm(Region.objects.values_list("pk", flat=True))
    assert len(names._names) == 3
    assert names.short_name(tree["990101100201"].pk) == "上坝村"
