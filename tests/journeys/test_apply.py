"""A villager on a phone of 360 px: from the tile to the confirmation, photos included, and back (issue: main path)."""

import re

import pytest
from playwright.sync_api import expect

from accounts.choices import Duty
from accounts.models import SmsMessage
from applicants import pages
from households.actions.claims import claim_identity
from households.middleware import scope_of
from households.models import Attachment
from renovation.choices import CaseState
from renovation.models import Case, CaseEvent
from tests.browser import PHONE
from tests.factories.accounts import PASSWORD, make_phone_account, make_user
from tests.factories.people import make_id_number, photo_bytes
from tests.factories.renovation import make_case, make_draft, make_villager

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
NUMBER = "15400004321"


def log_in(page, phone=NUMBER):
    page.get_by_label("手机号码").fill(phone)
    page.get_by_role("button", name="获取验证码").click()
    expect(page.get_by_label("验证码")).to_be_visible()
    code = re.search(r"\d{6}", SmsMessage.objects.latest("id").text)[0]
    page.get_by_label("验证码").fill(code)
    page.get_by_role("button", name="登录", exact=True).click()


def tap_name(page, name):
    page.get_by_role("button", name=re.compile(name)).click()


def go_on(page, button="继续"):
    page.get_by_role("button", name=button, exact=True).click()


def photos(count):
    return [{"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": photo_bytes(n)} for n in range(count)]


def photo_input(page):
    """The file field once its script has taken it over: before that, a file goes with the whole form, one at a time."""
    return page.locator("[data-slot=risk_photos] input[type=file][multiple]")


def question(page, text):
    expect(page.get_by_role("heading", level=1)).to_contain_text(text)


def choose_village(page, *names):
    for name in names:
        page.locator(".region-picker select").filter(has=page.locator("option", has_text=name)).last.select_option(
            label=name
        )


def answer_pages(page):
    question(page, "申请人")
    go_on(page)
    question(page, "一起住的家人")
    page.get_by_role("link", name="添加一位家人").click()
    page.get_by_label("姓名").fill("李小花")
    page.get_by_label("身份证号码").fill(make_id_number("19600101"))
    page.get_by_label("与申请人关系").select_option("10")
    page.get_by_text("我已告诉这位家人").click()
    go_on(page, "保存")
    expect(page.get_by_text("李小花（配偶）")).to_be_visible()
    go_on(page)
    question(page, "哪个村")
    go_on(page)
    page.get_by_label("详细地址").fill("3组12号")
    page.get_by_role("button", name="同意并定位").click()
    expect(page.get_by_text("已记下这里的位置")).to_be_visible()
    go_on(page)
    for group in ("您现在住在", "您的户口在"):
        page.get_by_role("group", name=re.compile(group)).get_by_text("是", exact=True).click()
    go_on(page)
    question(page, "哪里有危险")
    page.get_by_text("墙体").click()
    page.get_by_text("屋面").click()
    go_on(page)
    page.get_by_label("房屋风险描述").fill("下雨天漏水")
    go_on(page)


def test_villager_applies_with_photos_and_sees_the_progress(world, open_page):
    place = {"geolocation": {"longitude": 102.46, "latitude": 25.55}, "permissions": ["geolocation"]}
    page = open_page(**PHONE, **place)
    page.goto("/")
    page.get_by_role("link", name="您有住房困难吗").click()
    page.get_by_role("link", name="我要申请").click()
    log_in(page)
    question(page, "请填写您的信息")
    page.get_by_label("姓名").fill("欧阳·石山")
    page.get_by_label("身份证号码").fill(make_id_number())
    choose_village(page, "云岭省", "青屏市", "青溪县", "石桥镇", "上坝村")
    page.get_by_label("详细住址").fill("3组12号")
    page.get_by_text("我已阅读并同意").click()
    go_on(page, "保存")
    question(page, "申请须知")
    page.get_by_text("我已认真阅读").click()
    go_on(page, "下一步")
    answer_pages(page)
    question(page, "拍下有危险的地方")
    photo_input(page).set_input_files(photos(3))
    expect(page.get_by_text("✓ 第3张")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="删除").first.click()
    expect(page.locator("[data-uid]")).to_have_count(2)
    go_on(page)
    question(page, "请核对后提交")
    expect(page.get_by_text("李小花（配偶）")).to_be_visible()
    go_on(page, "提交申请")
    question(page, "提交成功")
    case = Case.objects.get()
    assert case.state == CaseState.PENDING_ACCEPTANCE and case.lon is not None and case.crs == "WGS-84"
    assert Attachment.objects.filter(owner_uid=case.uid).count() == 2
    expect(page.locator(".big-number")).to_contain_text(re.compile(r"\s*".join(case.number)))
    page.go_back()
    question(page, "提交成功")
    page.get_by_role("link", name="查看办理进度").click()
    expect(page.locator(".status-line")).to_contain_text("正在受理，最迟")
    # The nine steps, and the notice between 评议 and 审核.
    expect(page.locator(".timeline__item")).to_have_count(10)
    assert CaseEvent.objects.count() == 1


@pytest.mark.parametrize("elder", ["0", "1"])
def test_pages_fit_a_narrow_phone_and_every_target_a_thumb(world, open_page, live_server, elder):
    villager = make_villager(world.village, name="阿不都热合曼·买买提依明")
    filed = make_case(world, villager=villager)
    wife = claim_identity(
        by=villager, name="李小花", id_number=make_id_number(), home_region=world.village, home_address="3组"
    )
    villager.claim = wife
    villager.act_as(scope_of(wife))
    draft = make_draft(villager, world.village, photos=2)
    page = open_page(**{**PHONE, "viewport": {"width": 320, "height": 640}})
    page.context.add_cookies([{"name": "elder", "value": elder, "url": live_server.url}])
    visits = {
        filed.claim.name: ("/", "/renovation/", "/cases/", f"/cases/{filed.uid}/", f"/cases/{filed.uid}/done/",
                           f"/cases/{filed.uid}/withdraw/", "/me/", "/me/pin/", "/messages/", "/people/"),
        wife.name: ("/apply/", "/apply/notice/", "/people/new/", f"/apply/{draft.uid}/delete/",
                    f"/apply/{draft.uid}/members/new/", *(f"/apply/{draft.uid}/{one.slug}/" for one in pages.PAGES)),
    }  # fmt: skip
    page.goto("/people/")
    log_in(page, villager.phone)
    for name, paths in visits.items():
        page.goto("/people/")
        tap_name(page, name)
        for path in paths:
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
            small = page.eval_on_selector_all(
                ".btn:not(.btn--small), main input:not([type=hidden]):not([type=checkbox]):not([type=radio]), select",
                "all => all.filter(one => one.offsetHeight && one.offsetHeight < 59 && one.type !== 'file')"
                ".map(one => one.outerHTML.slice(0, 80) + one.offsetHeight)",
            )
            assert not small, (path, small)


def test_draft_begun_on_one_phone_goes_on_without_script_on_another(world, open_page):
    villager = make_villager(world.village)
    draft = make_draft(villager, world.village)
    page = open_page(**PHONE, java_script_enabled=False)
    page.goto("/apply/")
    log_in(page, villager.phone)
    tap_name(page, villager.claim.name)
    question(page, "继续填写上次的申请")
    page.get_by_role("link", name="继续填写").click()
    question(page, "申请人")
    page.goto(f"/apply/{draft.uid}/photos/")
    page.locator("input[type=file]").set_input_files(photos(1)[0])
    page.get_by_role("button", name="上传选中的照片").click()
    expect(page.get_by_text("✓ 第2张")).to_be_visible()
    go_on(page)
    go_on(page, "提交申请")
    question(page, "提交成功")


def test_a_double_tap_on_submit_makes_one_case(world, open_page):
    villager = make_villager(world.village)
    draft = make_draft(villager, world.village)
    # Without a script nothing calms the finger: only the token stands between two taps and two cases.
    page = open_page(**PHONE, java_script_enabled=False)
    page.goto(f"/apply/{draft.uid}/check/")
    log_in(page, villager.phone)
    tap_name(page, villager.claim.name)
    page.get_by_role("button", name="提交申请").dblclick(no_wait_after=True)
    question(page, "提交成功")
    assert CaseEvent.objects.filter(move="submit").count() == 1


def test_villager_withdraws(world, phone_page):
    villager = make_villager(world.village)
    case = make_case(world, villager=villager)
    phone_page.goto("/cases/")
    log_in(phone_page, villager.phone)
    tap_name(phone_page, villager.claim.name)
    phone_page.get_by_role("link", name="农村危房改造").click()
    phone_page.get_by_role("link", name="撤回这份申请").click()
    question(phone_page, "撤回这份申请？")
    go_on(phone_page, "撤回申请")
    expect(phone_page.locator(".status-line")).to_contain_text("您已撤回这份申请")
    phone_page.goto("/cases/?tab=finished")
    expect(phone_page.get_by_text("已撤回").first).to_be_visible()
    assert Case.objects.get(pk=case.pk).state == CaseState.WITHDRAWN


def test_region_picker_by_search_and_by_steps(world, phone_page):
    villager = make_villager(world.village)
    draft = make_draft(villager, world.village)
    phone_page.goto(f"/apply/{draft.uid}/region/")
    log_in(phone_page, villager.phone)
    tap_name(phone_page, villager.claim.name)
    picker = phone_page.locator(".region-picker")
    picker.get_by_label("也可以直接搜村名").fill("slc")
    picker.locator(".region-picker__results").get_by_text("松林村").click()
    expect(picker.locator("select").last).to_contain_text("松林村")
    go_on(phone_page)
    question(phone_page, "详细地址")
    assert Case.objects.get().region.name == "松林村"
    phone_page.get_by_role("link", name="返回").click()
    choose_village(phone_page, "石桥镇", "下坝村民委员会")
    go_on(phone_page)
    question(phone_page, "详细地址")
    assert Case.objects.get().region.name == "下坝村民委员会"


def test_autosave_is_said_only_after_the_servers_answer(world, phone_page):
    villager = make_villager(world.village)
    draft = make_draft(villager, world.village)
    phone_page.goto(f"/apply/{draft.uid}/description/")
    log_in(phone_page, villager.phone)
    tap_name(phone_page, villager.claim.name)
    phone_page.get_by_label("房屋风险描述").fill("屋顶塌了一角")
    expect(phone_page.get_by_text(re.compile(r"已保存 \d\d:\d\d"))).to_be_visible(timeout=15_000)
    assert Case.objects.get().risk_description == "屋顶塌了一角"


def test_an_autosave_on_a_slow_line_is_dropped_by_the_next_page(world, phone_page):
    villager = make_villager(world.village)
    draft = make_draft(villager, world.village)
    phone_page.goto(f"/apply/{draft.uid}/description/")
    log_in(phone_page, villager.phone)
    tap_name(phone_page, villager.claim.name)
    held, dropped = [], []
    expect(phone_page.get_by_label("房屋风险描述")).to_be_visible()
    phone_page.route("**/save/**", lambda route: held.append(route))
    phone_page.on("requestfailed", lambda request: dropped.append(request.url))
    phone_page.get_by_label("房屋风险描述").fill("屋顶")
    with phone_page.expect_request("**/save/**", timeout=15_000):
        pass
    phone_page.get_by_label("房屋风险描述").fill("屋顶塌了一角")
    go_on(phone_page)
    question(phone_page, "拍下有危险的地方")
    assert [url for url in dropped if "/save/" in url], "继续 lets go of what is still on the line"
    # Even a proxy that held it back and delivers it now changes nothing.
    late = held[0].request
    headers = {name: late.headers[name] for name in ("content-type", "x-requested-with")}
    answer = phone_page.request.post(late.url, headers=headers | {"referer": late.url}, data=late.post_data_buffer)
    assert answer.status == 409
    assert Case.objects.get().risk_description == "屋顶塌了一角"


def test_pages_are_light(world, phone_page):
    """CSS and JS of a villager's page: at most 60 KB compressed (look: WeChat on a slow line)."""
    import gzip

    villager = make_villager(world.village)
    draft = make_draft(villager, world.village)
    phone_page.goto("/apply/")
    log_in(phone_page, villager.phone)
    tap_name(phone_page, villager.claim.name)
    for slug in ("region", "photos", "parts"):
        phone_page.goto(f"/apply/{draft.uid}/{slug}/")
        links = phone_page.eval_on_selector_all(
            "script[src], link[rel=stylesheet]", "all => [...new Set(all.map(one => one.src || one.href))]"
        )
        size = sum(len(gzip.compress(phone_page.request.get(link).body())) for link in links)
        assert len(links) > 5 and size <= 60_000, (slug, size)


def test_new_phone_logs_in_and_out(world, phone_page):
    make_phone_account(NUMBER)
    phone_page.goto("/me/")
    log_in(phone_page)
    question(phone_page, "请填写您的信息")
    phone_page.get_by_role("button", name="退出").click()
    phone_page.goto("/me/")
    question(phone_page, "请填写手机号码")


@pytest.mark.parametrize("reaches_the_server", [True, False])
def test_a_photo_whose_answer_is_lost_is_sent_again_and_stored_once(world, phone_page, reaches_the_server):
    villager = make_villager(world.village)
    draft = make_draft(villager, world.village, photos=0)
    lost = []

    def lose_once(route):
        if lost:
            route.continue_()
            return
        lost.append(True)
        if reaches_the_server:
            route.fetch()
        route.abort()

    # Before the first page: a route set while the browser changes pages can miss the next request.
    phone_page.route("**/photos/add/**", lose_once)
    phone_page.goto(f"/apply/{draft.uid}/photos/")
    log_in(phone_page, villager.phone)
    tap_name(phone_page, villager.claim.name)
    photo_input(phone_page).set_input_files(photos(1))
    expect(phone_page.get_by_text("✓ 第1张")).to_be_visible(timeout=30_000)
    assert lost and Attachment.objects.count() == 1


def test_a_submit_whose_answer_is_lost_gives_the_same_number_when_sent_again(world, phone_page):
    villager = make_villager(world.village)
    draft = make_draft(villager, world.village)
    phone_page.goto(f"/apply/{draft.uid}/check/")
    log_in(phone_page, villager.phone)
    tap_name(phone_page, villager.claim.name)
    lost = []

    def lose_the_answer(route):
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch(max_redirects=0).status)
            route.abort()
        else:
            route.continue_()

    expect(phone_page.get_by_role("button", name="提交申请")).to_be_visible()
    phone_page.route("**/check/", lose_the_answer)
    phone_page.get_by_role("button", name="提交申请").click(no_wait_after=True)
    phone_page.wait_for_timeout(1500)
    assert lost == [302]
    number = Case.objects.get().number
    phone_page.goto(f"/apply/{draft.uid}/check/")
    question(phone_page, "提交成功")
    expect(phone_page.locator(".big-number")).to_contain_text(re.compile(r"\s*".join(number)))
    assert CaseEvent.objects.count() == 1


def test_cadre_files_for_a_villager_on_the_phone(world, phone_page):
    cadre = make_user("village", region=world.village, duties=[Duty.ENTRY], password=PASSWORD)
    phone_page.goto("/agent/")
    phone_page.locator("input[name=username]").fill(cadre.username)
    phone_page.locator("input[name=password]").fill(PASSWORD)
    go_on(phone_page, "登录")
    phone_page.get_by_role("link", name="帮一位村民申请").click()
    phone_page.get_by_label("代办人姓名").fill("赵村长")
    phone_page.get_by_text("本人已委托我").click()
    go_on(phone_page, "下一步")
    phone_page.get_by_label("申请人姓名").fill("钱大爷")
    phone_page.get_by_label("申请人身份证号码").fill(make_id_number("19400101"))
    phone_page.get_by_label("申请人电话").fill("15400008888")
    go_on(phone_page)
    go_on(phone_page, "没有，继续")
    expect(phone_page.get_by_text("上坝村").first).to_be_visible()
    go_on(phone_page)
    phone_page.get_by_label("详细地址").fill("2组5号")
    go_on(phone_page)
    for group in ("您现在住在", "您的户口在"):
        phone_page.get_by_role("group", name=re.compile(group)).get_by_text("是", exact=True).click()
    go_on(phone_page)
    phone_page.get_by_text("地基").click()
    go_on(phone_page)
    go_on(phone_page)
    photo_input(phone_page).set_input_files(photos(1))
    expect(phone_page.get_by_text("✓ 第1张")).to_be_visible(timeout=30_000)
    go_on(phone_page)
    go_on(phone_page, "提交申请")
    question(phone_page, "代办提交成功")
    for name in ("赵村长", "钱大爷"):
        expect(phone_page.get_by_text(name).first).to_be_visible()
    case = Case.objects.get()
    assert case.on_behalf and case.filed_by == cadre and case.region == world.village
