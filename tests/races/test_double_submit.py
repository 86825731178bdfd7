"""The same submit fifty times at once (fault F05, invariant I1): one case, one number, fifty equal answers."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions import submissions
from accounts.actions.submissions import issue_token, once
from accounts.models import Message
from common.errors import Refusal
from households.middleware import SESSION_KEY
from renovation.actions.moves import perform_move
from renovation.models import Case, CaseEvent, CaseNumber
from tests.factories.renovation import make_draft, make_villager
from tests.races.together import errors, together, values

TIMES = 50


@pytest.fixture
def villager(world):
    return make_villager(world.village)


@pytest.fixture
def draft(world, villager):
    return make_draft(villager, world.village)


def submit(draft, villager, token):
    def work():
        done = perform_move(draft, "submit", by=villager)
        return {"case": str(done.case.uid), "number": done.case.number}

    return once(token=token, by=villager, purpose=purpose_of(draft), work=work).value


def purpose_of(draft) -> str:
    return f"case.submit.{draft.uid}"


def test_fifty_submits_of_one_token_make_one_case_and_one_answer(draft, villager, tried):
    tried("F05", TIMES, "submits of one application at once", "test_control_without_the_token_the_answers_differ")
    token = issue_token(villager, purpose_of(draft))
    outcomes = together(*[lambda: submit(draft, villager, token)] * TIMES)
    assert errors(outcomes) == []
    case = Case.objects.get()
    assert [value["number"] for value in values(outcomes)] == [case.number] * TIMES
    assert CaseEvent.objects.count() == 1
    assert CaseNumber.objects.get().last == 1
    assert Message.objects.filter(kind="N01").count() == 1


def test_control_without_the_token_the_answers_differ(draft, villager, monkeypatch):
    """Nothing reserves the token: the lock of the case still prevents a second one, but 49 people see an error."""
    monkeypatch.setattr(submissions, "_reserve", lambda *args: True)
    token = issue_token(villager, purpose_of(draft))
    outcomes = together(*[lambda: submit(draft, villager, token)] * 10)
    assert len(values(outcomes)) == 1
    assert len(errors(outcomes)) == 9
    assert all(isinstance(error, Refusal) for error in errors(outcomes))


def test_the_page_answers_every_tap_with_the_same_confirmation(draft, villager):
    """Through the whole web stack: a double tap, a reload and a retry land on one confirmation page."""
    token = issue_token(villager, purpose_of(draft))
    phones = [_phone(villager) for _ in range(8)]
    url = reverse("applicants:check", args=[draft.uid])
    posts = [lambda phone=phone: phone.post(url, {"submit_token": token}) for phone in phones]
    outcomes = together(*posts)
    assert errors(outcomes) == []
    assert {(answer.status_code, answer.url) for answer in values(outcomes)} == {
        (302, reverse("applicants:done", args=[draft.uid]))
    }
    # The old page from the back-forward cache, sent again later.
    late = phones[0].post(url, {"submit_token": token})
    assert (late.status_code, late.url) == (302, reverse("applicants:done", args=[draft.uid]))
    assert Case.objects.exclude(number=None).count() == CaseEvent.objects.count() == 1


def _phone(villager) -> Client:
    phone = Client()
    phone.force_login(villager)
    session = phone.session
    session[SESSION_KEY] = villager.claim.pk
    session.save()
    return phone


def test_two_drafts_of_one_person_submitted_at_once_make_one_case(world, villager):
    drafts = [make_draft(villager, world.village) for _ in range(2)]
    outcomes = together(*[lambda draft=draft: perform_move(draft, "submit", by=villager) for draft in drafts])
    assert len(values(outcomes)) == 1
    assert isinstance(errors(outcomes)[0], Refusal)
    assert Case.objects.open().count() == 1


def test_numbers_given_at_once_are_gapless(world):
    drafts = []
    for _ in range(8):
        villager = make_villager(world.village)
        drafts.append((villager, make_draft(villager, world.village)))
    outcomes = together(*[lambda one=one: perform_move(one[1], "submit", by=one[0]) for one in drafts])
    assert errors(outcomes) == []
    assert sorted(done.case.number[-6:] for done in values(outcomes)) == [f"{n:06d}" for n in range(1, 9)]
