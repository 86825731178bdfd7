"""I8 (reliability §3.1): sums of money, projects and what belongs to a case; each broken on purpose is named."""

import pytest
from django.db import transaction

from renovation.actions.invariants import check_all
from renovation.actions.payments import record_payment
from renovation.choices import CaseState
from renovation.models import Case
from tests.factories.renovation import make_case
from tests.renovation.test_invariants import found, sql

MONEY = "补助、自筹、贷款和拨付金额相符"
PROJECT = "工单与项目一致，一件只计入一个年度"
OUTCOME = "公示、评价和复核与工单一致"
STATES = (
    CaseState.IN_PUBLICITY,
    CaseState.PENDING_COUNTY_APPROVAL,
    CaseState.PENDING_IMPLEMENTATION,
    CaseState.PENDING_FINAL_INSPECTION,
    CaseState.COMPLETED,
    CaseState.REVIEW_FAILED,
)


@pytest.fixture
def cases(world):
    """A case in every state that I8 speaks of; the finished one partly paid."""
    made = {state: make_case(world, state) for state in STATES}
    project = made[CaseState.COMPLETED].project
    payment = {"paid_on": project.accepted_on, "amount": 6000, "payee": "张石山"}
    record_payment(project=project, by=world.officer, **payment)
    return made


OFF = "ALTER TABLE renovation_renovationproject DISABLE TRIGGER project_sums; "
OFF += "ALTER TABLE renovation_payment DISABLE TRIGGER project_sums; "
FREE = "ALTER TABLE renovation_renovationproject DROP CONSTRAINT project_total_adds_up; "
ONE = "WHERE case_id = %(completed)s"
RATE = "INSERT INTO renovation_rating (case_id, stars, reason, comment, by_id, at)"
LOOK = "INSERT INTO renovation_secondlook (case_id, reason, asked_by_id, asked_at, answer)"
BROKEN = [
    (MONEY, f"{OFF}UPDATE renovation_renovationproject SET government_total = 9, total = 12009 {ONE}", "各级补助之和"),
    (MONEY, f"{FREE}UPDATE renovation_renovationproject SET total = total + 1 {ONE}", "补助、自筹和贷款之和"),
    (MONEY, f"{OFF}UPDATE renovation_renovationproject SET paid_total = 1 {ONE}", "拨付记录之和"),
    (MONEY, f"{OFF}UPDATE renovation_payment SET amount = 30000", "拨付超过补助合计"),
    (MONEY, f"UPDATE renovation_renovationproject SET payment_state = 'full' {ONE}", "拨付情况与金额不符"),
    (
        PROJECT,
        "DROP INDEX one_live_project_per_household; UPDATE renovation_renovationproject SET household_id ="
        " (SELECT household_id FROM renovation_case WHERE id = %(pending_implementation)s)",
        "有2个在建项目",
    ),
    (PROJECT, "UPDATE renovation_renovationproject SET case_id = NULL", "应有已审核通过的项目"),
    (PROJECT, "UPDATE renovation_renovationproject SET application_state = 'submitted'", "应有已审核通过的项目"),
    (
        PROJECT,
        f"UPDATE renovation_renovationproject SET case_id = %(pending_county_approval)s {ONE}",
        "没有审批通过却有项目",
    ),
    (
        PROJECT,
        "UPDATE renovation_renovationproject SET household_id ="
        f" (SELECT household_id FROM renovation_case WHERE id = %(review_failed)s) {ONE}",
        "农户或所属村不同",
    ),
    (PROJECT, f"UPDATE renovation_renovationproject SET archive_state = 'to_fill' {ONE}", "办结与项目档案不符"),
    (PROJECT, f"UPDATE renovation_renovationproject SET accepted_on = NULL {ONE}", "办结与项目档案不符"),
    (PROJECT, f"UPDATE renovation_renovationproject SET terminated_on = now() {ONE}", "终止与项目不符"),
    (PROJECT, f"UPDATE renovation_renovationproject SET completion_date = NULL {ONE}", "没有开工或竣工日期"),
    (OUTCOME, "UPDATE renovation_publicity SET state = 'taken_down', closed_at = now()", "恰有一份正在公示"),
    (
        OUTCOME,
        "UPDATE renovation_publicity SET state = 'open', closed_at = NULL WHERE case_id = %(completed)s",
        "恰有一份正在公示",
    ),
    (OUTCOME, "UPDATE renovation_publicity SET closed_at = now() WHERE state = 'open'", "结束与撤下时间不符"),
    (
        OUTCOME,
        "UPDATE renovation_publicity SET closed_at = ends_at - interval '1 second' WHERE state = 'ended'",
        "公示期未满而已结束",
    ),
    (
        OUTCOME,
        "INSERT INTO renovation_objection (uid, publicity_id, is_anonymous, name, phone, content, registered_by_id,"
        " registered_by_name, registered_at, due_on, due_at, closed_by_name, result, answer) SELECT gen_random_uuid(),"
        " id, true, '', '', '', %(user)s, '', now(), now(), now(), '', '', '' FROM renovation_publicity"
        " WHERE state = 'ended'",
        "异议没有处理",
    ),
    (OUTCOME, f"{RATE} SELECT %(in_publicity)s, 5, '', '', %(user)s, now()", "工单没有办结"),
    (OUTCOME, f"{LOOK} SELECT %(completed)s, '', %(user)s, now(), ''", "不是评议不通过"),
]


def test_everything_is_in_order_and_each_breakage_is_named(world, cases):
    assert [report.code for report in check_all() if report.code == "I8"] == ["I8"] * 3
    assert {title: found().get(title) for title in (MONEY, PROJECT, OUTCOME)} == dict.fromkeys(
        (MONEY, PROJECT, OUTCOME)
    )
    numbers = {state.value: case.pk for state, case in cases.items()} | {"user": world.officer.pk}
    unseen = []
    for title, statement, words in BROKEN:
        with transaction.atomic():
            assert sql(statement, **numbers) > 0, statement
            findings = found()
            if not any(words in finding for finding in findings.get(title, ())):
                unseen.append((title, statement, findings))
            transaction.set_rollback(True)
    assert unseen == []


def test_a_stopped_case_agrees_with_its_project(world, cases):
    from tests.factories.renovation import press

    for state in (CaseState.PENDING_IMPLEMENTATION, CaseState.PENDING_FINAL_INSPECTION, CaseState.IN_PUBLICITY):
        press(Case.objects.get(pk=cases[state].pk), "terminate", by=world.officer, reason="given_up")
    assert not {MONEY, PROJECT, OUTCOME} & set(found())
    assert sql("UPDATE renovation_renovationproject SET terminated_on = NULL WHERE terminated_on IS NOT NULL") == 1
    assert "终止与项目不符" in found()[PROJECT][0]
