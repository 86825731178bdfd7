"""The notice to the village (公示): put up, objected to, ended by the clock or taken down (domain §4.2, §15.3)."""

import logging

from django.db import transaction
from django.utils.timezone import localtime

from accounts.actions import audit, messages
from common.clock import database_now
from common.errors import Refusal
from regions import deadlines
from renovation.actions import clock
from renovation.actions.notices import county_office, in_words, tell_villager
from renovation.choices import CaseState, ObjectionResult, PublicityState, Slot
from renovation.models import Case, Objection, Publicity
from renovation.permissions import may_handle
from renovation.queries import publicity as notices
from renovation.urls_of import for_notice
from renovation.workflow import OBJECTION_LIMIT

log = logging.getLogger(__name__)

POSTED = "请在村务公开栏张贴{no}公示并上传照片，公示期{start}至{end}。"
OBJECTED = "工单{no}公示期收到异议，请核实处理。"
ANSWERED = "工单{no}异议已处理：{result}。"
MOOT = "工单已终止，异议不再处理"
TOO_LATE = "公示已经结束，不能再登记或处理异议，请刷新后查看"


@transaction.atomic
def open_publicity(*, case: Case, by, at, node) -> Publicity:
    """Put the notice of this round up (评议·通过) and return it; `node` is the open step, whose clock it follows.

    Refusal when a field of the allow-list is empty or gives away an ID, telephone or bank number. Tells the village
    to hang it up (N35), or the township where the village has no unit of its own.
    """
    villages = notices.village_offices(case)
    posting = notices.Posting(
        case, node.office, localtime(at).date(), node.due_on, node.is_provisional, village_offices=villages
    )
    content = notices.content_of(posting)
    allowed = [content[key] for key in notices.PHONES]
    if fault := notices.fault_in(content, place=case.publicity_place, allowed=allowed):
        raise Refusal(fault)
    number = case.publicities.count() + 1
    if number > 1:
        # The photo slot holds the present round only: an old board proves nothing for a new notice (DQ47).
        case.files(Slot.NOTICE).update(slot=notices.earlier_slot(number - 1))
    notice = Publicity.objects.create(
        case=case,
        round=number,
        place=case.publicity_place,
        starts_on=posting.starts_on,
        ends_on=node.due_on,
        ends_at=node.due_at,
        is_provisional=node.is_provisional,
        content=content,
        content_sha256=notices.digest(content),
    )
    seal = {"round": number, "ends_on": notice.ends_on, "sha256": notice.content_sha256}
    audit.record(by=by, action="publicity.opened", target=notice, region=case, changes=seal)
    text = POSTED.format(no=case.number, start=in_words(notice.starts_on), end=in_words(notice.ends_on))
    for office in villages or [node.office]:
        messages.send_to_office(office=office, kind="N35", text=text, link=for_notice(case))
    return notice


@transaction.atomic
def end_publicity(*, case: Case, at) -> Publicity | None:
    """The notice ran its time: its address answers no more, its sealed copy stays; returns it, None when none ran."""
    return _close(case, at, PublicityState.ENDED, "publicity.ended")


@transaction.atomic
def take_down(*, case: Case, at) -> Publicity | None:
    """The running notice comes down early (异议成立, 终止); returns it, None when none was up."""
    return _close(case, at, PublicityState.TAKEN_DOWN, "publicity.taken_down")


def _close(case: Case, at, state: str, action: str) -> Publicity | None:
    notice = _running(case)
    if notice is None:
        return None
    notice.state, notice.closed_at = state, at
    notice.save(update_fields=["state", "closed_at"])
    audit.record(by=None, action=action, target=notice, region=case, changes={"round": notice.round})
    return notice


def _running(case: Case) -> Publicity | None:
    return case.publicities.filter(state=PublicityState.OPEN).first()


@transaction.atomic
def register_objection(*, case: Case, by, is_anonymous: bool, name: str, phone: str, content: str) -> Objection:
    """Note what somebody holds against the running notice (登记异议) and return it; the township has five working days.

    An anonymous one keeps neither name nor telephone. Refusal after the end of the notice, without the duty, without
    words. Township and county are told (N13); the notice does not end before the answer.
    """
    case = _lock(case, by=by)
    notice = _running(case)
    if case.state != CaseState.IN_PUBLICITY or notice is None or notice.is_over():
        raise Refusal(TOO_LATE, code="stale")
    if not content.strip():
        raise Refusal("请填写异议内容")
    if not is_anonymous and not name.strip():
        raise Refusal("请填写异议人姓名，或选择匿名")
    moment = database_now()
    due = deadlines.due(moment, OBJECTION_LIMIT, case.region_id)
    objection = Objection.objects.create(
        publicity=notice,
        is_anonymous=is_anonymous,
        name="" if is_anonymous else name.strip(),
        phone="" if is_anonymous else phone,
        content=content.strip(),
        registered_by=by,
        registered_by_name=str(by),
        registered_at=moment,
        due_on=due.due_on,
        due_at=due.due_at,
    )
    seen = {"is_anonymous": is_anonymous, "due_on": due.due_on}
    audit.record(by=by, action="objection.registered", target=objection, region=case, changes=seen)
    for office in {case.office, county_office(case)} - {None}:
        text = OBJECTED.format(no=case.number)
        messages.send_to_office(office=office, kind="N13", text=text, link=for_notice(case))
    clock.follow_objections(case)
    return objection


@transaction.atomic
def dismiss_objection(*, objection: Objection, by, answer: str) -> Objection:
    """异议不成立, with the answer why; returns the closed objection. Refusal when it was answered meanwhile.

    The notice goes on, or ends with the next tick when its days are over and nothing else waits. N36 to the township.
    """
    case = _lock(objection.publicity.case, by=by)
    objection = Objection.objects.select_for_update(of=("self",)).get(pk=objection.pk)
    if objection.closed_at is not None:
        raise Refusal("该异议已经处理，请刷新后查看", code="stale")
    if case.state != CaseState.IN_PUBLICITY:
        raise Refusal(TOO_LATE, code="stale")
    if not answer.strip():
        raise Refusal("请填写处理说明")
    _answer(objection, case, by=by, at=database_now(), result=ObjectionResult.DISMISSED, answer=answer.strip())
    _tell_township(case, ObjectionResult.DISMISSED)
    clock.follow_objections(case)
    return objection


@transaction.atomic
def close_upheld(*, case: Case, by, at, answer: str) -> int:
    """异议成立: close every open objection of the case with that answer; returns how many. The move has been judged.

    N36 to the township and to the villager.
    """
    waiting = list(case.open_objections().select_for_update(of=("self",)))
    for objection in waiting:
        _answer(objection, case, by=by, at=at, result=ObjectionResult.UPHELD, answer=answer)
    if waiting:
        _tell_township(case, ObjectionResult.UPHELD)
        tell_villager(case, "N36", ANSWERED.format(no=case.number, result=ObjectionResult.UPHELD.label))
    return len(waiting)


@transaction.atomic
def close_moot(*, case: Case, by, at) -> int:
    """终止: what was still held against the notice has nothing left to be held against; returns how many closed."""
    waiting = list(case.open_objections().select_for_update(of=("self",)))
    for objection in waiting:
        _answer(objection, case, by=by, at=at, result=ObjectionResult.DISMISSED, answer=MOOT)
    return len(waiting)


def _lock(case: Case, *, by) -> Case:
    """The case, locked, still this officer's to handle; the lock is the turnstile against the clock and colleagues."""
    locked = Case.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=case.pk).first()
    if locked is None or not may_handle(by, locked):
        raise Refusal("您没有登记或处理异议的权限，或公示已经结束", code="forbidden")
    return locked


def _answer(objection: Objection, case: Case, *, by, at, result: str, answer: str) -> None:
    objection.closed_at, objection.closed_by, objection.closed_by_name = at, by, str(by)
    objection.result, objection.answer = result, answer
    objection.save(update_fields=["closed_at", "closed_by", "closed_by_name", "result", "answer"])
    changes = {"result": result, "round": objection.publicity.round}
    audit.record(by=by, action=f"objection.{result}", target=objection, region=case, changes=changes)


def _tell_township(case: Case, result: ObjectionResult) -> None:
    if case.office is not None:
        text = ANSWERED.format(no=case.number, result=result.label)
        messages.send_to_office(office=case.office, kind="N36", text=text, link=for_notice(case))


def close_due_publicities() -> int:
    """End every notice that is over and has no objection waiting (公示期满); returns how many. The timer's work.

    Row by row, each in a transaction of its own: a row that somebody holds is left for the next tick, a bad one does
    not hold up the others, and any number of these may run at once.
    """
    ended = 0
    for case_id in notices.due_to_end():
        try:
            ended += _end_one(case_id)
        except Exception:
            log.exception("publicity: case %s could not be ended", case_id)
    return ended


@transaction.atomic
def _end_one(case_id: int) -> int:
    # The door for state stands above this module: it takes notices down as effects of its moves.
    from renovation.actions.moves import perform_move

    waiting = Case.objects.select_for_update(of=("self",), skip_locked=True)
    case = waiting.filter(pk=case_id, state=CaseState.IN_PUBLICITY).first()
    if case is None or case.open_objections().exists():
        return 0
    # A holiday that was announced meanwhile rolls the last day forward (domain §14.2): asked once more before the end.
    clock.follow_objections(case)
    notice = _running(case)
    if notice is None or not notice.is_over():
        return 0
    perform_move(case, "end_publicity", by=None)
    return 1
