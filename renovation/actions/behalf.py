"""代办: the absent person is told, may disown what was filed in their name, and the county asks them (ADR 0110)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import constant_time_compare

from accounts.actions import audit, messages
from accounts.queries import handling_office
from common.clock import database_now
from common.errors import Refusal
from renovation.actions.notices import county_office, tell_villager, township_office
from renovation.models import BehalfNotice, Case
from renovation.permissions import may_register_disowning, may_settle_disowning
from renovation.urls_of import for_agent, for_staff, for_villager

# Four digits beside an unguessable address: five guesses, then a day's pause.
GUESSES, PAUSE = 5, timedelta(days=1)
DISOWNED = "工单{no}：申请人本人表示不同意代办（代办人{agent}）。请向本人核实，核实前不能办理，办理期限不变。"
TOLD_AGENT = "您代办的申请（{no}），申请人本人表示不同意。区县会向本人核实，核实前不办理。"
SETTLED = "您的申请（{no}）：{county}已向本人核实，继续办理。核实情况：{words}"


@dataclass(frozen=True)
class TailTry:
    """What one try of the four digits led to: open, or how many are left, or until when nothing is read."""

    opens: bool
    left: int = 0
    locked_until: datetime | None = None


@transaction.atomic
def try_tail(*, notice: BehalfNotice, tail: str) -> TailTry:
    """Whether these are the last four of the applicant's ID number; wrong ones are counted, five shut it for a day."""
    notice = BehalfNotice.objects.select_for_update(of=("self",)).select_related("case").get(pk=notice.pk)
    moment = database_now()
    if notice.locked_until is not None and notice.locked_until > moment:
        return TailTry(opens=False, locked_until=notice.locked_until)
    known = notice.case.applicant_id_number[-4:].upper()
    if known and constant_time_compare(tail.strip().upper(), known):
        _remember(notice, failures=0, locked_until=None)
        return TailTry(opens=True)
    failures = notice.failures + 1
    left = (GUESSES - failures % GUESSES) % GUESSES
    _remember(notice, failures=failures, locked_until=None if left else moment + PAUSE)
    case, changes = notice.case, {"failures": failures}
    audit.record(by=None, action="behalf.tail_wrong", target=case, region=case, changes=changes)
    return TailTry(opens=False, left=left, locked_until=notice.locked_until)


def _remember(notice: BehalfNotice, *, failures: int, locked_until) -> None:
    if (notice.failures, notice.locked_until) == (failures, locked_until):
        return
    notice.failures, notice.locked_until = failures, locked_until
    notice.save(update_fields=["failures", "locked_until"])


@transaction.atomic
def disown(*, notice: BehalfNotice, words: str = "", by=None) -> BehalfNotice:
    """The applicant never asked for it: the case stands still until the county has asked them (ADR 0110).

    `by` is the officer who took the call, None the link whose four digits were right. The county, the village and
    whoever filed are told; said twice, it is one and the same. Refusal when the application has ended.
    """
    case = _lock(notice.case_id)
    notice = BehalfNotice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if notice.is_disowned:
        return notice
    if not case.is_open:
        raise Refusal("这份申请已经办结，不再办理")
    if by is not None and not may_register_disowning(by, case):
        raise Refusal("您没有登记的权限", code="forbidden")
    notice.disowned_at, notice.disowned_by, notice.words = database_now(), by, words.strip()
    notice.settled_at, notice.settled_by, notice.settlement = None, None, ""
    notice.save()
    audit.record(by=by, action="behalf.disowned", target=case, region=case, reason=notice.words)
    _tell_of_disowning(case)
    return notice


def _tell_of_disowning(case: Case) -> None:
    text = DISOWNED.format(no=case.number, agent=case.agent_name)
    village = handling_office(case.region_id, "village")
    offices = [county_office(case), township_office(case), village, case.office]
    for office in {one.pk: one for one in offices if one is not None}.values():
        messages.send_to_office(office=office, kind="A08", text=text, link=for_staff(case))
    told = TOLD_AGENT.format(no=case.number)
    if case.agent_claim_id:
        messages.send(recipient=case.agent_claim.uid, kind="A08", text=told, link=for_villager(case))
    elif not case.filed_by.is_villager:
        messages.send(recipient=case.filed_by.uid, kind="A08", text=told, link=for_agent(case))


@transaction.atomic
def settle(*, case: Case, by, words: str) -> BehalfNotice:
    """The county has asked the applicant, who wants it after all: the case goes on, and the person is told so.

    Who does not want it is served by 不予受理 or 终止. Refusal when nothing waits, or another level tries.
    """
    case = _lock(case.pk)
    if not may_settle_disowning(by, case):
        raise Refusal("由区县向本人核实", code="forbidden")
    notice = BehalfNotice.objects.select_for_update(of=("self",)).filter(case=case).first()
    if notice is None or not notice.is_disowned:
        raise Refusal("没有需要核实的代办，或已经核实", code="stale")
    notice.settled_at, notice.settled_by, notice.settlement = database_now(), by, words
    notice.save(update_fields=["settled_at", "settled_by", "settlement"])
    audit.record(by=by, action="behalf.settled", target=case, region=case, reason=words)
    text = SETTLED.format(no=case.number, county=by.office.name, words=words.rstrip("。") + "。")
    tell_villager(case, "A09", text)
    messages.send_sms(phone=case.applicant_phone, text=text)
    return notice


def _lock(case_id: int) -> Case:
    rows = Case.objects.select_related("claim", "region", "filed_by").select_for_update(of=("self",))
    return rows.get(pk=case_id)
