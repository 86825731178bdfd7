"""A form that lay open while somebody else acted (F07): refused, with what was typed, and nothing is overwritten.

Every form with a version: the nine steps, the moves beside them, and the autosave of a draft. 200 rounds in the long
runs. The pages of a draft that 继续 sends, and the admin's forms, carry no version: who saves last wins, in the trail.
"""

import json
from dataclasses import replace
from itertools import cycle, islice

from django.test import Client

from renovation.actions import drafts
from renovation.models import Case
from renovation.views import step as step_view
from tests.access.asking import content
from tests.faults.effects import findings
from tests.faults.officers import MOVES, OFFICERS
from tests.faults.reading import form_in
from tests.faults.villagers import VILLAGERS
from tests.faults.writes import Desk, Write
from tests.races.conftest import world  # noqa: F401  the committed county
from tests.scale import some

FORMS = [name for name in OFFICERS if name.rpartition(" ")[2] in MOVES]
ROUNDS = some(5, 200)
TYPED, PRESSED = "手写了很久的一段意见", "按下继续时的话"
# Not the case's own: who looked, who holds the page, what the chain has read.
KEPT = ("renovation_case", "renovation_caseevent", "renovation_casenode", "households_person", "accounts_message")


def digests() -> list[str]:
    return [content(table) for table in KEPT]


def two_pages(desk: Desk, name: str) -> tuple[Write, Write]:
    """The same form of the same case on two screens, each with a token of its own; the first one types a lot."""
    stale = OFFICERS[name](desk)
    stale.body["opinion" if "opinion" in stale.body else "warning_note"] = TYPED
    client = Client()
    client.cookies = stale.cookies.copy()
    token = form_in(client.get(stale.page), stale.url, wants="submit_token")["submit_token"]
    return stale, replace(stale, body={**stale.body, "submit_token": token})


def answer_of(write: Write):
    """The answer with its words as they are."""
    client = Client()
    client.cookies = write.cookies.copy()
    return client.post(write.url, write.body, headers=write.headers)


def test_a_stale_form_is_refused_keeps_the_words_and_overwrites_nothing(world, tried):  # noqa: F811
    desk, wrong = Desk(world), []
    for name in islice(cycle(FORMS), ROUNDS):
        stale, fresh = two_pages(desk, name)
        assert answer_of(fresh).status_code == 302, name
        before = digests()
        answer = answer_of(stale)
        if answer.status_code != 409 or TYPED not in answer.content.decode() or digests() != before:
            wrong.append(f"{name}: {answer.status_code}")
    tried("F07", ROUNDS, "stale forms of steps and moves", "test_control_without_the_version_a_stale_form_goes_through")
    assert wrong == []
    assert findings() == []


def _aged(desk: Desk) -> tuple[Write, Case]:
    """A form of a case that went on and came back to the same state since the page was made."""
    write = OFFICERS["staff/cases/<uuid:uid>/step/ accept"](desk)
    case = Case.objects.latest("pk")
    Case.objects.filter(pk=case.pk).update(version=case.version + 2)
    return write, case


def test_a_case_that_came_back_to_the_same_state_is_stale_too(world):  # noqa: F811
    write, case = _aged(Desk(world))
    assert answer_of(write).status_code == 409
    assert Case.objects.get(pk=case.pk).state == case.state


def test_control_without_the_version_a_stale_form_goes_through(world, monkeypatch):  # noqa: F811
    write, case = _aged(Desk(world))
    monkeypatch.setattr(step_view, "_version_of", lambda text: Case.objects.get(pk=case.pk).version)
    assert answer_of(write).status_code == 302
    assert Case.objects.get(pk=case.pk).state != case.state


def late_autosave(desk: Desk) -> tuple:
    """The answer to an autosave that left before 继续 and came after it, and what the draft says now."""
    late = VILLAGERS["apply/<uuid:uid>/<slug:slug>/save/"](desk)
    uid = late.url.split("/")[2]
    Case.objects.filter(uid=uid).update(risk_description=PRESSED, answers_version=5)
    answer = answer_of(late)
    return answer, Case.objects.get(uid=uid).risk_description


def test_an_autosave_that_comes_after_the_button_is_refused(world, tried):  # noqa: F811
    rounds, wrong, desk = some(3, 50), 0, Desk(world)
    for _ in range(rounds):
        answer, kept = late_autosave(desk)
        wrong += answer.status_code != 409 or "已在别处保存" not in json.loads(answer.content)["error"]
        wrong += kept != PRESSED
    tried(
        "F07",
        rounds,
        "autosaves that arrive after 继续",
        "test_control_without_its_number_an_autosave_overwrites",
    )
    assert wrong == 0


def test_control_without_its_number_an_autosave_overwrites(world, monkeypatch):  # noqa: F811
    monkeypatch.setattr(drafts, "_refuse_late", lambda draft, seen: None)
    answer, kept = late_autosave(Desk(world))
    assert answer.status_code == 200
    assert kept != PRESSED
