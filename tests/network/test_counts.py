"""Nothing acknowledged is lost, nothing is doubled (F20): whole applications over lines that stall and break."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from common import middleware
from households.models import Attachment
from renovation.actions import drafts
from renovation.choices import CaseState
from renovation.models import Case, CaseEvent
from tests.factories.people import photo_bytes
from tests.factories.renovation import make_draft, make_villager
from tests.faults.site import until
from tests.faults.visitors import CSRF, Visitor
from tests.network.conftest import phone_of, session_of
from tests.network.line import FAR, GOOD, HURRIED, LOSSY, WEAK
from tests.network.phones import STORY, apply_for, begin
from tests.scale import FULL, some

pytestmark = pytest.mark.django_db(transaction=True)
PHOTOS = 9
# Posts of one application with two photos and one member of the family.
STEPS = 13
RUNS = some([HURRIED] * 2, [WEAK] * 40 + [FAR] * 20 + [LOSSY] * 40)
AT_ONCE = 25
# How many places of a request it is cut at; every third byte or so in the long runs.
PLACES = some(12, 1500)


def is_complete(case: Case, photos: int) -> bool:
    """Everything that apply_for said is there, once."""
    assert case.members.count() == 1 and case.risk_description == STORY
    assert case.house_address == case.residence_address == "3组12号" and case.risk_parts == ["wall", "roof"]
    stored = Attachment.objects.filter(owner_uid=case.uid).count()
    assert stored == photos, f"{stored} photos instead of {photos}"
    return case.state == CaseState.PENDING_ACCEPTANCE and CaseEvent.objects.filter(case=case).count() == 1


def test_nine_photos_and_one_case_whatever_the_line_does(world, lay, tried):
    lines = [lay(quality, seed=number) for number, quality in enumerate(RUNS)]
    phones = [phone_of(make_villager(world.village), line) for line in lines]

    def run(number: int) -> str:
        pictures = [photo_bytes(number * PHOTOS + one) for one in range(PHOTOS)]
        return apply_for(phones[number], world.village, pictures)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        done = list(pool.map(run, range(len(RUNS))))
    assert Case.objects.count() == len(set(done)) == len(RUNS)
    assert all(is_complete(case, PHOTOS) for case in Case.objects.all())
    acknowledged = {uid for phone in phones for uid in phone.acknowledged}
    assert acknowledged == {str(uid) for uid in Attachment.objects.values_list("uid", flat=True)}
    broken = sum(line.done["cut"] + line.done["lost"] for line in lines)
    assert broken >= len(RUNS), "the lines did break"
    tried("F20", PHOTOS * len(RUNS), "photos over bad lines, each stored once", CONTROL)
    tried("F20", len(RUNS), "applications over bad lines, one case each", CONTROL_CASE)
    tried("F20", broken, "requests cut on the way, or answered and never heard of", CONTROL)


CONTROL = "test_control_without_names_a_photo_is_stored_twice"
CONTROL_CASE = "test_control_without_a_look_for_the_draft_there_are_two"


@pytest.mark.parametrize("way", ["cut", "lose"])
def test_every_step_breaks_once_and_one_case_is_complete(world, villager, lay, tried, way):
    line = lay(GOOD)

    def spoil(url):
        line.cut_upload_at(150, url) if way == "cut" else line.lose_reply(url)

    phone = phone_of(villager, line, before=spoil)
    apply_for(phone, world.village, [photo_bytes(1), photo_bytes(2)])
    assert is_complete(Case.objects.get(), photos=2)
    assert line.done["cut"] + line.done["lost"] == STEPS
    tried("F20", STEPS, "steps of the application broken once, by turns of a line", CONTROL_CASE)


def test_control_without_names_a_photo_is_stored_twice(world, villager, lay):
    """A client that does not name its photos, and makes them anew for each try, doubles what was lost on the way."""
    line, draft = lay(GOOD), make_draft(villager, world.village, photos=0)
    phone = phone_of(villager, line, names_photos=False)
    line.lose_reply()
    phone.upload(f"/apply/{draft.uid}/photos/add/", photo_bytes(1))
    assert Attachment.objects.count() == 2


def test_control_without_a_look_for_the_draft_there_are_two(world, villager, lay, monkeypatch):
    def careless(*, by, claim, notice_version):
        return drafts._agree(Case(claim=claim, filed_by=by, applicant_name=claim.name), by, notice_version)

    monkeypatch.setattr(drafts, "start_draft", careless)
    line = lay(GOOD)
    line.lose_reply()
    begin(phone_of(villager, line))
    assert Case.objects.count() == 2


def cuts(length: int) -> list[int]:
    """Where a request of that many bytes is cut: spread over all of it, and its last bytes."""
    step = max(1, length // PLACES)
    return sorted({*range(0, length, step), *(length - one for one in (1, 2, 5, 30))})


class Torn:
    """One request, cut where one likes, and what the server has afterwards."""

    def __init__(self, world, villager, line):
        self.line, self.visitor = line, Visitor(line.port, session_of(villager))
        self.draft = make_draft(villager, world.village, photos=0)
        self.base = f"/apply/{self.draft.uid}"
        self.name, self.photo = str(uuid4()), photo_bytes(7)

    def upload(self):
        fields = {"csrfmiddlewaretoken": CSRF, "client_id": self.name}
        return self.visitor.upload(f"{self.base}/photos/add/", fields, self.photo)

    def say(self):
        fields = {"csrfmiddlewaretoken": CSRF, "risk_description": STORY}
        return self.visitor.post(f"{self.base}/description/", fields)

    def length(self, send) -> int:
        before = self.line.done["up"]
        assert send().status in (200, 302)
        return self.line.done["up"] - before

    def cut(self, send, count: int) -> None:
        self.line.cut_upload_at(count)
        assert send().status == 0

    def text(self) -> str:
        return Case.objects.get().risk_description


def settled(look, wanted, patience: float = 2.0) -> None:
    """What was cut may still be at work on the server: it must hold now and a moment later."""
    deadline = time.monotonic() + (patience if FULL else 0.2)
    while time.monotonic() < deadline:
        assert look() == wanted
        time.sleep(0.05)


def test_a_photo_cut_at_any_byte_leaves_nothing_and_comes_whole(world, villager, lay, tried):
    torn = Torn(world, villager, lay(GOOD))
    length = torn.length(torn.upload)
    Attachment.objects.all().delete()
    places = cuts(length)
    for count in places:
        torn.cut(torn.upload, count)
        assert not Attachment.objects.exists(), f"cut at byte {count} of {length}"
    settled(Attachment.objects.count, 0)
    assert torn.upload().status == 200
    assert Attachment.objects.count() == 1
    tried("F20", len(places), "bytes of an upload at which it was cut", CONTROL_WHOLE)


def test_an_answer_cut_at_any_byte_is_the_old_one_or_the_new_one(world, villager, lay, tried):
    torn = Torn(world, villager, lay(GOOD))
    before = torn.text()
    length = torn.length(torn.say)
    Case.objects.update(risk_description=before)
    places = cuts(length)
    for count in places:
        torn.cut(torn.say, count)
        assert torn.text() == before, f"cut at byte {count} of {length}"
    settled(torn.text, before)
    assert torn.say().status == 302 and torn.text() == STORY
    tried("F20", len(places), "bytes of an answer at which it was cut", CONTROL_WHOLE)


CONTROL_WHOLE = "test_control_without_the_check_half_an_answer_is_stored"


def test_control_without_the_check_half_an_answer_is_stored(world, villager, lay, monkeypatch):
    torn = Torn(world, villager, lay(GOOD))
    length = torn.length(torn.say)
    monkeypatch.setattr(middleware._Whole, "_check", lambda self, is_whole: None)
    torn.cut(torn.say, length - 300)
    until(lambda: torn.text() != STORY, 10, "half an answer was stored")
    assert STORY.startswith(torn.text()[:20]) and len(torn.text()) < len(STORY)
