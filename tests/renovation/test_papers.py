"""Files against decisions: what was decided upon keeps its papers, what was submitted keeps its photos."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common.errors import Refusal
from households.actions import attachments
from renovation.actions import drafts
from renovation.actions.moves import perform_move
from renovation.actions.papers import add_step_paper, remove_step_paper
from renovation.choices import CaseState, Slot
from tests.factories.people import photo_bytes
from tests.factories.renovation import (
    appraisal,
    attach_appraisal,
    make_case,
    make_draft,
    make_villager,
    make_world,
    take_step,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


def upload(seed: int) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.jpg", photo_bytes(seed, (900, 1200)), "image/jpeg")


def happens_while_decoding(monkeypatch, name: str, event) -> None:
    """Let `event` happen in the seconds in which a file is decoded, when nothing is locked."""
    original = getattr(attachments, name)

    def decode(*args, **kwargs):
        event()
        return original(*args, **kwargs)

    monkeypatch.setattr(attachments, name, decode)


def test_a_photo_that_arrives_after_submission_is_refused_and_takes_nothing_away(world, monkeypatch):
    villager = make_villager(world.village)
    draft = make_draft(villager, world.village)
    happens_while_decoding(monkeypatch, "prepare", lambda: perform_move(draft, "submit", by=villager))
    with pytest.raises(Refusal, match="已经提交"):
        drafts.add_photo(case=draft, by=villager, upload=upload(901), client_id=uuid4())
    assert draft.files(Slot.RISK).count() == 1


def test_a_retry_of_a_stored_photo_after_submission_takes_nothing_away(world, monkeypatch):
    villager = make_villager(world.village)
    draft = make_draft(villager, world.village)
    first = drafts.add_photo(case=draft, by=villager, upload=upload(902), client_id=uuid4())
    happens_while_decoding(monkeypatch, "prepare", lambda: perform_move(draft, "submit", by=villager))
    with pytest.raises(Refusal, match="已经提交"):
        drafts.add_photo(case=draft, by=villager, upload=upload(902), client_id=uuid4())
    assert first in draft.files(Slot.RISK)


def test_a_paper_that_arrives_after_the_decision_is_refused(world, monkeypatch):
    case = make_case(world, CaseState.PENDING_APPRAISAL)
    attach_appraisal(case, by=world.officer)
    happens_while_decoding(
        monkeypatch, "prepare_paper", lambda: take_step(case, by=world.officer, answers=appraisal(grade="C"))
    )
    with pytest.raises(Refusal, match="已办理"):
        add_step_paper(case=case, by=world.officer, slot=Slot.APPRAISAL, client_id=uuid4(), upload=upload(903))
    assert case.files(Slot.APPRAISAL).count() == 1


def test_the_sheet_stays_with_the_decision_it_was_made_on(world):
    case = make_case(world, CaseState.PENDING_APPRAISAL)
    sheet = attach_appraisal(case, by=world.officer)
    take_step(case, by=world.officer, answers=appraisal(grade="C"))
    with pytest.raises(Refusal, match="已办理"):
        remove_step_paper(case=case, by=world.officer, attachment=sheet)
    assert case.files(Slot.APPRAISAL).count() == 1


def test_only_the_office_whose_step_it_is_adds_papers(world):
    case = make_case(world, CaseState.PENDING_APPRAISAL)
    with pytest.raises(Refusal):
        add_step_paper(case=case, by=world.township_officer, slot=Slot.APPRAISAL, client_id=uuid4(), upload=upload(904))
