"""B-T told to the end: a hostile text is typed on a page, kept by the site, and read by somebody else on another page.

What a single form makes of each text is in test_text.py; here is looked at what lies in the row and what stands on the
pages of the villager, the officer and the inbox afterwards.
"""

from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from django.template import engines
from django.test import Client

from renovation.choices import CaseState
from renovation.models import Case, CaseNode
from tests.applicants.conftest import browser_of
from tests.applicants.test_wizard import token_in
from tests.factories.renovation import acceptance, make_draft, make_villager
from tests.hostile.strings import CONTROLS, HOSTILE, HTML, INVISIBLE, STORMS, TEMPLATES
from tests.hostile.test_text import HAN, RUNS, harm, without_cleaning
from tests.renovation.pages import hidden
from tests.scale import some

pytestmark = pytest.mark.django_db
TOLD = some((HTML[0], TEMPLATES[0], CONTROLS[0], INVISIBLE[0]), HOSTILE)


class Reader(HTMLParser):
    """The words of a page as a browser shows them: markup that got through is no word any more."""

    def __init__(self, page: str):
        super().__init__()
        self.words = []
        self.feed(page)
        self.close()

    def handle_data(self, data):
        self.words.append(data)

    def text(self) -> str:
        return squeezed("".join(self.words))


def squeezed(text: str) -> str:
    return "".join(text.split())


def post(client, address: str, said: dict):
    """As a browser sends a form: whatever cannot be written as UTF-8 goes as its bytes all the same."""
    body = urlencode(said, encoding="utf-8", errors="surrogatepass")
    return client.post(address, body, content_type="application/x-www-form-urlencoded")


class Story:
    """One application that carries the text from page to page; `wrong` is what somebody would be hurt by."""

    def __init__(self, desk, text: str):
        self.text, self.wrong = text, []
        villager = make_villager(desk.world.village)
        self.case = make_draft(villager, desk.world.village)
        self.row().update(risk_description="", house_address="")
        self.phone, self.officer = browser_of(villager), Client()
        self.officer.force_login(desk.world.officer)

    def begin(self):
        """The draft: (what the row keeps of the text, the page of 核对 that shows it)."""
        kept = [self.typed("description", "risk_description"), self.typed("address", "house_address")]
        self.row().filter(house_address="").update(house_address="3组12号")
        return kept, self.read(self.phone, f"/apply/{self.case.uid}/check/", kept)

    def tell(self) -> list[str]:
        """From the draft to the answer of the county."""
        kept, page = self.begin()
        post(self.phone, f"/apply/{self.case.uid}/check/", {"submit_token": token_in(page)})
        self.read(self.phone, f"/cases/{self.case.uid}/", kept)
        self.read(self.officer, f"/staff/cases/{self.case.uid}/", kept)
        words = self.asked_for_photos()
        kept = [self.judged()]
        self.read(self.phone, f"/cases/{self.case.uid}/", kept)
        self.read(self.officer, f"/staff/cases/{self.case.uid}/", kept)
        self.read(self.phone, "/messages/", words + kept)
        return self.wrong

    def row(self):
        return Case.objects.filter(pk=self.case.pk)

    def typed(self, page: str, column: str) -> str:
        """What the row keeps of the text after autosave and 继续."""
        address = f"/apply/{self.case.uid}/{page}/"
        seen = self.row().values_list("answers_version", flat=True).get()
        self.expect(post(self.phone, f"{address}save/?seen={seen}", {column: self.text}), (200,))
        self.expect(post(self.phone, address, {column: self.text}), (200, 302))
        return self.kept(self.row().values_list(column, flat=True).get())

    def asked_for_photos(self) -> list[str]:
        """What the open step keeps of the words that ask for photos."""
        address = f"/staff/cases/{self.case.uid}/photos/"
        said = hidden(self.officer.get(address)) | {"words": self.text}
        self.expect(post(self.officer, address, said), (302, 422))
        return [self.kept(CaseNode.objects.get(case=self.case, handled_at=None).photo_request)]

    def judged(self) -> str:
        """What the step keeps of the opinion, which the villager reads; a refused text keeps the case waiting."""
        page = self.officer.get(f"/staff/cases/{self.case.uid}/")
        answer = post(self.officer, f"/staff/cases/{self.case.uid}/step/", hidden(page) | acceptance(opinion=self.text))
        self.expect(answer, (302, 422))
        if RUNS.search(answer.content.decode()):
            self.wrong.append("the page after the error runs it")
        return self.kept(CaseNode.objects.get(case=self.case, code=CaseState.PENDING_ACCEPTANCE).opinion)

    def expect(self, answer, statuses) -> None:
        if answer.status_code not in statuses:
            self.wrong.append(f"{answer.request['PATH_INFO']} answered {answer.status_code}")
        elif answer.status_code in (200, 422) and not HAN.search(answer.content.decode()) and not answer.json()["ok"]:
            self.wrong.append(f"{answer.request['PATH_INFO']} says nothing")

    def kept(self, stored: str) -> str:
        if why := harm(stored, 1000):
            self.wrong.append(f"stored {why}")
        return stored

    def read(self, client, address: str, kept: list[str]):
        """Somebody opens the page: what was kept stands there as words, and nothing of it runs."""
        page = client.get(address, follow=True)
        body = page.content.decode()
        if page.status_code != 200 or RUNS.search(body):
            self.wrong.append(f"{address} {page.status_code} runs it")
        words = Reader(body).text()
        self.wrong += [f"{address} shows it otherwise" for one in kept if squeezed(one) not in words]
        return page


@pytest.mark.parametrize("text", TOLD, ids=range(len(TOLD)))
def test_text_is_kept_clean_and_shown_as_words(desk, text, tried):
    assert Story(desk, text).tell() == []
    tried(
        "B-T",
        11,
        "pages that take a hostile text, keep it and show it",
        "test_control_a_weakened_site_hurts_its_readers",
    )


@pytest.mark.parametrize("text", [HTML[0], HTML[1]], ids=["script", "img"])
def test_control_a_weakened_site_hurts_its_readers(desk, text, monkeypatch):
    """Without escaping the markup runs on the page that shows it."""
    monkeypatch.setattr(engines["django"].engine, "autoescape", False)
    story = Story(desk, text)
    story.begin()
    assert any("runs it" in why for why in story.wrong)


@pytest.mark.parametrize("text", [INVISIBLE[0], "张\x1b[31m三", STORMS[0]], ids=["turned", "escape", "storm"])
def test_control_without_cleaning_it_lies_in_the_row(desk, text, monkeypatch):
    without_cleaning(monkeypatch)
    story = Story(desk, text)
    story.begin()
    assert any(why.startswith("stored") for why in story.wrong)
