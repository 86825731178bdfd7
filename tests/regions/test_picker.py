import pytest
from django import forms
from django.http import QueryDict
from django.urls import reverse

from regions.choices import RegionLevel
from regions.forms import RegionField
from regions.models import Region
from tests.factories.regions import enable

pytestmark = pytest.mark.django_db
VILLAGE, TOWNSHIP, COUNTY = "990101100201", "990101100000", "990101000000"


def form_with(data=None, initial=None, **options):
    class Form(forms.Form):
        region = RegionField(label="所在地区", **options)

    query = None
    if data is not None:
        query = QueryDict(mutable=True)
        query.setlist("region", [str(getattr(value, "pk", value)) for value in data])
    return Form(query, initial=initial and {"region": initial})


def shown(form):
    """What stands on the page: the options and the choice of each select."""
    steps = form["region"].field.widget.get_context("region", form["region"].value(), {"id": "id_region"})
    return [
        ([option.name for option in step.options], next((o.name for o in step.options if o.pk == step.selected), None))
        for step in steps["widget"]["steps"]
    ]


def chain(tree, *codes):
    return [tree[code] for code in codes]


FULL = ("990000000000", "990100000000", COUNTY, TOWNSHIP, VILLAGE)


def test_complete_chain_is_the_village(tree):
    form = form_with(chain(tree, *FULL))
    assert form.is_valid()
    assert form.cleaned_data["region"] == tree[VILLAGE]


def test_one_value_from_the_script_is_enough(tree):
    assert form_with([tree[VILLAGE]]).is_valid()


@pytest.mark.parametrize("length", [1, 2, 3, 4])
def test_stepping_without_script_shows_the_next_select_and_keeps_the_choice(tree, length):
    form = form_with(chain(tree, *FULL[:length]))
    assert form.errors["region"] == ["请选择到行政村"]
    steps = shown(form)
    assert [choice for _, choice in steps] == [tree[code].name for code in FULL[:length]] + [None]


def test_lower_selects_of_a_changed_upper_one_are_ignored(tree):
    form = form_with(chain(tree, "990000000000", "990100000000", "990102000000", TOWNSHIP, VILLAGE))
    assert form.errors["region"] == ["请选择到行政村"]
    # 白沙县 has a single township, which is chosen at once.
    assert shown(form)[2:] == [(["青溪县", "白沙县", "风山县"], "白沙县"), (["白沙镇"], "白沙镇"), (["上坝村"], None)]


def test_nothing_chosen_is_required_or_none(tree):
    assert form_with([""]).errors["region"] == ["这个字段是必填项。"]
    optional = form_with(["", ""], required=False)
    assert optional.is_valid()
    assert optional.cleaned_data["region"] is None


@pytest.mark.parametrize("value", ["abc", "0", "999999999", "-1", "99999999999999999999", "１x", "²"])
def test_values_that_name_no_region_are_refused(tree, value):
    assert form_with([value]).errors["region"] == ["请重新选择地区"]


def test_initial_county_leaves_two_selects_to_answer(tree):
    # Two native selects: open and pick, twice, are four taps.
    steps = shown(form_with(initial=tree[COUNTY]))
    assert [choice for _, choice in steps] == ["云岭省", "青屏市", "青溪县", None]
    assert shown(form_with(initial=tree[COUNTY].pk)) == steps


def test_within_a_county_the_first_select_asks_for_the_township(tree):
    form = form_with(within=tree[COUNTY])
    assert shown(form) == [(["石桥镇", "松林乡"], None)]
    assert form_with([tree["990102100201"]], within=tree[COUNTY]).errors["region"] == ["请选择本辖区内的地方"]
    assert form_with([tree[VILLAGE]], within=tree[COUNTY].pk).is_valid()


def test_within_can_be_set_on_the_form_and_stays_there(tree):
    form, other = form_with(), form_with()
    form.fields["region"].within = tree[COUNTY]
    assert shown(form) == [(["石桥镇", "松林乡"], None)]
    assert shown(other)[0][0] == ["云岭省"]


def test_village_officer_has_nothing_to_choose(tree):
    form = form_with(within=tree[VILLAGE])
    html = str(form["region"])
    assert "<select" not in html
    assert f'value="{tree[VILLAGE].pk}"' in html
    assert form_with([tree[VILLAGE]], within=tree[VILLAGE]).is_valid()


def test_only_counties_open_to_applications_are_offered(tree):
    enable(tree[COUNTY])
    form = form_with(case_enabled_only=True)
    # One province, one city and one county lead there: they are chosen already.
    assert [choice for _, choice in shown(form)] == ["云岭省", "青屏市", "青溪县", None]
    assert form_with([tree[VILLAGE]], case_enabled_only=True).is_valid()
    refused = form_with([tree["990102100201"]], case_enabled_only=True)
    assert refused.errors["region"] == ["本县尚未开通网上申请，请联系村委会"]


def test_filter_accepts_any_level_on_the_way(tree):
    form = form_with([tree[TOWNSHIP]], any_level=True, required=False)
    assert form.is_valid()
    assert form.cleaned_data["region"] == tree[TOWNSHIP]
    assert shown(form)[-1] == (["上坝村", "下坝村民委员会"], None)


def test_county_level_stops_at_the_county(tree):
    form = form_with([tree[COUNTY]], level=RegionLevel.COUNTY)
    assert form.is_valid()
    assert shown(form)[-1] == (["青溪县", "白沙县", "风山县"], "青溪县")
    assert form_with([tree[VILLAGE]], level=RegionLevel.COUNTY).errors["region"] == ["请选择到县（市、区）"]


def test_county_less_city_and_direct_county_need_no_empty_step(tree):
    southern = Region.objects.get(code="990200000000", level="city")
    assert [choice for _, choice in shown(form_with([southern]))] == ["云岭省", "南湾市", "南湾镇", None]
    direct = tree["999001000000"]
    assert [choice for _, choice in shown(form_with([direct]))] == ["云岭省", "云门市", "云门镇", None]


def test_place_merged_since_the_page_was_made_answers_with_its_successor(tree):
    from regions.actions.edits import propose, publish_children

    old, new = tree["990101100202"], tree[VILLAGE]
    propose(kind="merge", parent=old.parent, by=None, region=old, target=new)
    publish_children(parent=old.parent, by=None)
    form = form_with(chain(tree, *FULL[:-1]) + [old])
    assert form.is_valid()
    assert form.cleaned_data["region"] == new


def test_closed_place_is_refused(tree):
    Region.objects.filter(pk=tree[VILLAGE].pk).update(is_effective=False)
    assert form_with([tree[VILLAGE]]).errors["region"] == ["这个地方已经撤销，请重新选择"]


def test_has_changed_compares_places(tree):
    field = RegionField()
    assert not field.has_changed(tree[VILLAGE].pk, [str(tree[VILLAGE].pk)])
    assert field.has_changed(tree[VILLAGE], [str(tree["990101100202"].pk)])
    assert not field.has_changed(None, [""])


def test_empty_tree_says_so(db):
    assert "暂时没有可以选择的地区" in str(form_with()["region"])


def test_page_of_the_picker_is_labelled_and_marks_the_error(tree):
    html = str(form_with(chain(tree, *FULL[:3]))["region"])
    assert html.count("<select") == 4
    for number in range(4):
        assert f'for="id_region_{number}"' in html
    assert "data-children-url" in html


def get(client, name, **query):
    return client.get(reverse(f"regions:{name}"), query)


def test_children_endpoint_answers_the_next_select_only(tree, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        answer = get(client, "children", parent=tree[COUNTY].pk).json()
    names = [option["name"] for option in answer["steps"][0]["options"]]
    assert (len(answer["steps"]), names, answer["steps"][0]["selected"]) == (1, ["石桥镇", "松林乡"], None)
    assert get(client, "children").json()["steps"][0]["label"] == "省（自治区、直辖市）"
    assert get(client, "children", parent=tree[VILLAGE].pk).json() == {"steps": []}


def test_children_endpoint_leads_down_to_a_found_place(tree, client):
    answer = get(client, "children", region=tree[VILLAGE].pk).json()
    assert [step["selected"] for step in answer["steps"]] == [tree[code].pk for code in FULL]


@pytest.mark.parametrize("query", [{"parent": "x"}, {"parent": "-1"}, {"level": "galaxy"}, {"parent": "9" * 30}])
def test_children_endpoint_refuses_nonsense(tree, client, query):
    assert get(client, "children", **query).status_code == 400


def test_children_endpoint_does_not_know_unknown_places(tree, client):
    assert get(client, "children", parent=999_999_999).status_code == 404


def test_endpoints_refuse_other_methods(client):
    assert client.post(reverse("regions:children")).status_code == 405
    assert client.post(reverse("regions:search")).status_code == 405


def found(client, q, **query):
    return [place["where"] + place["name"] for place in get(client, "search", q=q, **query).json()["results"]]


@pytest.mark.parametrize("q", ["上坝", "上坝村", "shangba", "sbc", "sb"])
def test_search_finds_by_name_pinyin_and_initials(tree, client, q):
    names = ["云岭省青屏市青溪县石桥镇上坝村", "云岭省青屏市白沙县白沙镇上坝村"]
    assert found(client, q)[:2] == names


def test_search_by_code(tree, client):
    assert found(client, VILLAGE) == ["云岭省青屏市青溪县石桥镇上坝村"]
    assert found(client, "990101")[0] == "云岭省青屏市青溪县"


def test_search_ranks_exact_before_prefix_before_infix(tree, client):
    assert found(client, "云门")[:3] == ["云岭省云门市", "云岭省云门市云门镇", "云岭省云门市云门镇云门村"]
    # 坝村 stands inside 上坝村 and 下坝村民委员会 only.
    assert sorted(found(client, "坝村")) == sorted(
        ["云岭省青屏市青溪县石桥镇上坝村", "云岭省青屏市白沙县白沙镇上坝村", "云岭省青屏市青溪县石桥镇下坝村民委员会"]
    )


def test_search_words_before_the_last_narrow_the_area(tree, client):
    assert found(client, "白沙 上坝") == ["云岭省青屏市白沙县白沙镇上坝村"]
    assert found(client, "没有 上坝") == []


def test_search_stays_within(tree, client):
    assert found(client, "上坝", within=tree["990102000000"].pk) == ["白沙镇上坝村"]
    enable(tree[COUNTY])
    assert found(client, "上坝", enabled="1") == ["云岭省青屏市青溪县石桥镇上坝村"]
    assert found(client, "上坝", enabled="1", within=tree["990102000000"].pk) == []


def test_search_stops_at_the_asked_level_and_leaves_out_closed_places(tree, client):
    assert found(client, "上坝", level="township") == []
    Region.objects.filter(pk=tree[VILLAGE].pk).update(is_effective=False)
    assert found(client, "上坝") == ["云岭省青屏市白沙县白沙镇上坝村"]


@pytest.mark.parametrize("q", ["", " ", "%", "_", "\\", "'", "村%", "ａ", "a b c d e f", "1", "💧"])
def test_search_bears_any_text(tree, client, q):
    assert get(client, "search", q=q).status_code == 200
    assert "%" not in q or found(client, q) == []


def test_search_is_bounded(tree, client):
    from tests.factories.regions import make_region

    for number in range(203, 230):
        make_region(f"990101100{number}", "village", f"长村{number}号村", tree[TOWNSHIP])
    answer = get(client, "search", q="长村").json()
    assert (len(answer["results"]), answer["has_more"]) == (20, True)
