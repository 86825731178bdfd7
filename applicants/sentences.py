"""Where an application stands, said in one sentence and in what can be done now (reliability §5.2)."""

from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localtime

from applicants.endings import ENDINGS, Ending
from applicants.progress import discreet
from common.clock import now
from common.templatetags.anju import cn_date
from renovation import guards
from renovation.choices import CaseState as S
from renovation.models import Case
from renovation.queries.behalf import notice_of
from renovation.queries.nodes import last_event, second_look_of
from renovation.queries.service import objectors_of


@dataclass(frozen=True)
class Doing:
    """What the office does, in words a villager uses, and what will have happened by the date."""

    words: str
    until: str = "答复"


_DOING = {
    S.PENDING_ACCEPTANCE: Doing("正在受理"),
    S.PENDING_APPRAISAL: Doing("正在认定（鉴定房屋）"),
    S.PENDING_REVIEW: Doing("正在组织评议"),
    S.PENDING_TOWNSHIP_AUDIT: Doing("正在审核"),
    S.PENDING_COUNTY_APPROVAL: Doing("正在审批"),
    S.PENDING_IMPLEMENTATION: Doing("正在安排您家房屋开工", "安排好"),
    S.PENDING_COMPLETION: Doing("正在组织您家房屋改造", "完工并提交验收"),
    S.PENDING_FINAL_INSPECTION: Doing("正在验收您家房屋"),
}
# The same once more, after something was sent back.
_AGAIN = {
    S.PENDING_REVIEW: Doing("正在重新组织评议"),
    S.PENDING_TOWNSHIP_AUDIT: Doing("正在重新审核"),
    S.PENDING_COMPLETION: Doing("正在组织整改", "重新提交验收"),
}
# Why an office looks again; the office's own words follow.
_SENT_BACK = {
    "uphold_objection": "公示期间收到的意见经核实成立，要重新评议",
    "fail_audit": "乡镇（街道）审核没有通过，要重新评议",
    "return_to_review": "乡镇（街道）退回，要重新评议",
    "return_to_audit": "区县退回，要重新审核",
    "fail_inspection": "区县验收没有通过，要整改后重新验收",
    "reopen_review": "区县同意再看一次，要重新评议",
}
_DISOWNED = "申请人表示不同意代办，区县正在向本人核实，核实前先不办理"
_ASK = "您可以打下面的电话询问，系统也已催办。"


@dataclass(frozen=True)
class Status:
    """The big sentence of a progress page, its reason and advice; `kind` is ok, warn, danger or plain."""

    sentence: str
    kind: str = "plain"
    reason: str = ""
    reason_title: str = "原因"
    advice: str = ""
    is_provisional: bool = False
    may_apply_again: bool = False
    may_ask_again: bool = False


def status_of(case: Case) -> Status:
    """The application's status as its applicant reads it."""
    if not case.is_open:
        return _ended(case)
    if (notice := notice_of(case)) is not None and notice.is_disowned:
        return Status(_DISOWNED, kind="warn", advice="同意代办的，请打电话告诉区县；不同意的，不用做什么。")
    return _in_publicity(case) if case.state == S.IN_PUBLICITY else _going_on(case)


def headline_of(case: Case) -> str:
    """The same sentence alone, for a list: what happens now and until when, or how it ended; no query for an end."""
    if case.is_open:
        status = status_of(case)
        return f"{status.sentence}（暂定）" if status.is_provisional else status.sentence
    return _end_sentence(case)


def _end_sentence(case: Case) -> str:
    return f"{_year_day(localtime(case.closed_at).date())}，{ENDINGS[case.state].sentence}"


def _going_on(case: Case) -> Status:
    node, back = _open_node(case), _sent_back(case)
    doing = _AGAIN.get(case.state, _DOING[case.state]) if back else _DOING[case.state]
    words = f"{office_word(node)}{doing.words}"
    # The clock itself: the column that lists and statistics read is set minutes later.
    if node.due_at <= now():
        sentence = f"{words}，原定{cn_date(node.due_on)}前{doing.until}，现在已超过"
        return Status(sentence, kind="warn", advice=_ASK, **back)
    sentence = f"{words}，最迟 {cn_date(node.due_on)}{doing.until}"
    return Status(sentence, kind="warn" if back else "plain", is_provisional=node.is_provisional, **back)


def _sent_back(case: Case) -> dict:
    """That the office looks again, and why: the applicant reads the opinion that sent the case back (domain §3.6)."""
    event = last_event(case)
    if event is None or event.move not in _SENT_BACK:
        return {}
    return {"reason": discreet(event.opinion, objectors_of(case)), "reason_title": _SENT_BACK[event.move]}


def _in_publicity(case: Case) -> Status:
    """公示: until when; an objection is looked into, and neither what it says nor whose it is stands here."""
    node = _open_node(case)
    if case.open_objections().exists():
        words = f"您的申请在村里公示时收到不同意见，{office_word(node)}正在了解情况"
        if node.due_at <= now():
            return Status(f"{words}，原定{cn_date(node.due_on)}前办完，现在已超过", kind="warn", advice=_ASK)
        sentence = f"{words}，最迟 {cn_date(node.due_on)}办完"
        return Status(sentence, kind="warn", advice="现在不用您做什么，有结果会发消息给您。", **_provisional(node))
    if node.due_at <= now():
        return Status(f"您的申请公示到{cn_date(node.due_on)}，已经期满，马上转给{office_word(node)}审核")
    sentence = f"您的申请正在村里公示，公示到{cn_date(node.due_on)}"
    return Status(sentence, advice="公示期满没有不同意见，就转到乡镇（街道）审核。", **_provisional(node))


def _provisional(node) -> dict:
    return {"is_provisional": node.is_provisional}


def _open_node(case: Case):
    return case.nodes.filter(handled_at__isnull=True).select_related("office").get()


def _ended(case: Case) -> Status:
    ending = ENDINGS[case.state]
    said = {"advice": ending.advice, "may_apply_again": ending.may_apply_again(case)}
    return Status(
        sentence=_end_sentence(case),
        kind=ending.kind,
        reason=discreet(ending.reason(case), objectors_of(case)),
        **said | _looked_at_again(case, ending),
    )


def _looked_at_again(case: Case, ending: Ending) -> dict:
    """评议不通过: until when the county may be asked, or what came of it (decision 22)."""
    if case.state != S.REVIEW_FAILED:
        return {}
    look = second_look_of(case)
    if look is None:
        if guards.may_be_looked_at_again(case):
            return {}
        until = cn_date(guards.second_look_until(case))
        return {"may_ask_again": True, "advice": f"{until}以前，您可以请区县再看一次，只能提一次。{ending.advice}"}
    if look.closed_at is None:
        asked = _year_day(localtime(look.asked_at).date())
        return {"advice": f"{asked}您已请区县再看一次，有答复会发消息给您。", "may_apply_again": False}
    return {"advice": f"区县再看后维持这个结果：{look.answer}"}


def office_word(node) -> str:
    """The office by its short name where it has one."""
    return (node.office.short_name if node.office else "") or node.office_name


def _year_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
