"""读给我听 in the browser: the phone's voice, a recording, what is shown meanwhile, and when it is silent."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from applicants.models import Speech
from renovation.choices import CaseState
from tests.browser import PHONE
from tests.factories.renovation import make_case, make_draft, make_villager
from tests.factories.sounds import make_recording
from tests.journeys.reading import ELDER, faults_in_view

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
# A phone with voices: it tells each word and the end of each sentence when the test lets it.
ENGINE = """
(() => {
    const log = window.said = [];
    const engine = { onvoiceschanged: null, getVoices: () => window.voices, cancel: () => log.push('(silence)'),
        speak: one => { log.push(one.text); window.current = one; } };
    window.voices = [{ lang: 'en-US', localService: true }, { lang: 'zh-CN', localService: true }];
    Object.defineProperty(window, 'speechSynthesis', { value: engine });
    window.SpeechSynthesisUtterance = function (text) { this.text = text; };
    window.word = (charIndex, charLength) => window.current.onboundary({ name: 'word', charIndex, charLength });
    window.next = () => window.current.onend();
})();
"""
VOICELESS = "delete window.speechSynthesis; Object.defineProperty(window, 'speechSynthesis', { value: undefined });"


def button(page):
    return page.locator("[data-read-button]")


@pytest.fixture
def villager(world):
    return make_villager(world.village)


@pytest.fixture
def speaking(sign_in, villager):
    """A page on a phone that has a Chinese voice."""
    page = sign_in(villager, **PHONE)
    page.add_init_script(ENGINE)
    return page


def test_a_question_is_read_word_by_word(world, villager, speaking):
    draft = make_draft(villager, world.village)
    speaking.goto(reverse("applicants:page", args=[draft.uid, "parts"]))
    assert speaking.evaluate("window.said") == [], "never by itself"
    before = speaking.locator("main").inner_html()
    button(speaking).click()
    assert speaking.evaluate("said") == ["房子哪里有危险？"]
    expect(speaking.locator(".read-now")).to_have_text("房子哪里有危险？")
    speaking.evaluate("word(2, 2)")
    expect(speaking.locator(".read-word")).to_have_text("哪里")
    speaking.evaluate("next()")
    expect(speaking.locator(".read-now")).to_have_text("可以选多个。")
    for _ in range(40):
        speaking.evaluate("window.current.onend && next()")
    spoken = " ".join(speaking.evaluate("said"))
    assert "地基" in spoken and "下沉、开裂、积水" in spoken and "继续" not in spoken
    expect(button(speaking)).to_have_text("读给我听")
    assert speaking.locator("main").inner_html() == before


def test_errors_come_first_and_leaving_is_silence(world, villager, speaking):
    draft = make_draft(villager, world.village)
    speaking.goto(reverse("applicants:page", args=[draft.uid, "address"]))
    speaking.fill("[name=house_address]", "")
    speaking.get_by_role("button", name="继续", exact=True).click()
    expect(speaking.locator(".error-summary")).to_be_focused()
    button(speaking).click()
    assert "详细地址" in speaking.evaluate("said[0]") and speaking.evaluate("said[0]") != "房子的详细地址"
    speaking.evaluate("window.dispatchEvent(new Event('pagehide'))")
    assert speaking.evaluate("said[said.length - 1]") == "(silence)"
    expect(speaking.locator(".read-now")).to_have_count(0)


def test_the_sentence_of_the_progress_and_numbers_in_groups(world, villager, speaking):
    case = make_case(world, CaseState.PENDING_REVIEW, villager=villager)
    speaking.goto(reverse("applicants:case", args=[case.uid]))
    button(speaking).click()
    assert "正在组织评议，最迟" in speaking.evaluate("said[0]")
    speaking.evaluate("for (let n = 0; n < 20; n += 1) { next(); }")
    assert not [one for one in speaking.evaluate("said") if "办理经过" in one], "the sentence, not the whole page"
    speaking.goto(reverse("applicants:done", args=[case.uid]))
    button(speaking).click()
    speaking.evaluate("for (let n = 0; n < 30 && window.current; n += 1) { next(); }")
    groups = [case.number[at : at + 4] for at in range(0, len(case.number), 4)]
    said = speaking.evaluate("said.map(one => one.trim())")
    at = said.index("工单号") + 1
    assert said[at : at + len(groups)] == [" ".join(group) for group in groups]


def test_without_a_voice_and_a_recording_there_is_no_button(world, villager, sign_in):
    page = sign_in(villager, **PHONE)
    page.add_init_script(VOICELESS)
    page.goto("/apply/notice/")
    expect(button(page)).to_be_hidden()


def test_a_recording_speaks_where_the_phone_cannot_and_the_choice_is_remembered(world, villager, sign_in, live_server):
    make_recording(world.county, speech=Speech.MANDARIN)
    make_recording(world.county, speech=Speech.MINORITY, language="彝语")
    make_recording(world.county, speech=Speech.MINORITY, language="彝语", text="page-parts")
    page = sign_in(villager, **{**PHONE, "viewport": {"width": 320, "height": 640}})
    page.context.add_cookies([{"name": "elder", "value": "1", "url": live_server.url}])
    page.add_init_script(VOICELESS)
    page.goto("/apply/notice/")
    assert page.locator("audio").evaluate_all("all => all.every(one => one.paused && one.preload === 'none')")
    expect(page.locator("audio").first).to_be_hidden()
    assert page.locator("[data-read-choice] option").all_inner_texts() == ["普通话录音", "彝语录音"]
    page.locator("[data-read-choice]").select_option(label="彝语录音")
    button(page).click()
    playing = page.locator("[data-read-recording='minority:彝语'] audio")
    expect(page.locator(".read-now")).to_have_count(1)
    assert not playing.evaluate("one => one.paused")
    assert faults_in_view(ELDER)(page) == []
    button(page).click()
    assert playing.evaluate("one => one.paused")
    draft = make_draft(villager, world.village)
    make_recording(world.county, speech=Speech.MANDARIN, text="page-parts")
    page.goto(reverse("applicants:page", args=[draft.uid, "parts"]))
    assert page.locator("[data-read-choice]").evaluate("one => one.value") == "minority:彝语"
    button(page).click()
    expect(button(page)).to_have_text("停止朗读")
    # Two seconds of silence: it ends by itself and puts the page back.
    expect(button(page)).to_have_text("读给我听")
    expect(page.locator(".read-now")).to_have_count(0)


def test_without_script_the_recording_has_its_own_controls(world, villager, sign_in):
    make_recording(world.county, speech=Speech.DIALECT, language="昆明话")
    page = sign_in(villager, **PHONE, java_script_enabled=False)
    page.goto("/apply/notice/")
    expect(page.locator("audio[controls]")).to_be_visible()
    expect(page.get_by_text("昆明话录音")).to_be_visible()
    expect(button(page)).to_be_hidden()
