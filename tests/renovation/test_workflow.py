"""Everything the workflow table promises, move by move (domain §4.1–4.2; architecture: one table)."""

from dataclasses import replace
from itertools import product

import pytest
from django.utils import timezone

from accounts.choices import Duty
from accounts.models import AuditEntry, Message
from common.errors import Refusal
from common.limits import Days, Workdays
from common.workflow import ANY
from regions.models import Region
from renovation.actions.moves import perform_move
from renovation.actions.notices import NOTICES
from renovation.choices import CaseState
from renovation.models import Case, CaseEvent, CaseNode
from renovation.workflow import COUNTY, TOWNSHIP, WORKFLOW
from tests.factories.accounts import make_office, make_user
from tests.factories.moves import ready, take
from tests.factories.renovation import make_case, make_draft, make_villager, make_world
from tests.shared import shared_rows

pytestmark = pytest.mark.django_db
MOVES = [(step.code, move.name) for step in WORKFLOW.steps for move in step.moves]


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory):
    """One world for the whole module."""
    with shared_rows(django_db_blocker, tmp_path_factory.mktemp("world")):
        yield make_world()


@pytest.fixture(scope="module", params=MOVES, ids="-".join)
def made(world, django_db_blocker, tmp_path_factory, request):
    """A case ready for that move, the same one for every test of the move."""
    with shared_rows(django_db_blocker, tmp_path_factory.mktemp("case")):
        yield ready(world, *request.param), *request.param


@pytest.fixture
def at(made, db):
    """(ready case as it stands in the database, its state, the move)."""
    at, state, move = made
    return replace(at, case=Case.objects.get(pk=at.case.pk)), state, move


def fsm_transitions():
    return list(Case._meta.get_field("state").get_all_transitions(Case))


def test_methods_of_the_case_are_the_moves_of_the_table():
    found = {(one.source, one.name, one.target) for one in fsm_transitions()}
    assert found == {(step.code, move.name, move.to) for step in WORKFLOW.steps for move in step.moves}


def test_the_states_are_the_steps_of_the_table():
    assert [step.code for step in WORKFLOW.steps] == CaseState.values


def test_every_state_is_reached_from_the_draft():
    reached, waiting = set(), [CaseState.DRAFT.value]
    while waiting:
        state = waiting.pop()
        if state not in reached:
            reached.add(state)
            waiting += [move.to for move in WORKFLOW.offered(state)]
    assert reached == set(CaseState.values)


@pytest.mark.parametrize(
    ("state", "actor", "limit"),
    [
        (CaseState.PENDING_ACCEPTANCE, COUNTY, Workdays(3)),
        (CaseState.PENDING_APPRAISAL, COUNTY, Workdays(10)),
        (CaseState.PENDING_REVIEW, TOWNSHIP, Workdays(7)),
        (CaseState.IN_PUBLICITY, TOWNSHIP, Days(7)),
        (CaseState.PENDING_TOWNSHIP_AUDIT, TOWNSHIP, Workdays(5)),
        (CaseState.PENDING_COUNTY_APPROVAL, COUNTY, Workdays(7)),
        (CaseState.PENDING_IMPLEMENTATION, TOWNSHIP, Days(30)),
        (CaseState.PENDING_COMPLETION, TOWNSHIP, Workdays(180)),
        (CaseState.PENDING_FINAL_INSPECTION, COUNTY, Workdays(5)),
    ],
)
def test_owner_and_limit_are_those_of_the_domain(state, actor, limit):
    step = WORKFLOW.step(state)
    # N41 comes one working day before, five for the long limits (domain §14.2).
    assert (step.actor, step.limit, step.warn_before) == (actor, limit, 5 if limit.amount > 10 else 1)


def test_what_has_a_limit_is_open_and_what_has_none_has_ended_or_not_begun():
    assert {step.code for step in WORKFLOW.steps if not step.is_open} == {
        CaseState.DRAFT,
        CaseState.COMPLETED,
        CaseState.NOT_ACCEPTED,
        CaseState.APPRAISAL_FAILED,
        CaseState.REVIEW_FAILED,
        CaseState.APPROVAL_REJECTED,
        CaseState.WITHDRAWN,
        CaseState.TERMINATED,
    }
    assert set(WORKFLOW.open_codes()) | set(WORKFLOW.final_codes()) == set(CaseState.values) - {CaseState.DRAFT}


def test_every_answer_of_a_step_form_leads_to_exactly_one_move():
    for step in WORKFLOW.steps:
        asked = [move for move in step.moves if move.when]
        assert bool(asked) == bool(step.form)
        if not asked:
            continue
        names = {name for move in asked for name in move.when}
        # Any answer that one of the moves names, and one more for those that take any.
        values = {
            name: {one for move in asked for one in move.when.get(name, ())} - set(ANY) or {"any"} for name in names
        }
        for answers in (dict(zip(values, row, strict=True)) for row in product(*values.values())):
            fitting = [
                move
                for move in asked
                if all(wanted == ANY or answers[name] in wanted for name, wanted in move.when.items())
            ]
            assert [WORKFLOW.chosen(step.code, answers)] == fitting
    assert set(WORKFLOW.find("pending_appraisal", "find_safe").when["grade"]) == {"A", "B"}


def test_the_state_cannot_be_assigned(world):
    case = make_case(world)
    with pytest.raises(AttributeError):
        case.state = CaseState.PENDING_REVIEW


def test_a_move_leaves_one_event_one_audit_row_and_the_messages_of_the_table(world, at):
    at, state, move = at
    events, began = CaseEvent.objects.filter(case=at.case).count(), timezone.now()
    done = take(at.case, move, at.actor)
    case = Case.objects.get(pk=at.case.pk)
    target = WORKFLOW.find(state, move).to
    event = CaseEvent.objects.filter(case=case).latest("seq")
    assert CaseEvent.objects.filter(case=case).count() == events + 1
    assert (event.move, event.from_state, event.to_state, event.by, event.seq) == (
        move,
        state,
        target,
        at.actor,
        events + 1,
    )
    assert (case.state, case.version, done.event) == (target, events + 2, event)
    audits = AuditEntry.objects.filter(action=f"case.{move}", target_id=str(case.pk), actor=at.actor)
    assert audits.get().changes == {"state": [state, target]}
    sent = Message.objects.filter(kind__in=[notice.kind for notice in NOTICES[move]], created_at__gte=began)
    assert {(one.kind, one.recipient) for one in sent if str(case.uid) in one.link} == _expected(world, case, move)


def _expected(world, case, move) -> set:
    unit = {COUNTY: world.officer, TOWNSHIP: world.township_officer}.get(WORKFLOW.step(case.state).actor)
    receivers = {"villager": case.claim.uid, "county": world.officer.uid, "unit": unit and unit.uid}
    receivers["township"] = world.township_officer.uid
    return {(notice.kind, receivers[notice.to]) for notice in NOTICES[move]}


def test_a_move_starts_the_next_clock_or_ends_the_case(world, at):
    at, state, move = at
    done = take(at.case, move, at.actor)
    case, target = Case.objects.get(pk=at.case.pk), WORKFLOW.step(WORKFLOW.find(state, move).to)
    still_open = CaseNode.objects.filter(case=case, handled_at=None)
    if not target.is_open:
        assert (done.node, still_open.count(), case.office, case.due_at) == (None, 0, None, None)
        assert case.closed_at == done.event.at
        return
    node = still_open.get()
    office = {COUNTY: world.officer.office, TOWNSHIP: world.township_officer.office}[target.actor]
    been = CaseNode.objects.filter(case=case, code=target.code).count()
    assert (node.code, node.office, node.office_name, node.round) == (target.code, office, office.name, been)
    assert node.received_at == done.event.at
    assert (case.office, case.due_at, case.closed_at) == (office, node.due_at, None)


def test_nobody_else_may_take_the_move(world, at):
    at, state, move = at
    county, village = world.county, world.village
    others = {
        "another villager": make_villager(village, "李小河"),
        "applicant": at.villager,
        "cadre": world.cadre,
        "township": world.township_officer,
        "county": world.officer,
        "neighbour county": world.stranger,
        "neighbour township": make_user("township", region=world.regions["990101200000"]),
        "another unit of the county": make_user(office=make_office(county, name="青溪县民政部门")),
        "county without the duty to decide": make_user(region=county, duties=[Duty.ENTRY, Duty.READ_ONLY]),
        "county, first login open": make_user(region=county, must_change_password=True),
        "county, account cancelled": make_user(region=county, status="cancelled"),
        "system administrator": make_user(region=county, duties=[Duty.SYSTEM_ADMIN]),
        "city": make_user(region=world.regions["990100000000"]),
        "province": make_user(region=world.regions["990000000000"]),
        "ministry": make_user(region=Region.objects.get(level="nation")),
    }
    before = CaseEvent.objects.count()
    answers = {who: _answer(at.case, move, user) for who, user in others.items() if user != at.actor}
    assert {who: code for who, code in answers.items() if code not in ("missing", "forbidden")} == {}
    assert CaseEvent.objects.count() == before
    assert Case.objects.get(pk=at.case.pk).state == state


def _answer(case: Case, move: str, user) -> str:
    try:
        take(case, move, user)
    except Refusal as refusal:
        return refusal.code
    return "let in"


@pytest.mark.parametrize("state", CaseState.values)
def test_what_a_state_does_not_offer_is_refused(world, state):
    villager = make_villager(world.village)
    case = make_case(world, state, villager=villager)
    offered = {move.name for move in WORKFLOW.offered(state)}
    for move in WORKFLOW.move_names() - offered:
        for user in (world.officer, world.township_officer, villager):
            if Case.objects.visible_to(user).filter(pk=case.pk).exists():
                with pytest.raises(Refusal, match="该环节不能进行此操作"):
                    perform_move(case, move, by=user)
    # Nor has the clock any move but the one that the table gives to it.
    for move in WORKFLOW.move_names() - {"end_publicity"}:
        with pytest.raises(Refusal):
            perform_move(case, move, by=None)
    assert Case.objects.get(pk=case.pk).state == state


def test_the_cadre_who_filed_for_somebody_may_withdraw(world):
    draft = make_draft(make_villager(world.village), world.village)
    Case.objects.filter(pk=draft.pk).update(filed_by=world.cadre, on_behalf=True, agent_name="周干事", claim=None)
    case = perform_move(Case.objects.get(pk=draft.pk), "submit", by=world.cadre).case
    case = perform_move(case, "withdraw", by=world.cadre).case
    assert case.state == CaseState.WITHDRAWN
