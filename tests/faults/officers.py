"""What officers send: the forms of the nine steps, the moves beside them, papers, notices, payments, looks."""

from uuid import uuid4

from accounts.actions.messages import send
from accounts.models import LoginAttempt, Message, User
from common.clock import today
from renovation.actions.behalf import disown
from renovation.actions.payments import record_payment
from renovation.actions.service import ask_second_look
from renovation.choices import CaseState, Slot
from renovation.models import CaseMember
from renovation.workflow import COUNTY, TOWNSHIP, WORKFLOW
from tests.factories.accounts import PASSWORD, make_user
from tests.factories.moves import ANSWERS, ready
from tests.factories.people import make_id_number
from tests.factories.publicity import make_noticed, object_to
from tests.factories.renovation import make_case, make_villager
from tests.factories.steps import attach
from tests.faults.villagers import filed_by_cadre
from tests.faults.writes import Desk, Write

_photos = iter(range(70_000, 10**9))
NEW_PASSWORD = "Yz-7731-Lubu"  # noqa: S105
# Every move of an officer: (state, move), once for each move, from the first state that has it.
MOVES = {
    move.name: (step.code, move)
    for step in reversed(WORKFLOW.steps)
    for move in step.moves
    if move.name in ANSWERS and WORKFLOW.actor_of(step.code, move) in (COUNTY, TOWNSHIP)
}


def _moving(state: str, move):
    """The step's form, or the small form of a move with a button of its own, filled in so that it leads there."""

    def make(desk: Desk) -> Write:
        at = ready(desk.world, state, move.name)
        step, answers = f"/staff/cases/{at.case.uid}/", {**ANSWERS[move.name](), "warning_note": "情况属实"}
        if move.form:
            return desk.form(at.actor, f"{step}move/{move.name}/", **answers, confirmed="1")
        return desk.form(at.actor, f"{step}step/", page=step, **answers, confirmed="1")

    return make


def _files(desk: Desk):
    case = make_case(desk.world, CaseState.PENDING_APPRAISAL)
    return case, f"/staff/cases/{case.uid}/files/{Slot.APPRAISAL}/"


def _add_file(desk: Desk) -> Write:
    case, url = _files(desk)
    step = f"/staff/cases/{case.uid}/"
    return desk.form(desk.world.officer, url, page=step, photo=next(_photos), json=True)


def _remove_file(desk: Desk) -> Write:
    case, url = _files(desk)
    paper = attach(case, Slot.APPRAISAL, by=desk.world.officer)
    return desk.form(desk.world.officer, f"{url}{paper.uid}/remove/", page=f"/staff/cases/{case.uid}/", json=True)


def _object(desk: Desk) -> Write:
    case, _ = make_noticed(desk.world)
    said = {"is_anonymous": "false", "name": "岑溪月", "phone": "15400008888", "content": "他家在镇上有一套新房"}
    return desk.form(desk.world.township_officer, f"/staff/cases/{case.uid}/notice/", **said)


def _board(page: str):
    def make(desk: Desk) -> Write:
        case, _ = make_noticed(desk.world)
        url = f"/staff/cases/{case.uid}/notice/photos/"
        if page == "add":
            return desk.form(desk.world.cadre, url, page="none", photo=next(_photos), json=True)
        photo = attach(case, Slot.NOTICE, by=desk.world.cadre)
        return desk.form(desk.world.cadre, f"{url}{photo.uid}/remove/", page="none")

    return make


def _objection(page: str, **answers):
    def make(desk: Desk) -> Write:
        case, _ = make_noticed(desk.world)
        row = object_to(case, by=desk.world.township_officer)
        return desk.form(
            desk.world.township_officer, f"/staff/cases/{case.uid}/notice/objections/{row.uid}/{page}", **answers
        )

    return make


def _ask_photos(desk: Desk) -> Write:
    case = make_case(desk.world)
    return desk.form(desk.world.officer, f"/staff/cases/{case.uid}/photos/", words="请拍清楚墙体裂缝")


def _keep_review(desk: Desk) -> Write:
    villager = make_villager(desk.world.village)
    case = make_case(desk.world, CaseState.REVIEW_FAILED, villager=villager)
    ask_second_look(case=case, by=villager, reason="另一处房子不是我的")
    return desk.form(desk.world.officer, f"/staff/cases/{case.uid}/second-look/", opinion="经复核，维持评议不通过。")


def _disown(desk: Desk) -> Write:
    case, _ = filed_by_cadre(desk)
    return desk.form(desk.world.officer, f"/staff/cases/{case.uid}/behalf/", words="本人来电表示没有同意代办。")


def _settle(desk: Desk) -> Write:
    case, _ = filed_by_cadre(desk)
    disown(notice=case.behalf_notice)
    return desk.form(desk.world.officer, f"/staff/cases/{case.uid}/behalf/settle/", words="已上门向本人核实。")


def _pay(desk: Desk) -> Write:
    case = make_case(desk.world, CaseState.COMPLETED)
    paid = {"paid_on": today().isoformat(), "amount": "6000", "payee": "张石山", "bank_last4": "0123"}
    return desk.form(desk.world.officer, f"/staff/cases/{case.uid}/payments/", **paid)


def _unpay(desk: Desk) -> Write:
    case = make_case(desk.world, CaseState.COMPLETED)
    paid = {"paid_on": today(), "amount": 6000, "payee": "张石山", "bank_last4": "0123"}
    row = record_payment(project=case.project_or_none(), by=desk.world.officer, **paid)
    url = f"/staff/cases/{case.uid}/payments/{row.uid}/remove/"
    return desk.form(desk.world.officer, url, reason="登记错了")


def _reveal(what: str):
    def make(desk: Desk) -> Write:
        case = make_case(desk.world)
        return desk.form(desk.world.officer, f"/staff/cases/{case.uid}/reveal/{what}/", choice="核对申请人身份")

    return make


def _reveal_member(desk: Desk) -> Write:
    case = make_case(desk.world)
    row = CaseMember.objects.create(
        case=case, name="张小石", relation="20", id_number=make_id_number("19800202"), uid=uuid4()
    )
    url = f"/staff/cases/{case.uid}/reveal/member/{row.uid}/"
    return desk.form(desk.world.officer, url, choice="核对家庭成员")


def _claim(path: str, **answers):
    def make(desk: Desk) -> Write:
        villager = make_villager(desk.world.village)
        return desk.form(desk.world.cadre, f"/staff/claims/{villager.claim.uid}/{path}", **answers)

    return make


def _message(url: str):
    def make(desk: Desk) -> Write:
        officer = make_user(office=desk.world.officer.office)
        send(recipient=officer.uid, kind="N40", text="消息", link="/staff/")
        return desk.form(officer, url.format(pk=Message.objects.latest("pk").pk), page="/staff/messages/")

    return make


def _newcomer(desk: Desk, **fields) -> User:
    return make_user(office=desk.world.officer.office, password=PASSWORD, **fields)


def _log_in(desk: Desk) -> Write:
    # A network from which so many log in is asked for a captcha (L-01).
    LoginAttempt.objects.all().delete()
    return desk.form(None, "/staff/login/", username=_newcomer(desk).username, password=PASSWORD)


def _first_login(desk: Desk) -> Write:
    user = _newcomer(desk, must_change_password=True)
    said = {"display_name": "周明", "position": "科员", "phone": "15466660001", "old_password": PASSWORD}
    return desk.form(user, "/staff/first-login/", **said, new_password=NEW_PASSWORD, repeated=NEW_PASSWORD)


def _password(url: str, *names: str):
    def make(desk: Desk) -> Write:
        said = dict(zip(names, (PASSWORD, NEW_PASSWORD, NEW_PASSWORD), strict=True))
        return desk.form(_newcomer(desk), url, **said)

    return make


OFFICERS = {
    **{
        f"staff/cases/<uuid:uid>/{'move/<slug:name>/' if move.form else 'step/'} {name}": _moving(state, move)
        for name, (state, move) in MOVES.items()
    },
    "staff/cases/<uuid:uid>/files/<slug:slot>/": _add_file,
    "staff/cases/<uuid:uid>/files/<slug:slot>/<uuid:file>/remove/": _remove_file,
    "staff/cases/<uuid:uid>/notice/": _object,
    "staff/cases/<uuid:uid>/notice/photos/": _board("add"),
    "staff/cases/<uuid:uid>/notice/photos/<uuid:file>/remove/": _board("remove"),
    "staff/cases/<uuid:uid>/notice/objections/<uuid:objection>/": _objection("", answer="经核实不属实"),
    "staff/cases/<uuid:uid>/notice/objections/<uuid:objection>/reveal/": _objection("reveal/", choice="电话联系申请人"),
    "staff/cases/<uuid:uid>/photos/": _ask_photos,
    "staff/cases/<uuid:uid>/behalf/": _disown,
    "staff/cases/<uuid:uid>/behalf/settle/": _settle,
    "staff/cases/<uuid:uid>/second-look/": _keep_review,
    "staff/cases/<uuid:uid>/payments/": _pay,
    "staff/cases/<uuid:uid>/payments/<uuid:payment>/remove/": _unpay,
    "staff/cases/<uuid:uid>/reveal/<slug:what>/": _reveal("id_number"),
    "staff/cases/<uuid:uid>/reveal/member/<uuid:member>/": _reveal_member,
    "staff/claims/<uuid:uid>/": _claim("", met="on"),
    "staff/claims/<uuid:uid>/reveal/<slug:what>/": _claim("reveal/id_number/", choice="核对申请人身份"),
    "staff/messages/": _message("/staff/messages/"),
    "staff/messages/<int:pk>/": _message("/staff/messages/{pk}/"),
    "staff/login/": _log_in,
    "staff/first-login/": _first_login,
    "staff/account/password/": _password("/staff/account/password/", "old_password", "new_password", "repeated"),
}
