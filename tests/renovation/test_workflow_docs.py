"""docs/workflow.md says what the tables say, and nothing it leaves out is missing by accident."""

import re

from django.core.management import call_command

from renovation.actions.notices import NOTICES
from renovation.forms import STEP_FORMS
from renovation.handbook import EVERYWHERE, page
from renovation.management.commands import write_workflow_docs
from renovation.workflow import WORKFLOW


def test_the_committed_page_is_what_the_tables_give():
    text = write_workflow_docs.PAGE.read_text(encoding="utf-8")
    assert text == page(), "the case changed: run `.venv/bin/python manage.py write_workflow_docs` and commit the page"


def test_the_command_writes_that_page(tmp_path, monkeypatch, settings):
    settings.BASE_DIR = tmp_path
    monkeypatch.setattr(write_workflow_docs, "PAGE", tmp_path / "workflow.md")
    call_command("write_workflow_docs")
    assert (tmp_path / "workflow.md").read_text(encoding="utf-8") == page()


def test_every_state_move_question_file_and_message_is_on_it():
    text = page()
    for step in WORKFLOW.steps:
        assert f"`{step.code}`" in text
        for move in step.moves:
            assert f"**{move.label}** `{move.name}` →" in text
            assert all(notice.text in text for notice in NOTICES.get(move.name, ()))
    step_forms = [STEP_FORMS[step.form]() for step in WORKFLOW.steps if step.form]
    for form in step_forms:
        assert all(f"| `{name}` |" in text for name in form.fields if name != EVERYWHERE)
        assert all(f"| `{upload.slot.value}` |" in text for upload in form.uploads())


def test_every_arrow_of_the_table_is_in_the_picture_or_named_beside_it():
    text = page()
    arrows = set(re.findall(r"^    (\w+) --> (\w+): (.+)$", text, re.MULTILINE))
    table = {(step.code, move.to, move.label) for step in WORKFLOW.steps for move in step.moves}
    beside = {arrow for arrow in table if f"offers it: **{arrow[2]}**" in text}
    assert arrows == table - beside
    assert {label for _, _, label in beside} == {"终止"}


def test_every_condition_is_said_in_words():
    for step in WORKFLOW.steps:
        for move in step.moves:
            assert all(guard.__doc__ for guard in move.guards), move.name
