"""Messages of the case as a table: which move tells whom what, in the exact words of domain §17."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.timezone import localtime

from accounts.actions import messages
from accounts.models import Office
from accounts.queries import handling_office
from common.clock import today
from common.identity import normalise_phone
from renovation.models import BehalfNotice, Case, CaseNode
from renovation.queries.visits import visit_ratio
from renovation.urls_of import for_absent, for_staff, for_villager

VILLAGER, UNIT, COUNTY, TOWNSHIP = "villager", "unit", "county", "township"


@dataclass(frozen=True)
class Notice:
    """One message: its number in domain §17, who gets it, and the sentence."""

    kind: str
    to: str
    text: str


def _to_both(kind: str, office: str, text: str) -> tuple[Notice, Notice]:
    return Notice(kind, VILLAGER, text), Notice(kind, office, text)


_AGAIN = _to_both("N16", UNIT, "工单{no}审核不通过，已退回重新评议。原因：{opinion}")
NOTICES = {
    "submit": (
        Notice(
            "N01",
            VILLAGER,
            "您的农村危房改造申请（工单号{no}）已提交成功，{county}住建部门将在3个工作日内受理，请留意办理进度。",
        ),
        Notice("N02", UNIT, "您有新的农村危房改造申请待受理：{no}，申请人{name}，请于{due}前处理。"),
    ),
    "accept": (
        Notice("N03", VILLAGER, "您的申请（{no}）已受理，将进入区县认定（鉴定）环节。受理意见：{opinion}"),
        Notice("N04", UNIT, "工单{no}待区县认定，请于{due}前完成鉴定并上传鉴定表。"),
    ),
    "refuse": (Notice("N05", VILLAGER, "您的申请（{no}）不予受理。原因：{opinion}。如有疑问请联系{phone}。"),),
    "withdraw": (
        Notice("N06", VILLAGER, "申请{no}已由申请人撤回。"),
        Notice("N06", COUNTY, "申请{no}已由申请人撤回。"),
    ),
    "find_dangerous": (
        Notice("N07", VILLAGER, "您的房屋鉴定等级为{grade}，将由{town}组织评议。"),
        Notice("N08", UNIT, "工单{no}待乡镇组织评议，请于{due}前完成。"),
    ),
    "find_safe": (
        Notice(
            "N09",
            VILLAGER,
            "您的房屋鉴定等级为{grade}，不属于危房改造范围，本次申请办结（鉴定不通过）。意见：{opinion}",
        ),
    ),
    "pass_review": (Notice("N10", VILLAGER, "您的申请（{no}）评议通过，现予公示，公示期{start}至{due}。"),),
    # Nobody is told of a failed review before the audit has confirmed it (decision 22).
    "fail_review": (),
    "end_publicity": (Notice("N12", UNIT, "工单{no}公示期满且无异议，待乡镇街道审核，请于{due}前处理。"),),
    "uphold_objection": _AGAIN,
    "pass_audit": (
        Notice("N14", VILLAGER, "您的申请（{no}）已通过乡镇（街道）审核，报区县审批。"),
        Notice("N15", UNIT, "工单{no}待区县审批，请于{due}前处理；本月入户调查比例{ratio}。"),
    ),
    "confirm_failed_review": (Notice("N11", VILLAGER, "您的申请（{no}）评议不通过。原因：{review_opinion}"),),
    "fail_audit": _AGAIN,
    "return_to_review": _AGAIN,
    "approve": (
        Notice("N17", VILLAGER, "您的申请（{no}）已通过审批，列入{year}年计划，请配合{town}组织实施。"),
        Notice("N18", UNIT, "工单{no}审批通过，请于{due}前（30个自然日）组织实施并填报开工信息。"),
    ),
    "reject": (Notice("N19", VILLAGER, "您的申请（{no}）审批不通过。原因：{opinion}"),),
    "return_to_audit": (Notice("N20", UNIT, "工单{no}被区县回退至乡镇街道审核。原因：{opinion}"),),
    "start_works": _to_both("N22", UNIT, "工单{no}已开工（{started}），请于{due}前（180个工作日）完成建设并提交验收。"),
    "report_completion": (Notice("N23", UNIT, "工单{no}待区县验收，请于{due}前处理。"),),
    "pass_inspection": (
        Notice("N24", VILLAGER, "您的房屋改造已通过验收，补助资金将按规定拨付。欢迎对本次服务进行评价。"),
    ),
    "fail_inspection": _to_both("N25", UNIT, "工单{no}验收不通过，请整改后重新提交验收。原因：{opinion}"),
    "terminate": _to_both("N26", TOWNSHIP, "工单{no}已终止。原因：{ending}"),
    "reopen_review": (Notice("N08", UNIT, "工单{no}待乡镇组织评议，请于{due}前完成。"),),
}


# What a cadre does in somebody's name (代办) goes to that person's telephone as well.
FOR_ABSENT = {"N01": "提交", "N06": "撤回"}


def announce(case: Case, event, node: CaseNode | None) -> None:
    """Send the messages of this move in its transaction: rows, so that they exist exactly when the move does."""
    facts = Facts(case, event, node)
    for notice in NOTICES.get(event.move, ()):
        _send(notice, case, facts)


def _send(notice: Notice, case: Case, facts) -> None:
    text = notice.text.format_map(facts)
    if notice.to == VILLAGER:
        tell_villager(case, notice.kind, text)
        if notice.kind in FOR_ABSENT and case.on_behalf and facts.event.by_id == case.filed_by_id:
            # The person is not at this screen: the telephone is told what was done (domain §3.4, 代办).
            done = f"{case.agent_name}已代您{FOR_ABSENT[notice.kind]}。"
            way = _way_to_say_no(case) if notice.kind == "N01" else ""
            messages.send_sms(phone=case.applicant_phone, text=done + text + way)
        return
    office = office_of(notice, case)
    if office is not None:
        messages.send_to_office(office=office, kind=notice.kind, text=text, link=for_staff(case))


def tell_villager(case: Case, kind: str, text: str) -> None:
    """A message to the applicant's inbox, and to the relative who filed for them (代办)."""
    if case.claim_id:
        messages.send(recipient=case.claim.uid, kind=kind, text=text, link=for_villager(case))
    if case.agent_claim_id:
        messages.send(recipient=case.agent_claim.uid, kind=kind, text=f"您代办的申请：{text}", link=for_villager(case))


def _way_to_say_no(case: Case) -> str:
    """The link and the telephone by which the person disowns what was filed in their name (ADR 0110)."""
    # Where the number is that of whoever filed, nobody else has been told: the officers read so.
    is_told = normalise_phone(case.applicant_phone) != normalise_phone(case.agent_phone)
    notice = BehalfNotice.objects.create(case=case, is_told=is_told)
    office = county_office(case)
    call = f"，或打电话{office.phone}" if office is not None and office.phone else ""
    return f"如果您没有同意，请打开{settings.SITE_URL}{for_absent(notice)} 告诉我们{call}。"


def office_of(notice: Notice, case: Case) -> Office | None:
    """The office a notice goes to; where there is no township, its county does the work and gets the message."""
    if notice.to == UNIT:
        return case.office
    return (township_office(case) if notice.to == TOWNSHIP else None) or county_office(case)


def county_office(case: Case) -> Office | None:
    """The county's office for cases, or None."""
    return handling_office(case.county_id, "county")


def township_office(case: Case) -> Office | None:
    """The office of the case's township, or None where there is none."""
    return handling_office(case.township_id, "township") if case.township_id else None


class Facts:
    """The words in braces of a sentence; each is looked up only when a sentence of this move has it."""

    def __init__(self, case: Case, event, node: CaseNode | None):
        self.case, self.event, self.node = case, event, node

    def __getitem__(self, word: str) -> str:
        return getattr(self, word)()

    def no(self) -> str:
        return self.case.number

    def name(self) -> str:
        return self.case.applicant_name

    def county(self) -> str:
        return self.case.county.name

    def phone(self) -> str:
        office = county_office(self.case)
        return office.phone if office else "县住建部门"

    def opinion(self) -> str:
        return self.event.opinion or "无"

    def grade(self) -> str:
        return self.case.get_grade_display()

    def due(self) -> str:
        return in_words(self.node.due_on)

    def town(self) -> str:
        return self.node.office_name

    def start(self) -> str:
        return in_words(localtime(self.event.at).date())

    def started(self) -> str:
        return in_words(self.case.project.start_date)

    def year(self) -> str:
        return str(self.case.project.plan_year)

    def ratio(self) -> str:
        return "{}/{}".format(*visit_ratio(self.case.county_id, today()))

    def review_opinion(self) -> str:
        """Why the review failed: its own words, with what the audit that confirms them adds."""
        reviews = self.case.nodes.filter(move="fail_review").order_by("-seq")
        words = (reviews.values_list("opinion", flat=True).first(), self.event.opinion)
        return "；".join(one for one in words if one) or "无"

    def ending(self) -> str:
        reason = self.case.get_termination_reason_display()
        return f"{reason}。{self.event.opinion}" if self.event.opinion else reason


def in_words(day: date) -> str:
    """A day as the messages write it; the year only when it is another one."""
    return f"{day.month}月{day.day}日" if day.year == today().year else f"{day.year}年{day.month}月{day.day}日"
