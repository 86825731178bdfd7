"""What must hold after whatever happened (reliability §3.1): each invariant counts its rows and names the wrong ones.

Findings name rows by number, never by a person's data.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from accounts.actions.verify import WORDS, verify_audit
from accounts.models import AuditLink
from common.clock import database_now
from households.actions.filecheck import check_files
from regions.cubes import registered
from regions.cubes.folding import differences
from renovation.actions import invariants_sql as sql
from renovation.actions.notices import NOTICES, VILLAGER
from renovation.choices import CaseState
from renovation.models import CaseNode, LadderNotice, Objection
from renovation.queries.timetable import Timetable
from renovation.workflow import WORKFLOW

# A rung is missing only once the scanner, which comes every 30 seconds, must have seen it.
SCANNER_PERIOD = timedelta(minutes=2)
BATCH = 2000


@dataclass(frozen=True)
class Invariant:
    """One promise: its number in the catalogue, its name, and a check that gives (rows looked at, findings)."""

    code: str
    title: str
    check: Callable[[], tuple[int, Iterator[str]]]


@dataclass(frozen=True)
class Report:
    """What a check found: how many rows it looked at, how many findings, and the first of them."""

    code: str
    title: str
    checked: int
    count: int
    first: tuple[str, ...]


def check_all(*, shown: int = 20) -> Iterator[Report]:
    """Check every invariant in order; `shown` limits how many findings of each are named."""
    for one in INVARIANTS:
        checked, findings = one.check()
        first = tuple(islice(findings, shown))
        yield Report(one.code, one.title, checked, len(first) + sum(1 for _ in findings), first)


def _by_sql(count: str, wrong: str, parameters: dict | None = None) -> Callable[[], tuple[int, Iterator[str]]]:
    def check():
        with connection.cursor() as cursor:
            cursor.execute(count)
            checked = cursor.fetchone()[0]
            cursor.execute(wrong, parameters or {})
            return checked, iter([f"{kind}{pk}：{reason}" for kind, pk, reason in cursor.fetchall()])

    return check


def _table_of_moves() -> list[str]:
    return [f"{step.code} {one.name} {one.to}" for step in WORKFLOW.steps for one in step.moves]


def _moves_with_a_reason() -> list[str]:
    return [one.name for step in WORKFLOW.steps for one in step.moves if one.tone in ("danger", "warn")]


def _notices_to_villagers() -> dict[str, list[str]]:
    pairs = [(move, one.kind) for move, notices in NOTICES.items() for one in notices if one.to == VILLAGER]
    return {"moves": [move for move, _ in pairs], "kinds": [kind for _, kind in pairs]}


def _ladder() -> tuple[int, Iterator[str]]:
    return LadderNotice.objects.count(), _missing_rungs()


def _missing_rungs() -> Iterator[str]:
    """Rungs of open steps whose time is past and that nobody noted."""
    table, before = Timetable(), database_now() - SCANNER_PERIOD
    columns = ("id", "code", "due_on", "due_at", "case__county_id", "case__region_key")
    open_steps = CaseNode.objects.filter(handled_at=None, received_at__lt=before).order_by("id")
    # Of a notice nobody is reminded, unless somebody objects to it: then its step has a next rung or is at the top.
    timed = [step.code for step in WORKFLOW.steps if step.is_timed]
    quiet = Objection.objects.filter(publicity__case=OuterRef("case"), closed_at=None)
    open_steps = open_steps.exclude(Q(code__in=timed) & ~Exists(quiet))
    rows = open_steps.values_list(*columns).iterator(BATCH)
    while batch := list(islice(rows, BATCH)):
        notices = LadderNotice.objects.filter(node_id__in=[row[0] for row in batch])
        noted = set(notices.values_list("node_id", "due_at", "rung_id"))
        for pk, code, due_on, due_at, county_id, region_key in batch:
            for moment in table.moments(code, due_on, _Place(county_id, region_key)):
                if moment.rung and moment.at < before and (pk, due_at, moment.rung.pk) not in noted:
                    yield f"环节{pk}：缺少催办{moment.rung.code}"


@dataclass(frozen=True)
class _Place:
    county_id: int
    region_key: str


def _counters() -> tuple[int, Iterator[str]]:
    """Every register with a cube, counted anew and compared cell by cell (ADR 0130)."""
    found = ((cube.counted._meta.verbose_name, differences(cube)) for cube in registered())
    return len(registered()), (f"{name}：{number}处" for name, number in found if number)


def _audit_chain() -> tuple[int, Iterator[str]]:
    findings = (f"链{one.chain}第{one.seq}条：{WORDS[one.kind]}（{one.detail}）" for one in verify_audit())
    return AuditLink.objects.count(), findings


_OPEN = {"open": list(WORKFLOW.open_codes())}
_TIMED = {"timed": [step.code for step in WORKFLOW.steps if step.is_timed]}
# From here on a case has its project.
_APPROVED = {
    "approved": [
        CaseState.PENDING_IMPLEMENTATION,
        CaseState.PENDING_COMPLETION,
        CaseState.PENDING_FINAL_INSPECTION,
        CaseState.COMPLETED,
    ]
}
INVARIANTS = (
    Invariant("I1", "提交凭证与工单一一对应", _by_sql(sql.COUNT_TOKENS, sql.TOKENS)),
    Invariant("I1", "同一申请人、同一农户只有一件在办工单", _by_sql(sql.COUNT_OPEN, sql.OPEN_TWICE, _OPEN)),
    Invariant("I1", "工单号不超过当日流水", _by_sql(sql.COUNT_NUMBERS, sql.NUMBERS)),
    Invariant(
        "I2",
        "状态等于办理记录的累积，序号连续",
        _by_sql(sql.COUNT_CASES, sql.FOLD, {"moves": _table_of_moves(), "reasoned": _moves_with_a_reason()}),
    ),
    Invariant("I2", "环节与办理记录、工单一致", _by_sql(sql.COUNT_NODES, sql.NODES, _OPEN)),
    Invariant(
        "I3",
        "每次办理恰有一条审计",
        _by_sql(sql.COUNT_EVENTS, sql.AUDITS, {"actions": [f"case.{name}" for name in WORKFLOW.move_names()]}),
    ),
    Invariant("I3", "每次办理的消息已发给申请人", _by_sql(sql.COUNT_EVENTS, sql.MESSAGES, _notices_to_villagers())),
    Invariant("I4", "附件与文件一一对应，大小和摘要相符", check_files),
    Invariant("I4", "附件有所属工单", _by_sql(sql.COUNT_FILES, sql.FILES)),
    Invariant("I5", "每级催办不重复，超时标记正确", _by_sql(sql.COUNT_NODES, sql.REMINDED, _TIMED)),
    Invariant("I5", "到时的催办没有遗漏", _ladder),
    Invariant("I6", "统计数字等于台账行数", _counters),
    Invariant("I7", "实名身份与人员一致，每人只在一个农户", _by_sql(sql.COUNT_PERSONS, sql.PERSONS)),
    Invariant("I8", "补助、自筹、贷款和拨付金额相符", _by_sql(sql.COUNT_PROJECTS, sql.SUMS)),
    Invariant("I8", "工单与项目一致，一件只计入一个年度", _by_sql(sql.COUNT_PROJECTS, sql.PROJECTS, _APPROVED)),
    Invariant("I8", "公示、评价和复核与工单一致", _by_sql(sql.COUNT_OUTCOMES, sql.OUTCOMES)),
    Invariant("I9", "审计链完整", _audit_chain),
)
