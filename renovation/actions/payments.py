"""Money that reached the family (拨付, domain §7.4): recorded by the county, summed up under the project's lock."""

import datetime as dt
from decimal import Decimal

from django.db import transaction

from accounts.actions import audit
from common.clock import today
from common.errors import Refusal
from renovation.actions.service import tell_applicant
from renovation.choices import ApplicationState, PaymentState
from renovation.models import Case, Payment, RenovationProject
from renovation.permissions import is_of_county

# Domain §17 N37; the second has no number there.
PAID = "您的农村危房改造补助资金{amount}元已拨付，请核对“一卡通”账户。"
TAKEN_BACK = "此前登记的{day}拨付农村危房改造补助资金{amount}元有误，已更正。如有疑问请联系县住建部门。"


@transaction.atomic
def record_payment(
    *, project: RenovationProject, by, paid_on: dt.date, amount: Decimal, payee: str, bank_last4: str = ""
) -> Payment:
    """Write down money that was paid (元), tell the applicant (N37), and return the row.

    Allowed from the start of the works on (domain §7.2); what the levels give is only known at 验收, and from then on
    it is the limit. Refusal: not the county's handler, works not begun, a date before the approval or after today, more
    than the government gives in all. A double post is the submit token's business.
    """
    project = _lock(project, by)
    if reason := why_not(project):
        raise Refusal(reason)
    if paid_on > today():
        raise Refusal("拨付日期不能晚于今天")
    if paid_on < project.approved_on:
        raise Refusal(f"拨付日期不能早于审批日期（{project.approved_on:%Y-%m-%d}）")
    if amount <= 0:
        raise Refusal("拨付金额应大于0")
    if has_lines(project) and amount > (left := unpaid(project)):
        raise Refusal(f"拨付金额超过各级政府补助合计，最多还可登记{left:,.2f}元")
    payment = Payment(project=project, paid_on=paid_on, amount=amount, payee=payee, bank_last4=bank_last4)
    payment.recorded_by = by
    payment.save()
    _add(project, amount)
    audit.record(by=by, action="project.paid", target=payment, region=project, changes=_said(payment))
    if project.case is not None:
        tell_applicant(project.case, "N37", PAID.format(amount=f"{amount:,.2f}"))
    return payment


@transaction.atomic
def remove_payment(*, payment: Payment, by, reason: str) -> None:
    """Take back a payment that was written down by mistake; what it said stays in the audit trail with the reason.

    Allowed after 终止 too. Refusal: not the county's handler, no reason, already taken back.
    """
    project = _lock(payment.project, by)
    kept = Payment.objects.filter(pk=payment.pk, project=project).first()
    if kept is None:
        raise Refusal("这笔拨付记录已经删除")
    if not reason.strip():
        raise Refusal("请填写删除原因")
    audit.record(
        by=by, action="project.payment_removed", target=kept, region=project, changes=_said(kept), reason=reason
    )
    kept.delete()
    _add(project, -kept.amount)
    if project.case is not None:
        day = f"{kept.paid_on:%Y年%m月%d日}"
        tell_applicant(project.case, "A07", TAKEN_BACK.format(day=day, amount=f"{kept.amount:,.2f}"))


def why_not(project: RenovationProject) -> str | None:
    """Why no payment can be recorded for this project now, or None; the page says it instead of showing the form."""
    if project.application_state != ApplicationState.APPROVED:
        return "项目没有审批通过，不能登记拨付"
    if project.terminated_on is not None:
        return "项目已终止，不能再登记拨付"
    if project.start_date is None:
        return "乡镇填报开工后，才能登记拨付"
    if has_lines(project) and unpaid(project) <= 0:
        return "补助资金已全额拨付" if project.government_total else "没有各级政府补助资金，不需要登记拨付"
    return None


def has_lines(project: RenovationProject) -> bool:
    """Whether 验收 has said what each level gives."""
    return project.lines.exists()


def unpaid(project: RenovationProject) -> Decimal:
    """What the government still owes the family, in 元."""
    return project.government_total - project.paid_total


def payment_state(paid: Decimal, granted: Decimal) -> PaymentState:
    """拨付情况: what was paid against the government's lines (domain §7.4); an advance is never all of it."""
    if not paid:
        return PaymentState.UNPAID
    return PaymentState.FULL if granted and paid >= granted else PaymentState.PARTLY


def _lock(project: RenovationProject, by) -> RenovationProject:
    # The case first, as every step does: its forms write to the same project.
    Case.objects.select_for_update(of=("self",)).filter(pk=project.case_id).first()
    rows = RenovationProject.objects.visible_to(by).select_related("case__claim", "case__filed_by")
    locked = rows.select_for_update(of=("self",)).filter(pk=project.pk).first()
    if locked is None:
        raise Refusal("没有找到该项目", code="missing")
    if not is_of_county(by, locked):
        raise Refusal("您没有登记拨付的权限", code="forbidden")
    return locked


def _add(project: RenovationProject, amount: Decimal) -> None:
    project.paid_total += amount
    project.payment_state = payment_state(project.paid_total, project.government_total)
    project.save(update_fields=["paid_total", "payment_state", "updated_at"])


def _said(payment: Payment) -> dict:
    return {
        "paid_on": payment.paid_on.isoformat(),
        "amount": str(payment.amount),
        "payee": payment.payee,
        "bank_last4": payment.bank_last4,
    }
