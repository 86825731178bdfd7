"""A workflow read from a table: steps, the moves they offer, and real django_fsm transitions made from them.

The only module that imports django_fsm, so that a successor library is one edit away.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django_fsm import FSMField, TransitionNotAllowed, transition

from common.errors import Refusal
from common.limits import Days, Workdays

__all__ = ["ANY", "FSMField", "Move", "Step", "TransitionNotAllowed", "Workflow", "first_refusal"]

Guard = Callable[[object], str | None]
# In a Move's `when`: any answer at all leads there.
ANY = ("*",)


@dataclass(frozen=True)
class Move:
    """One way out of a step (办理动作).

    `when` names the answers of the step's form that lead here, e.g. {"conclusion": ("pass",)}; a move without it
    has a button of its own, and `form` then names the small form behind the button. `actor` is only given where it
    differs from the step's owner. `asks_again` puts a page of its own before the act, which names its consequences.
    """

    name: str
    label: str
    to: str
    when: dict[str, tuple[str, ...]] = field(default_factory=dict)
    guards: tuple[Guard, ...] = ()
    actor: str = ""
    form: str = ""
    tone: str = "ok"
    asks_again: bool = False

    @property
    def result(self) -> str:
        """What the timeline says it came to: 「通过」 of 「受理·通过」."""
        return self.label.rpartition("·")[2]


@dataclass(frozen=True)
class Step:
    """One state of the record (环节): who owns it, within what limit, and what may be done."""

    code: str
    actor: str = ""
    limit: Workdays | Days | None = None
    warn_before: int = 0
    form: str = ""
    title: str = ""
    moves: tuple[Move, ...] = ()
    # Ends by itself when its time is over (公示): reaching the end of the limit is no delay.
    is_timed: bool = False

    @property
    def is_open(self) -> bool:
        """True while somebody still has to act: the record has a running limit (domain §4.1)."""
        return self.limit is not None


class Workflow:
    """The steps in their order; every other part of the house reads states and moves from here."""

    def __init__(self, *steps: Step):
        self.steps = steps
        self._by_code = {step.code: step for step in steps}
        self._targets: dict[str, str] = {}
        for step in steps:
            for one in step.moves:
                if self._targets.setdefault(one.name, one.to) != one.to:
                    raise ValueError(f"move {one.name} leads to two states")

    def step(self, code: str) -> Step:
        """The step of that state; KeyError for an unknown state."""
        return self._by_code[code]

    def offered(self, code: str) -> tuple[Move, ...]:
        """The moves out of that state."""
        return self.step(code).moves

    def find(self, code: str, name: str) -> Move:
        """The move of that name out of that state; Refusal when it is not offered there."""
        for one in self.offered(code):
            if one.name == name:
                return one
        raise Refusal("该环节不能进行此操作，请刷新后再试")

    def chosen(self, code: str, answers: dict) -> Move:
        """The move that these answers of the step's form lead to; Refusal when none fits."""
        for one in self.offered(code):
            if one.when and all(_fits(answers.get(key), values) for key, values in one.when.items()):
                return one
        raise Refusal("请选择办理结论")

    def actor_of(self, code: str, one: Move) -> str:
        """The level that may take this move."""
        return one.actor or self.step(code).actor

    def open_codes(self) -> tuple[str, ...]:
        """States with a running limit, in order."""
        return tuple(step.code for step in self.steps if step.is_open)

    def final_codes(self) -> tuple[str, ...]:
        """States in which nobody has to act any more: no limit, and not the draft that everything begins with."""
        return tuple(step.code for step in self.steps[1:] if not step.is_open)

    def move_names(self) -> frozenset[str]:
        """Names of all moves; a test asserts that the model has exactly these methods."""
        return frozenset(self._targets)

    def move(self, name: str, state_field):
        """Decorator that makes a one-line model method the django_fsm transition of the move `name`."""
        found = [(step, one) for step in self.steps for one in step.moves if one.name == name]
        if not found:
            raise ValueError(f"no move {name} in the table")
        guards = {guard for _, one in found for guard in one.guards}
        return transition(
            field=state_field,
            source=[step.code for step, _ in found],
            target=self._targets[name],
            conditions=[_as_condition(guard) for guard in guards],
            custom={"label": found[0][1].label},
        )


def first_refusal(guards: tuple[Guard, ...], record) -> str | None:
    """The first guard's Chinese reason against this record, or None when all let it pass."""
    return next((reason for guard in guards if (reason := guard(record))), None)


def _fits(answer, values: tuple[str, ...]) -> bool:
    return bool(answer) if values == ANY else answer in values


def _as_condition(guard: Guard):
    def holds(record) -> bool:
        return guard(record) is None

    holds.__name__ = guard.__name__
    return holds
