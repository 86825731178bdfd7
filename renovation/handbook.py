"""docs/workflow.md from the tables themselves: a picture of the states, and every step in words.

Written for people who read the project, so that no description of the case can differ from what it does.
"""

from collections import Counter

from common.forms import RequiredIf, ShowIf
from common.forms.conditions import ANY as ANY_ANSWER
from common.limits import Limit, Workdays
from common.workflow import ANY, Move, Step
from renovation.actions.notices import NOTICES
from renovation.choices import CaseState
from renovation.forms import STEP_FORMS, StepForm, Upload
from renovation.workflow import WORKFLOW

HEAD = """# The case, step by step

<!-- Written by `manage.py write_workflow_docs`; change the table, the forms or the notices, and run it again. -->

Everything on this page is read from the code: the steps, limits and buttons from `renovation/workflow.py`, the
questions and files from `renovation/forms/`, the conditions from `renovation/guards.py`, the messages from
`renovation/actions/notices.py`. How a step is added: [how-to/add-a-step.md](how-to/add-a-step.md).

Every form of a step has one more question, 情况说明: it appears when the answers raise doubts, and must then be
answered.
"""
# The question that every form has (StepForm): said once, above.
EVERYWHERE = "warning_note"
WHO = {
    "villager": "the applicant",
    "village": "the village",
    "township": "the township",
    "county": "the county",
    "unit": "the unit whose turn it is",
    "system": "the clock",
}
YES_NO = {"true": "是", "false": "否"}


def page() -> str:
    """The whole of docs/workflow.md."""
    steps = "\n".join(_step(step) for step in WORKFLOW.steps if step.moves)
    return f"{HEAD}\n{_picture()}\n{_everywhere()}\n{steps}\n{_ends()}"


def _label(code: str) -> str:
    return str(CaseState(code).label)


def _everywhere_names() -> tuple[str, ...]:
    """Moves that every open step offers: as arrows they would hide all the others."""
    offered = Counter(move.name for step in WORKFLOW.steps for move in step.moves)
    return tuple(name for name, times in offered.items() if times == len(WORKFLOW.open_codes()))


def _picture() -> str:
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f'    state "{_label(step.code)}" as {step.code}' for step in WORKFLOW.steps]
    lines.append(f"    [*] --> {WORKFLOW.steps[0].code}")
    for step in WORKFLOW.steps:
        lines += [
            f"    {step.code} --> {move.to}: {move.label}"
            for move in step.moves
            if move.name not in _everywhere_names()
        ]
        if not step.moves:
            lines.append(f"    {step.code} --> [*]")
    return "\n".join([*lines, "```", ""])


def _everywhere() -> str:
    found = {move.name: move for step in WORKFLOW.steps for move in step.moves}
    lines = [
        f"Not in the picture, because every step with a limit offers it: **{found[name].label}**, by "
        f"{WHO[found[name].actor]}, to {_label(found[name].to)}. It is described once, with the first of them.\n"
        for name in _everywhere_names()
    ]
    return "\n".join(lines)


def _step(step: Step) -> str:
    lines = [f"## {_label(step.code)} `{step.code}`", ""]
    lines += [f"- Step: {step.title}"] * bool(step.title)
    lines += [f"- Who acts: {WHO[step.actor]}"] * bool(step.actor)
    if step.limit is not None:
        lines.append(f"- Limit: {_limit(step.limit)}{_reminder(step)}")
    form = STEP_FORMS.get(step.form)
    if form is not None:
        lines += ["", *_form(step.form, form())]
    lines += ["", "Ways out:", ""]
    first = next(one for one in WORKFLOW.steps if one.is_open)
    for move in step.moves:
        if move.name not in _everywhere_names() or step is first:
            lines += _move(step, move)
    return "\n".join([*lines, ""])


def _limit(limit: Limit) -> str:
    unit = "working" if isinstance(limit, Workdays) else "natural"
    rolls = "" if isinstance(limit, Workdays) or not limit.roll_forward else ", to the next working day if that is none"
    return f"{limit.amount} {unit} day{'s' * (limit.amount != 1)}{rolls}"


def _reminder(step: Step) -> str:
    if step.is_timed:
        return "; it ends by itself, so reaching its end is no delay"
    return (
        f"; reminded {step.warn_before} working day{'s' * (step.warn_before != 1)} before" if step.warn_before else ""
    )


def _form(name: str, form: StepForm) -> list[str]:
    lines = [f"Form `{name}`:", "", "| question | field | must be answered |", "|---|---|---|"]
    asked = {key: field for key, field in form.fields.items() if key != EVERYWHERE}
    lines += [f"| {field.label} | `{key}` | {_must(form, key)} |" for key, field in asked.items()]
    if form.uploads():
        lines += ["", "| files | purpose | how many |", "|---|---|---|"]
        lines += [f"| {one.slot.label} | `{one.slot.value}` | {_how_many(form, one)} |" for one in form.uploads()]
    return lines


def _must(form: StepForm, key: str) -> str:
    shown = [_when(form, row.wanted) for row in form.CONDITIONS if isinstance(row, ShowIf) and row.target == key]
    needed = [_when(form, row.wanted) for row in form.CONDITIONS if isinstance(row, RequiredIf) and row.target == key]
    asked = form.fields[key].required or key in form.required_when_shown
    if shown:
        return f"{'yes' if asked else 'no'}; asked only {'; or '.join(shown)}"
    if asked:
        return "yes"
    return "; or ".join(needed) if needed else "no"


def _how_many(form: StepForm, upload: Upload) -> str:
    kind = "photos" if upload.is_photo else "photos or PDF"
    words = f"{upload.minimum} to {upload.maximum} {kind}"
    if not upload.when:
        return words
    verb = "needed" if upload.is_always_shown else "asked"
    return f"{words}; {verb} only {_when(form, ShowIf(upload.slot, **upload.when).wanted)}"


def _when(form: StepForm, wanted: dict) -> str:
    if not all(wanted.values()):
        return "if the case calls for it"
    return "if " + " and ".join(f"{_question(form, key)} is {_answers(form, key, wanted[key])}" for key in wanted)


def _question(form: StepForm | None, key: str) -> str:
    return str(form.fields[key].label) if form is not None and key in form.fields else f"`{key}`"


def _answers(form: StepForm | None, key: str, values) -> str:
    if list(values) in ([ANY_ANSWER], list(ANY)):
        return "answered"
    choices = getattr(form.fields[key], "choices", ()) if form is not None and key in form.fields else ()
    labels = {str(value): str(label) for value, label in choices if not isinstance(label, (list, tuple))} | YES_NO
    return " or ".join(labels.get(value, f"`{value}`") for value in values)


def _move(step: Step, move: Move) -> list[str]:
    form = STEP_FORMS[step.form]() if step.form in STEP_FORMS else None
    lines = [f"- **{move.label}** `{move.name}` → {_label(move.to)}"]
    if move.actor and move.actor != step.actor:
        lines.append(f"  - taken by {WHO[move.actor]}")
    if move.when:
        lines.append(f"  - {_when(form, move.when)}")
    if move.form:
        asked = ", ".join(str(field.label) for field in STEP_FORMS[move.form]().fields.values())
        lines.append(f"  - a button of its own; its form `{move.form}` asks: {asked}")
    lines += ["  - asked once more before it happens"] * move.asks_again
    lines += [f"  - only if: {_guard(guard)}" for guard in move.guards]
    lines += [f"  - {notice.kind} to {WHO[notice.to]}: 「{notice.text}」" for notice in NOTICES.get(move.name, ())]
    return lines


def _guard(guard) -> str:
    return (guard.__doc__ or guard.__name__.replace("_", " ")).strip().splitlines()[0].rstrip(".")


def _ends() -> str:
    lines = [f"- {_label(code)} `{code}`" for code in WORKFLOW.final_codes()]
    return "\n".join(["## Where a case ends", "", *lines, ""])
