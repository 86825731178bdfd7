"""check_invariants: silent after every path, and each promise broken on purpose is named (reliability §3.1)."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from accounts.actions.audit import chain_audit
from accounts.actions.submissions import issue_token, once
from common.storage import media_storage
from households.models import Attachment
from renovation.actions.invariants import INVARIANTS, check_all
from renovation.actions.ladder import climb_ladder
from renovation.actions.moves import perform_move
from renovation.choices import CaseState
from renovation.models import Case
from tests.factories.renovation import make_case, make_draft, make_villager, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def cases(world):
    """One case in every state, one of them submitted with a token."""
    made = {state: make_case(world, state) for state in CaseState.values}
    villager = make_villager(world.village)
    draft = make_draft(villager, world.village)
    purpose = f"case.submit.{draft.uid}"

    def submit():
        done = perform_move(draft, "submit", by=villager)
        return {"case": str(done.case.uid), "number": done.case.number}

    once(token=issue_token(villager, purpose), by=villager, purpose=purpose, work=submit)
    made["with_token"] = Case.objects.get(pk=draft.pk)
    climb_ladder()
    chain_audit()
    return made


@pytest.fixture
def few(world):
    """Three cases of the early states: enough where it is about files, the trail or how findings are told."""
    made = [make_case(world, state) for state in (CaseState.PENDING_ACCEPTANCE, *[CaseState.PENDING_APPRAISAL] * 2)]
    climb_ladder()
    chain_audit()
    return made


def sql(statement: str, **parameters) -> int:
    with connection.cursor() as cursor:
        # Checks that wait for the commit would stand in the way of dropping a trigger.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement, parameters)
        return cursor.rowcount


def found() -> dict[str, list[str]]:
    """The findings by their invariant's title."""
    return {report.title: list(report.first) for report in check_all() if report.count}


def run() -> tuple[str, int]:
    out = StringIO()
    try:
        call_command("check_invariants", stdout=out)
    except SystemExit as ended:
        return out.getvalue(), ended.code
    return out.getvalue(), 0


def test_after_every_path_nothing_is_found_and_everything_was_looked_at(cases):
    text, code = run()
    assert code == 0, text
    assert text.endswith("全部正常\n")
    counts = [int(number) for number in re.findall(r"核对(\d+)条  正常", text)]
    assert len(counts) == len(INVARIANTS)
    # Only the ladder has nothing yet: no step is near its due date.
    assert sum(count == 0 for count in counts) <= 1


def test_an_empty_database_is_in_order(db):
    assert run()[1] == 0


BROKEN = [
    # invariant's title, what breaks it, what is said about it
    (
        "统计数字等于台账行数",
        "INSERT INTO lookback_lookbacktotal (region_key, number, campaign_id, state, shape, grade, is_split)"
        " VALUES ('990101000000', 5, 1, 'draft', '', '', false)",
        "回头看记录：1处",
    ),
    ("提交凭证与工单一一对应", "UPDATE accounts_submission SET value = '{}'", "没有对应的工单"),
    (
        "提交凭证与工单一一对应",
        "UPDATE renovation_case SET number = '990101261122999999' WHERE id = %(with_token)s",
        "凭证",
    ),
    (
        "提交凭证与工单一一对应",
        "INSERT INTO accounts_submission (token, owner, purpose, value, created_at)"
        " SELECT gen_random_uuid(), owner, purpose, value, now() FROM accounts_submission",
        "有多个凭证",
    ),
    ("同一申请人、同一农户只有一件在办工单", "DROP INDEX one_open_case_per_id; {double_id}", "同一证件有2件在办"),
    (
        "同一申请人、同一农户只有一件在办工单",
        "DROP INDEX one_open_case_per_household; UPDATE renovation_case SET household_id ="
        " (SELECT household_id FROM renovation_case WHERE id = %(pending_review)s) WHERE id = %(pending_appraisal)s",
        "同一农户有2件在办",
    ),
    ("工单号不超过当日流水", "UPDATE renovation_casenumber SET last = 3", "号码超出流水"),
    ("工单号不超过当日流水", "UPDATE renovation_case SET number = '99' WHERE id = %(with_token)s", "号码格式不对"),
    (
        "状态等于办理记录的累积，序号连续",
        "UPDATE renovation_case SET state = 'withdrawn' WHERE id = %(not_accepted)s",
        "状态",
    ),
    ("状态等于办理记录的累积，序号连续", "UPDATE renovation_case SET version = 9 WHERE id = %(withdrawn)s", "版本号"),
    (
        "状态等于办理记录的累积，序号连续",
        "UPDATE renovation_caseevent SET seq = 7 WHERE move = 'withdraw'",
        "序号不连续",
    ),
    (
        "状态等于办理记录的累积，序号连续",
        "DELETE FROM renovation_caseevent WHERE case_id = %(pending_review)s AND move = 'accept'",
        "与上一条不衔接",
    ),
    (
        "状态等于办理记录的累积，序号连续",
        "UPDATE renovation_caseevent SET to_state = 'not_accepted' WHERE move = 'withdraw'",
        "流程表中没有这个动作",
    ),
    (
        "状态等于办理记录的累积，序号连续",
        "UPDATE renovation_caseevent SET opinion = ' ' WHERE move = 'refuse'",
        "没有写明原因",
    ),
    ("环节与办理记录、工单一致", "DELETE FROM renovation_casenode WHERE case_id = %(withdrawn)s", "不对应"),
    (
        "环节与办理记录、工单一致",
        "UPDATE renovation_casenode SET handled_at = NULL WHERE case_id = %(not_accepted)s",
        "恰有一个未办环节",
    ),
    (
        "环节与办理记录、工单一致",
        "UPDATE renovation_casenode SET handled_at = now() WHERE case_id = %(pending_acceptance)s",
        "恰有一个未办环节",
    ),
    (
        "环节与办理记录、工单一致",
        "UPDATE renovation_case SET due_at = due_at + interval '1 day' WHERE id = %(pending_appraisal)s",
        "期限、单位或超时标记",
    ),
    (
        "环节与办理记录、工单一致",
        "UPDATE renovation_case SET office_id = (SELECT min(id) FROM accounts_office) WHERE id = %(pending_review)s",
        "期限、单位或超时标记",
    ),
    ("环节与办理记录、工单一致", "UPDATE renovation_case SET was_late = true WHERE id = %(withdrawn)s", "曾经超时"),
    ("环节与办理记录、工单一致", "UPDATE renovation_case SET closed_at = NULL WHERE id = %(withdrawn)s", "办结时间"),
    (
        "每次办理恰有一条审计",
        "ALTER TABLE accounts_auditentry DISABLE TRIGGER append_only_rows; SET session_replication_role = replica;"
        " DELETE FROM accounts_auditentry WHERE action = 'case.withdraw'",
        "办理1次，审计0条",
    ),
    ("每次办理恰有一条审计", "DELETE FROM renovation_caseevent WHERE move = 'withdraw'", "办理0次，审计1条"),
    ("每次办理的消息已发给申请人", "DELETE FROM accounts_message WHERE kind = 'N05'", "缺少消息N05"),
    ("附件与文件一一对应，大小和摘要相符", "UPDATE households_attachment SET size = size + 1", "文件大小不符"),
    ("附件与文件一一对应，大小和摘要相符", "UPDATE households_attachment SET sha256 = repeat('a', 64)", "与摘要不符"),
    (
        "附件与文件一一对应，大小和摘要相符",
        "UPDATE households_attachment SET uid = gen_random_uuid() WHERE is_paper",
        "文件无法解密",
    ),
    ("附件有所属工单", "UPDATE households_attachment SET owner_uid = gen_random_uuid() WHERE NOT is_paper", "不存在"),
    (
        "每级催办不重复，超时标记正确",
        "UPDATE renovation_casenode SET due_at = now() - interval '1 hour' WHERE case_id = %(pending_acceptance)s",
        "已超时而未标记",
    ),
    (
        "每级催办不重复，超时标记正确",
        "UPDATE renovation_casenode SET is_overdue = true WHERE case_id = %(pending_acceptance)s",
        "未超时而已标记",
    ),
    (
        "每级催办不重复，超时标记正确",
        "UPDATE renovation_casenode SET is_overdue = true WHERE case_id = %(withdrawn)s",
        "办结时的超时标记不对",
    ),
    (
        "每级催办不重复，超时标记正确",
        "ALTER TABLE renovation_laddernotice DROP CONSTRAINT one_notice_per_rung;"
        " INSERT INTO renovation_laddernotice (node_id, due_at, rung_id, sent_at)"
        " SELECT n.id, n.due_at, r.id, now() FROM renovation_casenode n, renovation_ladderrung r, generate_series(1, 2)"
        " WHERE n.case_id = %(pending_acceptance)s AND r.code = 'before'",
        "同一级催办2次",
    ),
    (
        "到时的催办没有遗漏",
        "UPDATE renovation_casenode SET received_at = now() - interval '40 days', due_on = now()::date - 30,"
        " due_at = now() - interval '29 days' WHERE case_id = %(pending_acceptance)s",
        "缺少催办plus_3",
    ),
    (
        "实名身份与人员一致，每人只在一个农户",
        "UPDATE households_claim SET id_index = md5(id::text)",
        "与人员的证件不符",
    ),
    (
        "实名身份与人员一致，每人只在一个农户",
        "ALTER TABLE households_claim DROP CONSTRAINT confirmed_claim_has_person;"
        " UPDATE households_claim SET person_id = NULL",
        "已核对而没有人员",
    ),
]


def test_each_promise_broken_on_purpose_is_named(cases):
    """Each breakage alone, taken back before the next one."""
    double = "UPDATE renovation_case SET applicant_id_index = (SELECT applicant_id_index FROM renovation_case"
    double += " WHERE id = %(pending_acceptance)s) WHERE id = %(with_token)s"
    numbers, unseen = {name: case.pk for name, case in cases.items()}, []
    for title, statement, words in BROKEN:
        with transaction.atomic():
            assert sql(statement.replace("{double_id}", double), **numbers) > 0, statement
            findings = found()
            if not any(words in finding for finding in findings.get(title, ())):
                unseen.append((title, statement, findings))
            transaction.set_rollback(True)
    assert unseen == []
    assert found() == {}


def test_a_lost_file_is_named_by_number(few):
    row = Attachment.objects.order_by("id").first()
    media_storage().delete(row.path)
    assert found() == {"附件与文件一一对应，大小和摘要相符": [f"附件{row.pk}：文件不存在"]}
    text, code = run()
    assert code == 1
    assert f"    附件{row.pk}：文件不存在" in text
    assert text.endswith("共1处问题\n")


def test_a_lost_thumbnail_and_a_changed_byte_are_named(few):
    rows = Attachment.objects.filter(is_paper=False).order_by("id")
    media_storage().delete(rows[0].thumb_path)
    path = Path(media_storage().path(rows[1].path))
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    (findings,) = found().values()
    assert findings == [f"附件{rows[0].pk}：缩略图不存在", f"附件{rows[1].pk}：文件内容与摘要不符"]


def test_an_orphan_that_the_sweep_missed_is_named(few):
    from tests.renovation.test_expiry import orphan

    orphan(25)
    assert found() == {}
    name = orphan(27)
    assert found() == {"附件与文件一一对应，大小和摘要相符": [f"文件{name}：没有对应的附件"]}


def test_a_changed_audit_row_is_named(few):
    changed = "ALTER TABLE accounts_auditentry DISABLE TRIGGER append_only_rows;"
    changed += " UPDATE accounts_auditentry SET reason = '改过' WHERE action = 'case.accept'"
    assert sql(changed) > 0
    assert all("审计内容被改动" in finding for finding in found()["审计链完整"])


def test_findings_name_no_person(few):
    sql("UPDATE renovation_case SET version = version + 1, due_at = NULL, office_id = NULL, state = 'draft'")
    text, _ = run()
    for case in few:
        assert case.applicant_name not in text
        assert case.applicant_id_number not in text
        assert case.applicant_phone not in text


def test_only_the_first_findings_are_printed_but_all_are_counted(few):
    sql("UPDATE renovation_case SET version = version + 1")
    (report,) = [report for report in check_all(shown=2) if report.count]
    assert (report.count, len(report.first)) == (len(few), 2)
