"""Cases led through the whole table by chance: no dead end, no lost round, every due date as its events say.

The long runs take 2,000; the suite takes the first fifty, always the same.
"""

import random
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from django.utils import timezone

from common.clock import freeze
from common.limits import Days
from households.models import Attachment
from regions import deadlines
from renovation.actions import clock, moves
from renovation.actions.invariants import check_all
from renovation.actions.moves import perform_move
from renovation.actions.publicity import dismiss_objection, register_objection
from renovation.actions.service import ask_second_look
from renovation.choices import CaseState
from renovation.forms import STEP_FORMS
from renovation.models import Case, CaseEvent, CaseNode, Objection, Publicity
from renovation.queries.nodes import next_place
from renovation.queries.timetable import Timetable
from renovation.workflow import COUNTY, OBJECTION_LIMIT, SYSTEM, TOWNSHIP, VILLAGER, WORKFLOW
from tests.factories import steps
from tests.factories.moves import ANSWERS
from tests.factories.renovation import make_draft, make_villager, make_world
from tests.scale import WALKS

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.proof]
PER_TEST = 10
START = timezone.make_aware(datetime(2025, 8, 4, 9, 30))
LONGEST = 60
# Ends that any step offers would otherwise end most walks before they reach the later steps.
SELDOM = {"terminate": 1, "refuse": 2, "withdraw": 1, "find_safe": 2, "reject": 3, "confirm_failed_review": 8}


@pytest.fixture
def world():
    return make_world()


class Walk:
    """One case and the chance that leads it."""

    def __init__(self, world, seed: int):
        self.world, self.draw = world, random.Random(seed)
        self.moment = START + timedelta(days=self.draw.randrange(400), hours=self.draw.randrange(9))
        with freeze(self.moment):
            self.villager = make_villager(world.village)
            self.case = make_draft(self.villager, world.village)
        self.actors = {VILLAGER: self.villager, COUNTY: world.officer, TOWNSHIP: world.township_officer, SYSTEM: None}
        self.ends: dict[int, object] = {}

    def go(self) -> Case:
        """Moves until the case has ended, or LONGEST of them."""
        for _ in range(LONGEST):
            # Short of the seven days of a notice, within which people object to it.
            longest = 4 if self.case.state == CaseState.IN_PUBLICITY else 5
            self.moment += timedelta(hours=self.draw.choice((1, 5, 30, 75, 200)[:longest]))
            with freeze(self.moment):
                move = self.choose()
            if move is None:
                break
            # Choosing may have let days pass: those of a notice, or of an objection.
            with freeze(self.moment):
                self.take(move)
        return self.case

    def take(self, move) -> None:
        for slot in steps.ASKED.get(self.case.state, (None, ()))[1]:
            self.file(slot)
        if self.case.state == CaseState.PENDING_APPRAISAL:
            self.file("appraisal_files")
        by = self.actors[WORKFLOW.actor_of(self.case.state, move)]
        self.case = perform_move(self.case, move.name, by=by, form=self.form(move), version=self.case.version).case

    def choose(self):
        if self.case.state == CaseState.IN_PUBLICITY:
            return self.choose_in_publicity()
        if self.case.state == CaseState.REVIEW_FAILED:
            return self.choose_after_failed_review()
        offered = [one for one in WORKFLOW.offered(self.case.state) if self.fits(one)]
        weights = [SELDOM.get(one.name, 20) for one in offered]
        return self.draw.choices(offered, weights)[0] if offered else None

    def fits(self, move) -> bool:
        """What the audit confirms depends on the review before it (decision 22)."""
        wanted = move.when.get("review")
        return wanted is None or self.case.review_conclusion in wanted

    def choose_in_publicity(self):
        """Somebody objects, once or twice, or nobody; then the clock, or the township, goes on."""
        objects = self.draw.random()
        if objects < 0.5:
            row = register_objection(
                case=self.case, by=self.world.township_officer, is_anonymous=True, name="", phone="", content="有异议"
            )
            self.moment += timedelta(days=self.draw.randrange(12))
            with freeze(self.moment):
                if objects < 0.2:
                    return WORKFLOW.find(self.case.state, "uphold_objection")
                dismiss_objection(
                    objection=Objection.objects.get(pk=row.pk), by=self.world.township_officer, answer="不属实"
                )
        self.moment = max(self.moment, Publicity.objects.get(case=self.case, state="open").ends_at)
        return WORKFLOW.find(self.case.state, "end_publicity")

    def choose_after_failed_review(self):
        if self.case.closed_at + timedelta(days=7) <= self.moment or hasattr(self.case, "second_look"):
            return None
        ask_second_look(case=self.case, by=self.villager, reason="请再看一看")
        return WORKFLOW.find(self.case.state, "reopen_review")

    def form(self, move):
        if move.name not in ANSWERS:
            return None
        case = Case.objects.get(pk=self.case.pk)
        form = STEP_FORMS[move.form or case.step.form](ANSWERS[move.name](), instance=case)
        assert form.is_valid(), (move.name, form.errors)
        return form

    def file(self, slot: str) -> None:
        """A copy of the case's first photo under another purpose: nothing here looks at pictures."""
        row = Attachment.objects.filter(owner_uid=self.case.uid).order_by("id").first()
        row.pk, row.uid, row.client_id, row.slot, row.source_sha256 = None, uuid4(), uuid4(), slot, uuid4().hex
        row.save(force_insert=True)


@pytest.mark.parametrize("block", range(max(1, WALKS // PER_TEST)))
def test_a_walk_by_chance_keeps_every_promise(world, block, tried):
    tried(
        "B-P",
        PER_TEST,
        "walks by chance through the nine steps",
        "test_control_weakened_walks_are_found_out",
    )
    check_each(Walk(world, seed).go() for seed in range(block * PER_TEST, (block + 1) * PER_TEST))
    wrong = {report.title: report.first for report in check_all() if report.count}
    # Files are copies here, the ladder was never climbed, and the audit is chained by a timer.
    assert {title for title in wrong if not title.startswith(("附件", "到时的", "每级", "审计"))} == set(), wrong


def check_each(walked) -> None:
    """No dead end, no lost round, every due date as its events say."""
    for case in walked:
        now = Case.objects.get(pk=case.pk)
        assert now.state in WORKFLOW.final_codes() or WORKFLOW.offered(now.state), now
        check_rounds(now)
        check_due_dates(now)


def keeps_the_first_date(monkeypatch) -> None:
    """No step's date is reckoned anew: each (but a notice's) is due as if it had come with the application."""
    honest = Timetable.due

    def due(table, code, received_at, case):
        is_timed = WORKFLOW.step(code).is_timed
        return honest(table, code, received_at if is_timed else case.submitted_at, case)

    monkeypatch.setattr(Timetable, "due", due)


def counts_one_too_many(monkeypatch) -> None:
    """A round is lost: the next stay in a step is numbered past it."""
    monkeypatch.setattr(clock, "next_place", lambda case: (next_place(case)[0], next_place(case)[1] + 1))


def loses_an_event(monkeypatch) -> None:
    """受理 is nowhere written down."""
    honest = moves.insert
    monkeypatch.setattr(moves, "insert", lambda row: honest(row) if getattr(row, "move", "") != "accept" else None)


def has_a_dead_end(monkeypatch) -> None:
    """The step of 认定 offers nothing."""
    honest = WORKFLOW.offered
    monkeypatch.setattr(WORKFLOW, "offered", lambda code: () if code == CaseState.PENDING_APPRAISAL else honest(code))


WEAKENED = [keeps_the_first_date, counts_one_too_many, loses_an_event, has_a_dead_end]


@pytest.mark.parametrize("weakened", WEAKENED)
def test_control_weakened_walks_are_found_out(world, weakened, monkeypatch):
    weakened(monkeypatch)
    walked = (Walk(world, seed).go() for seed in range(PER_TEST))
    with pytest.raises(AssertionError):
        check_each(walked)


def check_rounds(case: Case) -> None:
    """Each stay in a step is there, numbered from 1 without a gap, and each event begins where the last one ended."""
    events = list(CaseEvent.objects.filter(case=case))
    assert all(after.from_state == before.to_state for before, after in pairwise(events))
    entered = [event.to_state for event in events if WORKFLOW.step(event.to_state).is_open]
    nodes = list(CaseNode.objects.filter(case=case))
    assert [node.code for node in nodes] == entered
    seen: dict[str, int] = {}
    for node in nodes:
        seen[node.code] = seen.get(node.code, 0) + 1
        assert node.round == seen[node.code]


def check_due_dates(case: Case) -> None:
    """The stored due date of every stay equals a replay: its receipt, its limit, the calendar of its place."""
    for node in CaseNode.objects.filter(case=case):
        step = WORKFLOW.step(node.code)
        due = deadlines.due(node.received_at, step.limit, case.region_id)
        if not step.is_timed:
            assert (node.due_on, node.is_provisional) == (due.due_on, due.is_provisional), node
            continue
        notice = Publicity.objects.get(case=case, round=node.round)
        assert notice.ends_on == due.due_on and step.limit == Days(7)
        for objection in notice.objections.all():
            assert objection.due_on == deadlines.due(objection.registered_at, OBJECTION_LIMIT, case.region_id).due_on
