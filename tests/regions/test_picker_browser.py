"""The picker as a person meets it, with and without script."""

import pytest
from playwright.sync_api import expect

from tests.browser import PHONE, PICTURES
from tests.factories.regions import make_tree

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.regions.picker_site")]


@pytest.fixture
def places(transactional_db):
    return make_tree()


def choices(page):
    return page.eval_on_selector_all(
        "main select", "boxes => boxes.map(box => box.selectedOptions[0] && box.selectedOptions[0].text)"
    )


def wait_for_selects(page, count):
    expect(page.locator("main select")).to_have_count(count)


def test_stepping_on_a_phone_loads_each_level_on_demand(places, open_page):
    page = open_page(**PHONE)
    page.goto("/pick/")
    # One province, hence chosen; its cities are asked for.
    assert choices(page) == ["云岭省", "请选择"]
    for number, name in enumerate(["青屏市", "青溪县", "石桥镇"], start=1):
        page.select_option(f"#id_region_{number}", label=name)
        wait_for_selects(page, number + 2)
    page.select_option("#id_region_4", label="上坝村")
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.click("main button[type=submit]")
    # Only the lowest answer travels.
    assert sent.value.post_data.count("region=") == 1
    assert page.inner_text("#chosen") == "云岭省青屏市青溪县石桥镇上坝村"
    assert choices(page)[-1] == "上坝村"


def test_county_default_needs_two_selects(places, open_page):
    page = open_page(**PHONE)
    page.goto(f"/pick/?county={places['990101000000'].pk}")
    assert choices(page) == ["云岭省", "青屏市", "青溪县", "请选择"]
    page.select_option("#id_region_3", label="石桥镇")
    wait_for_selects(page, 5)
    page.select_option("#id_region_4", label="下坝村民委员会")
    page.click("main button[type=submit]")
    assert page.inner_text("#chosen").endswith("下坝村民委员会")


def test_changing_an_upper_select_takes_the_lower_ones_away(places, open_page):
    page = open_page()
    page.goto(f"/pick/?county={places['990101000000'].pk}")
    page.select_option("#id_region_2", label="白沙县")
    # 白沙县 has one township, taken at once; its village is still asked.
    wait_for_selects(page, 5)
    assert choices(page) == ["云岭省", "青屏市", "白沙县", "白沙镇", "请选择"]
    page.select_option("#id_region_1", label="请选择")
    wait_for_selects(page, 2)
    page.click("main button[type=submit]")
    assert "请选择到行政村" in page.inner_text("main")


@pytest.mark.parametrize("text", ["shangba", "上坝", "sbc"])
def test_search_fills_every_select(places, open_page, text):
    page = open_page(**PHONE)
    page.goto("/pick/")
    page.fill("input[type=search]", text)
    page.click("button:has-text('白沙县')")
    wait_for_selects(page, 5)
    assert choices(page) == ["云岭省", "青屏市", "白沙县", "白沙镇", "上坝村"]
    page.click("main button[type=submit]")
    assert page.inner_text("#chosen") == "云岭省青屏市白沙县白沙镇上坝村"


def test_enter_in_the_search_box_searches_and_does_not_submit(places, open_page):
    page = open_page()
    page.goto("/pick/")
    page.fill("input[type=search]", "没有这个村")
    page.press("input[type=search]", "Enter")
    page.wait_for_selector("text=没有找到")
    assert page.locator(".field__error").count() == 0


def test_lost_network_is_said_and_can_be_tried_again(places, open_page):
    page = open_page(**PHONE)
    page.goto("/pick/")
    page.route("**/regions/children/**", lambda route: route.fulfill(status=200, body="<html>login</html>"))
    page.select_option("#id_region_1", label="青屏市")
    page.wait_for_selector("text=网络不好")
    page.unroute("**/regions/children/**")
    page.click("text=再试一次")
    wait_for_selects(page, 3)
    assert choices(page) == ["云岭省", "青屏市", "请选择"]


def test_without_script_every_submit_shows_the_next_select(places, open_page):
    page = open_page(java_script_enabled=False)
    page.goto("/pick/")
    for number, name in enumerate(["青屏市", "青溪县", "石桥镇"], start=1):
        page.select_option(f"#id_region_{number}", label=name)
        page.click("main button[type=submit]")
        assert "请选择到行政村" in page.inner_text("main")
        assert page.locator("main select").count() == number + 2
    assert page.locator("input[type=search]").is_hidden()
    page.select_option("#id_region_4", label="上坝村")
    page.click("main button[type=submit]")
    assert page.inner_text("#chosen") == "云岭省青屏市青溪县石桥镇上坝村"


def test_staff_filter_lives_in_the_address(places, open_page):
    page = open_page()
    page.goto("/filter/")
    page.select_option("#id_region_0", label="云岭省")
    wait_for_selects(page, 2)
    page.select_option("#id_region_1", label="青屏市")
    wait_for_selects(page, 3)
    page.click("main button[type=submit]")
    assert page.url.endswith(f"?region={places['990100000000'].pk}")
    assert choices(page) == ["云岭省", "青屏市", "全部"]


@pytest.mark.parametrize("width", [360, 768, 1366])
def test_picker_never_scrolls_sideways_and_targets_are_large(places, open_page, width):
    page = open_page(viewport={"width": width, "height": 800})
    page.goto(f"/pick/?county={places['990101000000'].pk}")
    page.fill("input[type=search]", "上")
    page.wait_for_selector(".region-picker__results button")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    targets = "main select, input[type=search], .region-picker__results button"
    heights = page.eval_on_selector_all(targets, "all => all.map(one => one.getBoundingClientRect().height)")
    assert min(heights) >= 60
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / f"region-picker-{width}.png", full_page=True)
