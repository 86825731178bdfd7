from django.db import models

from common.workflow import FSMField
from renovation.choices import CaseState
from renovation.workflow import WORKFLOW


class CaseMoves(models.Model):
    """State of a case and its moves (办理动作): each a one-line transition made from its row of the table."""

    state = FSMField("当前环节", choices=CaseState.choices, default=CaseState.DRAFT, protected=True)

    class Meta:
        abstract = True

    @WORKFLOW.move("submit", state)
    def submit(self):
        """提交申请"""

    @WORKFLOW.move("withdraw", state)
    def withdraw(self):
        """撤回"""

    @WORKFLOW.move("accept", state)
    def accept(self):
        """受理·通过"""

    @WORKFLOW.move("refuse", state)
    def refuse(self):
        """受理·不通过"""

    @WORKFLOW.move("find_dangerous", state)
    def find_dangerous(self):
        """认定·C级或D级"""

    @WORKFLOW.move("find_safe", state)
    def find_safe(self):
        """认定·A级或B级"""

    @WORKFLOW.move("pass_review", state)
    def pass_review(self):
        """评议·通过"""

    @WORKFLOW.move("fail_review", state)
    def fail_review(self):
        """评议·不通过"""

    @WORKFLOW.move("end_publicity", state)
    def end_publicity(self):
        """公示期满"""

    @WORKFLOW.move("uphold_objection", state)
    def uphold_objection(self):
        """异议成立"""

    @WORKFLOW.move("pass_audit", state)
    def pass_audit(self):
        """审核·通过"""

    @WORKFLOW.move("confirm_failed_review", state)
    def confirm_failed_review(self):
        """审核·通过（确认评议不通过）"""

    @WORKFLOW.move("fail_audit", state)
    def fail_audit(self):
        """审核·不通过"""

    @WORKFLOW.move("return_to_review", state)
    def return_to_review(self):
        """回退（审核至评议）"""

    @WORKFLOW.move("approve", state)
    def approve(self):
        """审批·通过"""

    @WORKFLOW.move("reject", state)
    def reject(self):
        """审批·不通过"""

    @WORKFLOW.move("return_to_audit", state)
    def return_to_audit(self):
        """回退（审批至审核）"""

    @WORKFLOW.move("start_works", state)
    def start_works(self):
        """组织实施·提交"""

    @WORKFLOW.move("report_completion", state)
    def report_completion(self):
        """提交验收"""

    @WORKFLOW.move("pass_inspection", state)
    def pass_inspection(self):
        """验收·通过"""

    @WORKFLOW.move("fail_inspection", state)
    def fail_inspection(self):
        """验收·不通过"""

    @WORKFLOW.move("terminate", state)
    def terminate(self):
        """终止"""

    @WORKFLOW.move("reopen_review", state)
    def reopen_review(self):
        """同意重新评议"""
