"""The case, read from top to bottom: who acts, within what limit, and what each answer leads to (domain §4.1–4.2).

Everything else reads this table: the methods of Case, the to-do list, the timeline, the tests.
The moves out of 待乡镇组织评议 and the steps after it belong to the second half of the work.
"""

from common.limits import Workdays
from common.workflow import Move, Step, Workflow
from renovation import guards
from renovation.choices import CaseState as S

VILLAGER, TOWNSHIP, COUNTY = "villager", "township", "county"

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
            Move("accept", "受理·通过", to=S.PENDING_APPRAISAL, when={"conclusion": ("pass",)}),
            Move("refuse", "受理·不通过", to=S.NOT_ACCEPTED, when={"conclusion": ("fail",)}, tone="danger"),
            Move("withdraw", "撤回", to=S.WITHDRAWN, actor=VILLAGER, tone="plain"),
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
            ),
        ),
    ),
    Step(S.PENDING_REVIEW, title="乡镇组织评议", actor=TOWNSHIP, limit=Workdays(7), warn_before=1),
    Step(S.NOT_ACCEPTED),
    Step(S.APPRAISAL_FAILED),
    Step(S.WITHDRAWN),
)
