"""What villagers send, and the cadres who apply for them: address of the access matrix → a write made ready."""

from accounts.actions.messages import send
from accounts.models import Message, SmsMessage
from households.actions.pins import set_pin
from households.models import Attachment, CardReading
from renovation.actions import drafts
from renovation.actions.moves import perform_move
from renovation.actions.service import request_photos
from renovation.choices import CaseState, Slot
from renovation.models import Case
from tests.factories.accounts import make_phone_account
from tests.factories.people import make_id_number
from tests.factories.renovation import make_case, make_draft, make_villager
from tests.faults.writes import Desk, Write

_phones = iter(range(15_477_000_000, 15_478_000_000))
_photos = iter(range(50_000, 10**9))


def _draft(desk: Desk):
    villager = make_villager(desk.world.village)
    return villager, make_draft(villager, desk.world.village)


def _on_draft(path: str, **more):
    """A form on a page of a draft with every answer given."""

    def make(desk: Desk) -> Write:
        villager, draft = _draft(desk)
        options = {name: value() if callable(value) else value for name, value in more.items()}
        return desk.form(villager, f"/apply/{draft.uid}/{path}", **options)

    return make


def _member(page: str, **answers):
    def make(desk: Desk) -> Write:
        villager, draft = _draft(desk)
        said = {"name": "张小石", "id_number": make_id_number("19800202"), "relation": "20"}
        known = drafts.save_member(case=draft, by=villager, member=None, **said)
        return desk.form(villager, f"/apply/{draft.uid}/members/{known.uid}/{page}", **answers)

    return make


def _new_member(desk: Desk) -> Write:
    villager, draft = _draft(desk)
    said = {"name": "张小石", "id_number": make_id_number("19800202"), "relation": "20", "consent": "on"}
    return desk.form(villager, f"/apply/{draft.uid}/members/new/", **said)


def _remove_photo(desk: Desk) -> Write:
    villager, draft = _draft(desk)
    photo = Attachment.objects.get(owner_uid=draft.uid, slot=Slot.RISK)
    return desk.form(villager, f"/apply/{draft.uid}/photos/{photo.uid}/remove/", page=f"/apply/{draft.uid}/photos/")


def _on_case(path: str, state: str = CaseState.PENDING_ACCEPTANCE, *, asked: bool = False, photo: bool = False, **more):
    """A form about an application that was filed."""

    def make(desk: Desk) -> Write:
        villager = make_villager(desk.world.village)
        case = make_case(desk.world, state, villager=villager)
        options = dict(more)
        if asked:
            request_photos(case=case, by=desk.world.officer, words="请再拍一张")
        if photo or "{photo}" in path:
            options["photo"] = next(_photos)
        url, page = f"/cases/{case.uid}/{path}", f"/cases/{case.uid}/photos/" if asked else ""
        if "{photo}" in path or path == "photos/":
            first = desk.form(
                villager, f"/cases/{case.uid}/photos/add/", page="none", photo=options.pop("photo", next(_photos))
            )
            assert first.send().status == 302
            uid = Attachment.objects.get(owner_uid=case.uid, slot=Slot.EXTRA).uid
            url = url.replace("{photo}", str(uid))
        return desk.form(villager, url, page=page, **options)

    return make


def _person(desk: Desk) -> Write:
    villager = make_villager(desk.world.village)
    return desk.form(villager, "/people/", person=villager.claim.uid)


def _new_person(desk: Desk) -> Write:
    said = {"name": "李岩", "id_number": make_id_number("19620304"), "home_region": desk.world.village.pk}
    return desk.form(make_phone_account(), "/people/new/", **said, home_address="5组3号", consent="on")


def _pin(desk: Desk) -> Write:
    villager = make_villager(desk.world.village)
    set_pin(claim=villager.claim, pin="4711", by=villager)
    return desk.form(villager, f"/people/{villager.claim.uid}/pin/", pin="4711")


def _own_pin(desk: Desk) -> Write:
    return desk.form(make_villager(desk.world.village), "/me/pin/", pin="4711", repeated="4711", remove=None)


def _begin(desk: Desk) -> Write:
    return desk.form(make_villager(desk.world.village), "/apply/notice/", agree="on")


def _message(url: str):
    def make(desk: Desk) -> Write:
        villager = make_villager(desk.world.village)
        send(recipient=villager.claim.uid, kind="N01", text="消息", link="/cases/")
        pk = Message.objects.latest("pk").pk
        return desk.form(villager, url.format(pk=pk), page="/messages/")

    return make


def _ask_code(desk: Desk) -> Write:
    return desk.form(None, "/login/", phone=str(next(_phones)))


def _code(desk: Desk) -> Write:
    browser = desk.browser(None)
    browser.post("/login/", {"phone": str(next(_phones))})
    code = SmsMessage.objects.latest("pk").text
    digits = next(
        word for word in map("".join, zip(*[code[start:] for start in range(6)], strict=False)) if word.isdigit()
    )
    return desk.form(browser, "/login/code/", code=digits, again=None)


def _display(desk: Desk) -> Write:
    return desk.form(None, "/display/", page="/", size="large")


def _logout(desk: Desk) -> Write:
    return desk.form(make_villager(desk.world.village), "/logout/", page="none")


def _agent_new(desk: Desk) -> Write:
    # Whose last draft is still empty goes on with that one.
    Case.objects.filter(filed_by=desk.world.cadre, on_behalf=True, state=CaseState.DRAFT, applicant_name="").delete()
    cadre = desk.world.cadre
    return desk.form(cadre, "/agent/new/", agent_name="王春", agent_phone=cadre.phone, authorised="on")


def filed_by_cadre(desk: Desk):
    """What the cadre has filed for somebody, and that cadre."""
    cadre = desk.world.cadre
    draft = drafts.start_draft_for(by=cadre, helper=drafts.Helper("王春", cadre.phone), notice_version="2026-1")
    said = {
        "applicant_name": "赵田",
        "applicant_id_number": make_id_number("19550506"),
        "applicant_phone": "15400007777",
    }
    place, address = desk.world.village, "6组1号"
    said |= {"region": place, "house_address": address, "risk_parts": ["wall"], "residence_region": place}
    said |= {"residence_address": address, "registered_region": place, "registered_address": address}
    draft = drafts.save_answers(case=draft, by=cadre, answers=said)
    photo = desk.form(cadre, f"/apply/{draft.uid}/photos/add/", page="none", photo=next(_photos))
    assert photo.send().status == 302
    return perform_move(draft, "submit", by=cadre).case, cadre


def _agent_withdraw(desk: Desk) -> Write:
    case, cadre = filed_by_cadre(desk)
    return desk.form(cadre, f"/agent/{case.uid}/withdraw/")


def _behalf(desk: Desk) -> Write:
    case, _ = filed_by_cadre(desk)
    page, tail = f"/behalf/{case.behalf_notice.token}/", case.applicant_id_number[-4:]
    return desk.form(None, page, tail=tail, act="disown", words="没有同意")


def _card(desk: Desk) -> Write:
    # Nobody reads here: those sent before would fill the queue.
    CardReading.objects.all().delete()
    return desk.form(make_phone_account(), "/idcard/", page="none", photo=next(_photos), json=True)


VILLAGERS = {
    "people/": _person,
    "people/new/": _new_person,
    "people/<uuid:uid>/pin/": _pin,
    "me/pin/": _own_pin,
    "apply/notice/": _begin,
    "apply/<uuid:uid>/delete/": _on_draft("delete/"),
    "apply/<uuid:uid>/members/": _on_draft("members/"),
    "apply/<uuid:uid>/members/new/": _new_member,
    "apply/<uuid:uid>/members/<uuid:member>/": _member("", name="张大石", relation="20", consent="on"),
    "apply/<uuid:uid>/members/<uuid:member>/remove/": _member("remove/"),
    "apply/<uuid:uid>/photos/": _on_draft("photos/"),
    "apply/<uuid:uid>/photos/add/": _on_draft("photos/add/", page="none", photo=lambda: next(_photos), json=True),
    "apply/<uuid:uid>/photos/<uuid:photo>/remove/": _remove_photo,
    "apply/<uuid:uid>/check/": _on_draft("check/"),
    "apply/<uuid:uid>/<slug:slug>/": _on_draft("parts/", risk_parts=["foundation", "wall"]),
    "apply/<uuid:uid>/<slug:slug>/ address": _on_draft("address/", house_address="8组8号"),
    "apply/<uuid:uid>/<slug:slug>/save/": _on_draft(
        "description/save/?seen=1", page="none", risk_description="后墙开裂", json=True
    ),
    "cases/<uuid:uid>/withdraw/": _on_case("withdraw/"),
    "cases/<uuid:uid>/rate/": _on_case("rate/", CaseState.COMPLETED, stars="5"),
    "cases/<uuid:uid>/second-look/": _on_case("second-look/", CaseState.REVIEW_FAILED, reason="另一处房子不是我的"),
    "cases/<uuid:uid>/photos/": _on_case("photos/", asked=True),
    "cases/<uuid:uid>/photos/add/": _on_case("photos/add/", asked=True, photo=True, json=True),
    "cases/<uuid:uid>/photos/<uuid:photo>/remove/": _on_case("photos/{photo}/remove/", asked=True),
    "agent/new/": _agent_new,
    "agent/<uuid:uid>/withdraw/": _agent_withdraw,
    "behalf/<str:token>/": _behalf,
    "idcard/": _card,
    "messages/": _message("/messages/"),
    "messages/<int:pk>/": _message("/messages/{pk}/"),
    "login/": _ask_code,
    "login/code/": _code,
    "logout/": _logout,
    "display/": _display,
}
