"""One thing a page (reliability §5.1): nine screens, back and errors lose nothing, words and drawings for everybody."""

import re
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from applicants import notices, pages
from applicants.forms.answers import PARTS
from households.choices import RiskPart
from renovation.choices import CaseState
from renovation.models import Case
from tests.applicants.conftest import browser_of
from tests.factories.people import make_id_number
from tests.factories.renovation import make_case, make_draft, make_villager

pytestmark = pytest.mark.django_db
DRAWINGS = Path(__file__).resolve().parents[2] / "static" / "img" / "risk"
# Words of offices, which no page of questions may use; the notice and the names of steps follow the regulations.
OFFICIALESE = (
    "予以", "届时", "上述", "该项", "须知悉", "逾期", "特此", "兹", "敬请", "务必", "贵方", "提交材料", "有效证件",
    "填报", "上报", "信息录入", "操作失败", "非法", "错误码", "系统异常", "请勿", "必填",
)  # fmt: skip
LONGEST_SENTENCE = 40


def url(case, slug) -> str:
    return reverse("applicants:page", args=[case.uid, slug])


def main_of(page: str) -> str:
    """The words of the page's own part."""
    inner = page[page.index("<main") : page.index("</main>")]
    inner = re.sub(r"<(noscript|option|form[^>]*data-stay)\b.*?</(noscript|option|form)>", " ", inner, flags=re.S)
    return unescape(re.sub(r"<[^>]+>", "\n", inner))


@pytest.fixture
def draft(world, villager):
    return make_draft(villager, world.village)


def test_nine_screens_say_where_one_is(draft, phone):
    assert pages.TOTAL == len(pages.PAGES) <= 9
    for number, page in enumerate(pages.PAGES, 1):
        shown = phone.get(url(draft, page.slug)).content.decode()
        assert f"第{number}步/共9步" in shown and shown.count("<h1") == 1


def test_back_leads_through_all_of_them_and_every_answer_is_there(draft, phone):
    seen, address = [], url(draft, "check")
    while "/apply/" in address:
        page = phone.get(address).content.decode()
        seen.append(address.rstrip("/").rpartition("/")[2])
        address = re.search(r'class="back-link" href="([^"]+)"', page)[1]
    assert seen == [page.slug for page in reversed(pages.PAGES)]
    answered = {"address": "3组12号", "parts": 'value="wall" id="id_risk_parts_1" checked', "description": "墙体开裂"}
    for slug, answer in answered.items():
        assert answer in re.sub(r"\s+", " ", phone.get(url(draft, slug)).content.decode())


@pytest.mark.parametrize(
    ("slug", "said", "kept"),
    [
        ("residence", {"lives_here": "false", "residence_address": "县城旧街8号"}, ["县城旧街8号"]),
        ("applicant", {"applicant_phone": "1540000"}, ["1540000"]),
        ("parts", {"risk_parts": ["wall", "nothing"]}, ['value="wall"[^>]*checked']),
        ("address", {"house_address": ""}, ['name="house_address"']),
    ],
)
def test_an_error_costs_no_answer(draft, phone, slug, said, kept):
    page = phone.post(url(draft, slug), said).content.decode()
    assert "<title>错误：" in page and "data-error-summary" in page and 'role="alert"' in page
    assert [one for one in kept if not re.search(one, page)] == []


def test_an_error_at_the_start_costs_no_answer(phone):
    said = {"name": "李小花", "id_number": "99010119520314001", "home_address": "3组12号", "consent": "on"}
    page = phone.post("/people/new/", said).content.decode()
    assert "<title>错误：" in page
    assert all(words in page for words in ("李小花", "99010119520314001", "3组12号", "checked"))
    said = {"name": "李小花", "id_number": make_id_number(), "home_address": "3组12号"}
    page = phone.post("/people/new/", said).content.decode()
    assert "同意的请打勾" in page and said["id_number"] in page


@pytest.mark.parametrize("slug", [page.slug for page in pages.PAGES])
def test_words_are_plain_and_sentences_short(draft, phone, slug):
    words = main_of(phone.get(url(draft, slug)).content.decode())
    assert [one for one in OFFICIALESE if one in words] == []
    sentences = re.split(r"[。；？\n]", words)
    assert [one for one in sentences if len(one.strip()) > LONGEST_SENTENCE] == []


def test_errors_speak_plainly_too(draft, phone):
    for slug in ("applicant", "region", "address", "residence", "parts"):
        words = main_of(phone.post(url(draft, slug), {}).content.decode())
        assert [one for one in OFFICIALESE if one in words] == []


def test_every_part_of_the_house_is_drawn_and_one_may_be_unsure(draft, phone):
    page = phone.get(url(draft, "parts")).content.decode()
    assert set(PARTS) == set(RiskPart)
    for part in RiskPart:
        drawing = DRAWINGS / f"{part.value}.svg"
        assert drawing.stat().st_size <= 2048 and f"img/risk/{part.value}" in page
    assert "说不清" in page
    answer = phone.post(f"{url(draft, 'parts')}?from=check", {"risk_parts": ["other"]})
    assert answer.url == url(draft, "check")
    assert Case.objects.get().risk_parts == ["other"]
    assert "说不清或别处" in phone.get(answer.url).content.decode()


def test_numbers_stand_in_groups(draft, phone):
    number = draft.applicant_phone
    assert f"<span>{number[:3]}</span><span>{number[3:7]}</span><span>{number[7:]}</span>" in (
        phone.get(url(draft, "check")).content.decode()
    )
    case = make_case_of(draft)
    done = phone.get(reverse("applicants:done", args=[case.uid])).content.decode()
    assert "".join(f"<span>{case.number[at : at + 4]}</span>" for at in range(0, len(case.number), 4)) in done


def make_case_of(draft) -> Case:
    """The draft filed, as its person files it."""
    from renovation.actions.moves import perform_move

    return perform_move(draft, "submit", by=draft.filed_by).case


def test_only_what_may_be_left_out_is_called_optional(draft, phone):
    for page in pages.PAGES:
        shown = phone.get(url(draft, page.slug)).content.decode()
        # The style sheet hides the word inside a required field; a page of its own kind says it in the heading.
        fields = re.findall(r'class="([^"]*\bfield\b[^"]*)"', shown)
        asks = [one for one in fields if "is-required" not in one]
        told = "field__optional" in shown and bool(asks or page.slug == "members")
        assert told == (page.is_optional or page.slug == "address" and bool(asks)), page.slug


def test_check_page_shows_every_answer_and_a_way_to_change_it(draft, phone):
    page = phone.get(url(draft, "check")).content.decode()
    assert "提交前不算完成" in page and ">提交申请<" in page
    changes = set(re.findall(r'href="[^"]*/(\w+)/\?from=check"', page))
    assert changes >= {one.slug for one in pages.PAGES} - {"check"}


def test_confirmation_opens_again_from_a_bookmark(world):
    villager = make_villager(world.village)
    case = make_case(world, CaseState.PENDING_ACCEPTANCE, villager=villager)
    bookmark = reverse("applicants:done", args=[case.uid])
    stranger = Client().get(bookmark)
    assert stranger.status_code == 302 and f"next={bookmark}" in unescape(stranger.url).replace("%2F", "/")
    page = browser_of(villager).get(bookmark).content.decode()
    assert "提交成功" in page and "data-print" in page and "tel:" in page and "最迟" in page


def test_the_notice_is_spoken_of_as_the_regulations_do():
    """Its sentences are the law's and may be longer; what is asked of the reader is short."""
    assert max(len(one) for one in re.split(r"[。；：，、]", notices.APPLY.text)) <= LONGEST_SENTENCE
