"""The scripts and both densities in a real browser, on the style guide's pages."""

import io
import json
import random
import re

import pytest
from django import forms
from PIL import Image
from playwright.sync_api import expect

from common.forms import ANY, ConditionalForm, RequiredIf, ShowIf, YesNoField
from tests.browser import PHONE

VILLAGER, STAFF = "/styleguide/", "/styleguide/staff/"
GRADES = [(letter, letter) for letter in "ABCD"]
PARTS = [("wall", "墙体"), ("roof", "屋面"), ("beam", "梁柱")]


class Survey(ConditionalForm, forms.Form):
    """Chains, alternatives, several ticks: every shape of a condition that the table knows."""

    own_house = YesNoField()
    grade = forms.ChoiceField(choices=GRADES)
    parts = forms.MultipleChoiceField(choices=PARTS)
    part_note = forms.CharField()
    seismic = YesNoField(required=False)
    seismic_kind = forms.ChoiceField(choices=[("1", "一"), ("2", "二")])
    phone = forms.CharField(required=False)
    reason = forms.CharField(required=False)

    CONDITIONS = (
        ShowIf("grade", own_house=True),
        ShowIf("parts", grade=["C", "D"]),
        ShowIf("part_note", parts=["roof"], grade="D"),
        ShowIf("part_note", parts=["beam"]),
        ShowIf("seismic_kind", seismic=True),
        RequiredIf("phone", own_house=False),
        RequiredIf("phone", seismic_kind=["2"], grade=["A", "B"]),
        RequiredIf("reason", part_note=ANY),
    )


def random_answers(rng: random.Random) -> dict[str, list[str]]:
    return {
        "own_house": rng.choice([[], ["true"], ["false"]]),
        "grade": rng.choice([[], ["A"], ["B"], ["C"], ["D"]]),
        "parts": [value for value, _ in PARTS if rng.random() < 0.4],
        "part_note": rng.choice([[], ["裂了"]]),
        "seismic": rng.choice([[], ["true"], ["false"]]),
        "seismic_kind": rng.choice([[], ["1"], ["2"]]),
        "phone": rng.choice([[], ["15400000001"]]),
        "reason": rng.choice([[], ["旧"]]),
    }


def server_says(answers: dict) -> dict:
    # Loose, so that no answer is refused and both sides judge the same answers.
    form = Survey({name: value if name == "parts" else "".join(value) for name, value in answers.items()}, strict=False)
    assert form.is_valid(), form.errors
    return {name: {"shown": form.is_shown(name), "required": form.is_required(name)} for name in form.fields}


def rules_of(form: ConditionalForm) -> dict:
    rules = {}
    for name, field in form.fields.items():
        attrs = form.condition_attrs(name)
        rules[name] = {
            "show": json.loads(attrs.get("data-show-if", "[]")),
            "required": json.loads(attrs.get("data-required-if", "[]")),
            "whenShown": "data-required-when-shown" in attrs,
            "always": field.asked,
        }
    return rules


def test_browser_and_server_agree_on_2000_random_answer_paths(desk_page):
    rng = random.Random(20261122)
    paths = [random_answers(rng) for _ in range(2000)]
    desk_page.goto(STAFF)
    decided = desk_page.evaluate(
        "([rules, paths]) => paths.map(answers => window.anjuConditions.decide(rules, answers))",
        [rules_of(Survey()), paths],
    )
    expected = [server_says(answers) for answers in paths]
    assert decided == expected
    assert len({json.dumps(result) for result in expected}) > 10


def test_question_appears_under_its_trigger_and_goes_again(desk_page):
    desk_page.goto(STAFF)
    panel = desk_page.locator(".panel--mine")
    amount = panel.locator("[data-field=policy_amount]")
    assert not amount.is_visible()
    panel.locator("[name=had_policy][value=true]").check()
    assert amount.is_visible()
    panel.locator("[name=had_policy][value=false]").check()
    assert not amount.is_visible()


def test_without_script_every_question_is_there(open_page):
    page = open_page(java_script_enabled=False)
    page.goto(STAFF)
    assert page.locator(".panel--mine [data-field=policy_amount]").is_visible()


@pytest.mark.parametrize("address", [VILLAGER, f"{VILLAGER}?errors=1", STAFF, f"{STAFF}?errors=1"])
def test_no_sideways_scroll(open_page, address):
    page = open_page()
    page.goto(address)
    for width in (1920, 1366, 1024, 768, 683, 414, 360, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [320, 375])
def test_elders_and_large_system_text_fit(open_page, width):
    page = open_page(viewport={"width": width, "height": 800})
    page.goto(VILLAGER)
    page.get_by_role("button", name="长辈版").click()
    page.wait_for_url(f"**{VILLAGER}")
    assert page.get_by_role("button", name="标准版").is_visible()
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "24px"
    # The reader's own setting of 1.5 times on top of it.
    page.evaluate("document.documentElement.classList.remove('elder'), document.documentElement.classList.add('large')")
    page.add_script_tag(url="/static/js/frame.js")
    page.evaluate(
        "() => { const sheet = new CSSStyleSheet(); sheet.replaceSync('html.large { font-size: 150% }');"
        " document.adoptedStyleSheets = [sheet]; }"
    )
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "27px"
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_villager_targets_are_sixty_pixels(open_page):
    page = open_page(**PHONE)
    page.goto(VILLAGER)
    small = page.evaluate(
        """() => [...document.querySelectorAll('main .btn, main input, main .choice, main .card-choice')]
           .filter(item => !['hidden', 'radio', 'checkbox', 'file'].includes(item.type))
           .filter(item => item.offsetParent && item.getBoundingClientRect().height < 60).map(item => item.outerHTML)"""
    )
    assert small == []


def test_staff_rows_are_dense(desk_page):
    desk_page.goto(STAFF)
    height = desk_page.locator(".table tbody tr").nth(3).evaluate("row => row.getBoundingClientRect().height")
    assert 36 <= height <= 40


@pytest.mark.parametrize("address", [VILLAGER, f"{VILLAGER}?errors=1", STAFF, f"{STAFF}?errors=1"])
def test_accessibility_rules(open_page, address):
    from axe_core_python.sync_playwright import Axe

    page = open_page()
    page.goto(address)
    for width in (1366, 360):
        page.set_viewport_size({"width": width, "height": 800})
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        assert [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in found["violations"]] == []


def test_errors_take_the_focus_and_lead_to_their_fields(phone_page):
    phone_page.goto(f"{VILLAGER}?errors=1")
    assert phone_page.title().startswith("错误：")
    assert phone_page.evaluate("document.activeElement.id") == "error-summary"
    phone_page.get_by_role("link", name="请选择房子哪里有危险").click()
    assert phone_page.evaluate("document.activeElement.name") == "parts"


def test_counter_counts_as_the_server_does_and_phrases_stay_editable(desk_page):
    desk_page.goto(STAFF)
    box = desk_page.locator(".panel--mine .opinion")
    box.locator("textarea").fill("𠮷\n好")
    assert box.locator("[data-count]").inner_text() == str(len("𠮷\n好"))
    box.get_by_role("button", name="情况属实，予以受理。").click()
    assert box.locator("textarea").input_value() == "𠮷\n好情况属实，予以受理。"
    box.locator("textarea").fill("长" * 1001)
    assert "is-over" in box.locator(".opinion__count").get_attribute("class")


def test_copied_number_has_no_spaces(phone_page):
    phone_page.goto(VILLAGER)
    copied = phone_page.evaluate(
        """() => {
          const range = document.createRange();
          range.selectNodeContents(document.querySelector('.number-groups'));
          getSelection().removeAllRanges();
          getSelection().addRange(range);
          return getSelection().toString();
        }"""
    )
    assert copied == "990101260702000001"


def test_rows_move_by_keyboard(desk_page):
    desk_page.goto(STAFF)
    desk_page.keyboard.press("j")
    desk_page.keyboard.press("j")
    desk_page.keyboard.press("k")
    desk_page.keyboard.press("j")
    desk_page.keyboard.press("Enter")
    # The browser goes there a moment after the key.
    expect(desk_page).to_have_url(re.compile("#row-2$"))


def test_photo_viewer_opens_moves_and_gives_the_focus_back(desk_page):
    desk_page.goto(STAFF)
    links = desk_page.locator("[data-viewer] a")
    links.first.click()
    dialog = desk_page.get_by_role("dialog", name="查看照片")
    assert dialog.get_by_text("1/2").is_visible()
    desk_page.keyboard.press("ArrowRight")
    assert dialog.get_by_text("2/2").is_visible()
    desk_page.keyboard.press("Escape")
    assert not dialog.is_visible()
    assert links.nth(1).evaluate("link => link === document.activeElement")


def noisy_photo(path):
    """A phone photo on its side, over 1 MB, with its time inside."""
    image = Image.effect_noise((3000, 2400), 90).convert("RGB")
    exif = image.getexif()
    exif[0x0112] = 6
    exif.get_ifd(0x8769)[0x9003] = "2026:06:30 09:12:00"
    image.save(path, quality=92, exif=exif)
    return path


def test_photo_is_made_small_upright_and_keeps_its_time(phone_page, tmp_path):
    path = noisy_photo(tmp_path / "phone.jpg")
    assert path.stat().st_size > 2_000_000
    phone_page.goto(VILLAGER)
    phone_page.evaluate("document.querySelector('[data-photo-slot]').remove()")
    phone_page.evaluate(
        "() => { const input = document.createElement('input'); input.type = 'file'; input.id = 'probe';"
        " document.body.append(input); }"
    )
    phone_page.set_input_files("#probe", path)
    sent = phone_page.evaluate(
        """() => new Promise(done => window.anjuShrink(document.getElementById('probe').files[0], async blob =>
           done([...new Uint8Array(await blob.arrayBuffer())])))"""
    )
    image = Image.open(io.BytesIO(bytes(sent)))
    assert len(sent) <= 1024 * 1024
    assert image.size == (1638, 2048)
    assert image.getexif()[0x0112] == 1
    assert image.getexif().get_ifd(0x8769)[0x9003] == "2026:06:30 09:12:00"


def answer(route, status=200, **body):
    route.fulfill(status=status, content_type="application/json", body=json.dumps(body))


def test_photos_survive_a_bad_network_and_a_refusal(phone_page, tmp_path):
    """The network loses two requests and refuses one photo; what arrives in the end is one request a photo."""
    for name in ("a.png", "b.png", "c.png"):
        Image.new("RGB", (400, 300), "grey").save(tmp_path / name)
    seen = []

    def network(route):
        body = route.request.post_data_buffer.decode("latin-1")
        seen.append(body.split('name="client_id"\r\n\r\n')[1][:36])
        if len(seen) <= 2:
            route.abort()
        elif len(seen) == 4:
            answer(route, 400, error="图片无法识别或超过20MB，请重新拍摄")
        else:
            answer(
                route,
                ok=True,
                uid=f"new-{len(seen)}",
                number=len(seen),
                thumb="/static/img/mark.svg",
                delete_url="/gone/",
            )

    phone_page.route("**/slot/", network)
    phone_page.goto(VILLAGER)
    slot = phone_page.locator("[data-photo-slot]")
    slot.evaluate("slot => slot.setAttribute('data-upload-url', '/slot/')")
    slot.locator("input[type=file][multiple]").set_input_files(
        [tmp_path / "a.png", tmp_path / "b.png", tmp_path / "c.png"]
    )
    slot.get_by_text("网络不好，正在重试，还有 3 张未上传").wait_for()
    slot.get_by_text("已上传 4 张，最多 9 张").wait_for()
    assert slot.get_by_text("图片无法识别或超过20MB，请重新拍摄").is_visible()
    assert slot.get_attribute("data-pending") == "0"
    assert len(seen) == 5
    assert len(set(seen[:3])) == 1, "a retry carries the same client id"
    assert len(set(seen)) == 3
    assert not slot.locator("[data-slot-banner]").is_visible()


def test_saved_is_said_only_after_the_servers_answer(phone_page):
    answers = [lambda route: route.abort(), lambda route: answer(route, saved_at="14:03")]
    phone_page.route("**/draft/", lambda route: answers.pop(0)(route))
    phone_page.clock.install()
    phone_page.route(
        "**/styleguide/",
        lambda route: route.fulfill(
            response=(page := route.fetch()),
            body=page.text()
            .replace('class="form" novalidate', 'class="form" novalidate data-autosave-url="/draft/"', 1)
            .replace('<div class="actions">', '<p role="status" data-autosave-state></p><div class="actions">', 1)
            .replace("</body>", '<script src="/static/js/autosave.js" defer></script></body>'),
        ),
    )
    phone_page.goto(VILLAGER)
    state = phone_page.locator("[data-autosave-state]")
    phone_page.locator("[name=name]").fill("张三")
    assert state.inner_text() == ""
    phone_page.clock.run_for(5_000)
    phone_page.get_by_text("网络不好，还没有保存，正在重试").wait_for()
    phone_page.clock.run_for(10_000)
    phone_page.get_by_text("已保存 14:03").wait_for()
    assert answers == []


def test_second_tap_does_not_post_again(phone_page):
    posts = []
    phone_page.route("**/submit/", lambda route: posts.append(route))
    phone_page.goto(VILLAGER)
    form = phone_page.locator("form[data-submit-once]").first
    form.evaluate("form => form.setAttribute('action', '/submit/')")
    button = form.locator("[data-submit]")
    said = button.evaluate(
        """button => new Promise(done => { button.click(); button.click(); setTimeout(() => {
           button.click(); done(button.textContent); }, 100); })"""
    )
    phone_page.wait_for_timeout(300)
    assert said == "正在提交…"
    assert len(posts) == 1
    for route in posts:
        route.abort()
