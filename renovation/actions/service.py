"""What the applicant is owed beside the steps: rating, second look, who has looked, photos asked for (domain §3.6)."""

from datetime import timedelta

from django.db import transaction

from accounts.actions import audit, messages
from common.clock import database_now
from common.errors import Refusal
from renovation import guards
from renovation.actions.notices import county_office, tell_villager
from renovation.choices import CaseState, Stars
from renovation.models import Case, CaseViewing, Rating, SecondLook
from renovation.permissions import is_applicant, is_of_county, is_the_person, may_handle
from renovation.queries.nodes import open_node
from renovation.queries.service import LOW, unrated
from renovation.urls_of import for_agent, for_second_look, for_staff, for_villager

# Messages without a number in domain §17, and N38 that has one.
LOW_RATING = "工单{no}的申请人评价为“{stars}”并说明了原因，请查看并改进。"
ASKED_AGAIN = "工单{no}的申请人对评议不通过有异议，请求区县再看一次，请查看并答复。"
GRANTED = "您请区县再看一次的申请（{no}）已同意，将重新组织评议。说明：{answer}"
REFUSED = "您请区县再看一次的申请（{no}）已有答复：维持评议不通过。说明：{answer}"
WANTS_PHOTOS = "您的申请（{no}）需要补充照片：{words}。请打开办理进度，拍照上传。"
RATE = "请对工单{no}的办理服务进行评价。"

REMIND_AFTER = timedelta(days=7)
# A machine that stood still for a month does not ask people about what is long past.
REMIND_UNTIL = timedelta(days=37)
BATCH = 200


@transaction.atomic
def rate_case(*, case: Case, by, stars: int, reason: str = "", comment: str = "") -> Rating:
    """Keep how the villager found the service, once; 2 stars or less go to the county, with no word of the villager's.

    Only the applicant on the own phone: whoever files for somebody (代办) belongs to the administration that is rated,
    so a cadre never rates, not even in the person's words; the person may, from any phone, once proven.
    Refusal when the case has not been completed (domain §3.6), when it was rated already, or when a low one says
    nothing of the reason (§10.24).
    """
    locked = _lock(case, by)
    if not (by.is_villager and is_the_person(by, locked)):
        raise Refusal("只有申请人本人可以评价", code="forbidden")
    if locked.state != CaseState.COMPLETED:
        raise Refusal("办结并通过验收后才能评价")
    if Rating.objects.filter(case=locked).exists():
        raise Refusal("您已经评价过了，谢谢", code="done")
    if stars in LOW and not reason.strip():
        raise Refusal("请填写不满意的原因")
    rating = Rating.objects.create(
        case=locked,
        stars=stars,
        reason=reason.strip() if stars in LOW else "",
        comment=comment.strip(),
        by=by,
        at=database_now(),
    )
    audit.record(by=by, action="case.rated", target=locked, region=locked, changes={"stars": stars})
    if stars in LOW:
        text = LOW_RATING.format(no=locked.number, stars=Stars(stars).label)
        _tell_county(locked, "A02", text, for_staff(locked))
    return rating


def remind_ratings() -> int:
    """Ask once, a week after the end, whoever has not rated (N38); returns how many. Any number may run at once."""
    told, after = 0, 0
    while True:
        asked, after = _remind_some(after)
        told += asked
        if not after:
            return told


@transaction.atomic
def _remind_some(after: int) -> tuple[int, int]:
    """One batch: how many were asked, and the last id of a full batch (0 at the end)."""
    moment = database_now()
    due = unrated(moment - REMIND_UNTIL, moment - REMIND_AFTER).filter(pk__gt=after).order_by("id")
    # No claim, no inbox: what a retention job has emptied has nobody to ask.
    locked = list(due.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True)[:BATCH])
    # Asked again with the rows in hand: who waited for a lock has read the messages as they were before it.
    still = list(unrated(moment - REMIND_UNTIL, moment - REMIND_AFTER).filter(pk__in=locked).select_related("claim"))
    for case in still:
        text = RATE.format(no=case.number)
        messages.send(recipient=case.claim.uid, kind="N38", text=text, link=for_villager(case))
    return len(still), locked[-1] if len(locked) == BATCH else 0


@transaction.atomic
def ask_second_look(*, case: Case, by, reason: str) -> SecondLook:
    """The applicant asks the county, once and within seven days, to look again at a failed review (decision 22).

    A cadre may ask in the name of whom the application was filed for (代办). Refusal with the reason when it is too
    late, was asked before, or another application is under way; the county's office is told (A03).
    """
    locked = _lock(case, by)
    if not is_applicant(by, locked):
        raise Refusal("只有申请人可以提出", code="forbidden")
    if refusal := guards.may_be_looked_at_again(locked):
        raise Refusal(refusal)
    look = SecondLook.objects.create(case=locked, reason=reason, asked_by=by, asked_at=database_now())
    audit.record(by=by, action="case.second_look_asked", target=locked, region=locked)
    _tell_county(locked, "A03", ASKED_AGAIN.format(no=locked.number), for_second_look(locked))
    return look


@transaction.atomic
def refuse_second_look(*, second_look: SecondLook, by, answer: str) -> SecondLook:
    """维持: the county stays with the failed review and says why; the applicant is told (A04)."""
    locked = _lock(second_look.case, by)
    if not is_of_county(by, locked):
        raise Refusal("您没有办理此环节的权限", code="forbidden")
    look = _close_look(locked, by=by, at=database_now(), is_granted=False, answer=answer)
    audit.record(by=by, action="case.second_look_refused", target=locked, region=locked)
    tell_applicant(locked, "A04", REFUSED.format(no=locked.number, answer=answer))
    return look


def close_granted(*, case: Case, by, at, answer: str) -> SecondLook:
    """同意重新评议: an effect of the move reopen_review, on its locked case; the applicant is told (A04)."""
    look = _close_look(case, by=by, at=at, is_granted=True, answer=answer)
    tell_applicant(case, "A04", GRANTED.format(no=case.number, answer=answer))
    return look


def _close_look(case: Case, *, by, at, is_granted: bool, answer: str) -> SecondLook:
    look = SecondLook.objects.select_for_update().filter(case=case, closed_at__isnull=True).first()
    if look is None:
        raise Refusal(guards.NOT_ASKED_AGAIN, code="stale")
    look.closed_at, look.closed_by, look.is_granted, look.answer = at, by, is_granted, answer
    look.save(update_fields=["closed_at", "closed_by", "is_granted", "answer"])
    return look


def note_viewing(*, case: Case, by) -> None:
    """Note that this officer looked into the case today, one row a person and day (domain §15.4); one statement."""
    moment = database_now()
    row = CaseViewing(case=case, user=by, office=by.office, day=moment.date(), first_at=moment, last_at=moment)
    CaseViewing.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["case", "user", "day"],
        update_fields=["last_at", "office"],
    )


@transaction.atomic
def request_photos(*, case: Case, by, words: str) -> None:
    """The officer whose step it is asks the applicant for photos (补充照片, domain §3.6); asked again, words change.

    The request lives on the open stay and ends with it. The applicant is told (A05).
    """
    locked = _lock(case, by)
    if not may_handle(by, locked):
        raise Refusal("您没有办理此环节的权限", code="forbidden")
    node = open_node(locked)
    node.photo_request, node.photos_requested_at = words, database_now()
    node.save(update_fields=["photo_request", "photos_requested_at"])
    audit.record(by=by, action="case.photos_requested", target=locked, region=locked, reason=words)
    tell_applicant(locked, "A05", WANTS_PHOTOS.format(no=locked.number, words=words.rstrip("。")))


def tell_applicant(case: Case, kind: str, text: str) -> None:
    """A message to the applicant; to the cadre who filed too, because who has no phone reads no inbox (代办)."""
    tell_villager(case, kind, text)
    if case.on_behalf and not case.filed_by.is_villager:
        messages.send(recipient=case.filed_by.uid, kind=kind, text=text, link=for_agent(case))


def _tell_county(case: Case, kind: str, text: str, link: str) -> None:
    if office := county_office(case):
        messages.send_to_office(office=office, kind=kind, text=text, link=link)


def _lock(case: Case, by) -> Case:
    """The row as it is now, locked; Refusal when it is not within this person's view."""
    rows = Case.objects.visible_to(by).select_related("claim", "region").select_for_update(of=("self",))
    locked = rows.filter(pk=case.pk).first()
    if locked is None:
        raise Refusal("没有找到该工单", code="missing")
    return locked
