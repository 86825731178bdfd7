"""Messages of the case as a table: which move tells whom what, in the exact words of domain §17."""

from dataclasses import dataclass
from datetime import date

from accounts.actions import messages
from accounts.models import Office
from accounts.queries import handling_office
from common.clock import today
from renovation.models import Case, CaseNode
from renovation.urls_of import for_staff, for_villager

VILLAGER, UNIT, COUNTY = "villager", "unit", "county"


@dataclass(frozen=True)
class Notice:
    """One message: its number in domain §17, who gets it, and the sentence."""

    kind: str
    to: str
    text: str


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
        if case.claim_id:
            messages.send(recipient=case.claim.uid, kind=notice.kind, text=text, link=for_villager(case))
        if notice.kind in FOR_ABSENT and case.on_behalf and not facts.event.by.is_villager:
            # The person is not at this screen: the telephone is told what the cadre did (domain §3.4, 代办).
            done = f"{case.agent_name}已代您{FOR_ABSENT[notice.kind]}。"
            messages.send_sms(phone=case.applicant_phone, text=done + text)
        return
    office = case.office if notice.to == UNIT else county_office(case)
    if office is not None:
        messages.send_to_office(office=office, kind=notice.kind, text=text, link=for_staff(case))


def county_office(case: Case) -> Office | None:
    """The county's office for cases, or None."""
    return handling_office(case.county_id, "county")


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


def in_words(day: date) -> str:
    """A day as the messages write it; the year only when it is another one."""
    return f"{day.month}月{day.day}日" if day.year == today().year else f"{day.year}年{day.month}月{day.day}日"
