"""The case, read from top to bottom: who acts, within what limit, and what each answer leads to (domain §4.1–4.2).

Everything else reads this table: the methods of Case, the to-do list, the timeline, docs/workflow.md, the tests.
"""

from common.limits import Days, Workdays
from common.workflow import ANY, Move, Step, Workflow
from renovation import guards
from renovation.choices import CaseState as S

VILLAGER, TOWNSHIP, COUNTY, SYSTEM = "villager", "township", "county", "system"
# An open objection gives the township this long to look into it (domain §4.2).
OBJECTION_LIMIT = Workdays(5)

PASS, FAIL = {"conclusion": ("pass",)}, {"conclusion": ("fail",)}
TERMINATE = Move(
    "terminate", "终止", to=S.TERMINATED, actor=COUNTY, form="TerminationForm", tone="danger", asks_again=True
)

WORKFLOW = Workflow(
    Step(
        S.DRAFT,
        title="群众申请",
        actor=VILLAGER,
        moves=(Move("submit", "提交申请", to=S.PENDING_ACCEPTANCE, guards=guards.APPLICATION),),
    ),
    Step(
        S.PENDING_ACCEPTANCE,
        title="区县受理",
        actor=COUNTY,
        limit=Workdays(3),
        warn_before=1,
        form="AcceptanceForm",
        moves=(
            Move("accept", "受理·通过", to=S.PENDING_APPRAISAL, when=PASS),
            Move("refuse", "受理·不通过", to=S.NOT_ACCEPTED, when=FAIL, tone="danger", asks_again=True),
            Move("withdraw", "撤回", to=S.WITHDRAWN, actor=VILLAGER, tone="plain"),
            TERMINATE,
        ),
    ),
    Step(
        S.PENDING_APPRAISAL,
        title="区县认定",
        actor=COUNTY,
        limit=Workdays(10),
        warn_before=1,
        form="AppraisalForm",
        moves=(
            Move(
                "find_dangerous",
                "认定·C级或D级",
                to=S.PENDING_REVIEW,
                when={"grade": ("C", "D")},
                guards=(guards.has_appraisal_files,),
            ),
            Move(
                "find_safe",
                "认定·A级或B级",
                to=S.APPRAISAL_FAILED,
                when={"grade": ("A", "B")},
                guards=(guards.has_appraisal_files,),
                tone="danger",
                asks_again=True,
            ),
            TERMINATE,
        ),
    ),
    Step(
        S.PENDING_REVIEW,
        title="乡镇组织评议",
        actor=TOWNSHIP,
        limit=Workdays(7),
        warn_before=1,
        form="ReviewForm",
        moves=(
            Move("pass_review", "评议·通过", to=S.IN_PUBLICITY, when=PASS, guards=guards.REVIEWED),
            Move(
                "fail_review",
                "评议·不通过",
                to=S.PENDING_TOWNSHIP_AUDIT,
                when=FAIL,
                guards=guards.REVIEWED,
                tone="danger",
            ),
            TERMINATE,
        ),
    ),
    Step(
        S.IN_PUBLICITY,
        title="公示",
        actor=TOWNSHIP,
        limit=Days(7),
        warn_before=1,
        is_timed=True,
        moves=(
            Move("end_publicity", "公示期满", to=S.PENDING_TOWNSHIP_AUDIT, actor=SYSTEM, guards=guards.PUBLICISED),
            Move(
                "uphold_objection",
                "异议成立",
                to=S.PENDING_REVIEW,
                form="UpheldObjectionForm",
                guards=(guards.has_open_objection,),
                tone="danger",
                asks_again=True,
            ),
            TERMINATE,
        ),
    ),
    Step(
        S.PENDING_TOWNSHIP_AUDIT,
        title="乡镇街道审核",
        actor=TOWNSHIP,
        limit=Workdays(5),
        warn_before=1,
        form="TownshipAuditForm",
        # What the audit confirms depends on the review before it (decision 22): the form answers `review` by itself.
        moves=(
            Move(
                "pass_audit",
                "审核·通过",
                to=S.PENDING_COUNTY_APPROVAL,
                when=PASS | {"review": ("pass",)},
                guards=guards.AUDITED,
            ),
            Move(
                "confirm_failed_review",
                "审核·通过（确认评议不通过）",
                to=S.REVIEW_FAILED,
                when=PASS | {"review": ("fail",)},
                tone="danger",
                asks_again=True,
            ),
            Move("fail_audit", "审核·不通过", to=S.PENDING_REVIEW, when=FAIL, tone="warn"),
            Move("return_to_review", "回退", to=S.PENDING_REVIEW, form="ReturnForm", tone="warn"),
            TERMINATE,
        ),
    ),
    Step(
        S.PENDING_COUNTY_APPROVAL,
        title="区县审批",
        actor=COUNTY,
        limit=Workdays(7),
        warn_before=1,
        form="ApprovalForm",
        moves=(
            Move(
                "approve",
                "审批·通过",
                to=S.PENDING_IMPLEMENTATION,
                when=PASS,
                guards=guards.APPROVED,
                asks_again=True,
            ),
            Move("reject", "审批·不通过", to=S.APPROVAL_REJECTED, when=FAIL, tone="danger", asks_again=True),
            Move("return_to_audit", "回退", to=S.PENDING_TOWNSHIP_AUDIT, form="ReturnForm", tone="warn"),
            TERMINATE,
        ),
    ),
    Step(
        S.PENDING_IMPLEMENTATION,
        title="乡镇组织实施",
        actor=TOWNSHIP,
        limit=Days(30),
        warn_before=5,
        form="ImplementationForm",
        moves=(
            Move("start_works", "组织实施·提交", to=S.PENDING_COMPLETION, when={"method": ANY}, guards=guards.STARTED),
            TERMINATE,
        ),
    ),
    Step(
        S.PENDING_COMPLETION,
        title="乡镇街道提交验收",
        actor=TOWNSHIP,
        limit=Workdays(180),
        warn_before=5,
        form="CompletionForm",
        moves=(
            Move(
                "report_completion",
                "提交验收",
                to=S.PENDING_FINAL_INSPECTION,
                when={"after_ownership": ANY},
                guards=guards.FINISHED_WORKS,
            ),
            TERMINATE,
        ),
    ),
    Step(
        S.PENDING_FINAL_INSPECTION,
        title="区县验收",
        actor=COUNTY,
        limit=Workdays(5),
        warn_before=1,
        form="InspectionForm",
        moves=(
            Move(
                "pass_inspection",
                "验收·通过",
                to=S.COMPLETED,
                when=PASS,
                guards=guards.INSPECTED,
                asks_again=True,
            ),
            Move("fail_inspection", "验收·不通过", to=S.PENDING_COMPLETION, when=FAIL, tone="warn"),
            TERMINATE,
        ),
    ),
    Step(S.COMPLETED),
    Step(S.NOT_ACCEPTED),
    Step(S.APPRAISAL_FAILED),
    # The villager may ask the county once to look again; only then is there a way back (decision 22).
    Step(
        S.REVIEW_FAILED,
        actor=COUNTY,
        moves=(
            Move(
                "reopen_review",
                "同意重新评议",
                to=S.PENDING_REVIEW,
                form="ReopeningForm",
                guards=(guards.is_asked_to_look_again,),
                asks_again=True,
            ),
        ),
    ),
    Step(S.APPROVAL_REJECTED),
    Step(S.WITHDRAWN),
    Step(S.TERMINATED),
)
