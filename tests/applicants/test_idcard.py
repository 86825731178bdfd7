"""拍照识别 from the page's side: who may see what was read, how often, how long, and what is left of the photo."""

import json
import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from accounts.models import AuditEntry
from common.clock import freeze, now
from households.actions import cards
from households.choices import ReadingState
from households.idcard import read
from households.idcard.place import place_of
from households.models import CardReading
from tests.applicants.conftest import browser_of
from tests.factories.accounts import make_phone_account, make_user
from tests.factories.people import make_id_number, photo_bytes
from tests.factories.renovation import make_draft

pytestmark = pytest.mark.django_db
SEND = reverse("applicants:card_send")
NEW = reverse("applicants:person_new")
SCRIPT = {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest", "HTTP_ACCEPT": "application/json"}
NUMBER = make_id_number("19520314", 7)
NAME = "张石山"
PRINTED = {
    f"姓名{NAME}": (70, 60), "性别女民族汉": (70, 140), "出生1952年3月14日": (70, 220),
    "住址云岭省青屏市青溪县石桥镇": (70, 300), "上坝村民委员会3组12号": (150, 346), f"公民身份号码{NUMBER}": (70, 500),
}  # fmt: skip


class Reader:
    """The bought model's place (tests/idcards reads with the real one): lines as it would give them."""

    def __init__(self):
        self.printed, self.looks, self.meanwhile = PRINTED, 0, lambda: None

    def __call__(self, pixels):
        self.looks += 1
        self.meanwhile()
        boxes = [
            [(x, y), (x + 34 * len(text), y), (x + 34 * len(text), y + 36), (x, y + 36)]
            for text, (x, y) in self.printed.items()
        ]
        return SimpleNamespace(boxes=boxes or None, txts=tuple(self.printed))


@pytest.fixture(autouse=True)
def reader(monkeypatch):
    """The test is the worker: it calls `cards.read_waiting()` itself."""
    pytest.importorskip("numpy")
    reader = Reader()
    monkeypatch.setattr(read, "engine", lambda: reader)
    return reader


@pytest.fixture
def client(world):
    return browser_of(make_phone_account())


def upload(seed: int = 0):
    return SimpleUploadedFile("card.jpg", photo_bytes(seed), "image/jpeg")


def sent(client, **headers) -> str:
    """The address to ask at, after one photo."""
    return client.post(SEND, {"file": upload(), "next": NEW}, **SCRIPT | headers).json()["url"]


def test_photo_is_read_shown_once_and_gone(client, reader, world):
    url = sent(client)
    assert client.get(url, **SCRIPT).json() == {"state": "waiting", "before": 0}
    assert cards.read_waiting() == 1 and reader.looks
    answer = client.get(url, **SCRIPT).json()
    assert answer["fields"] == {
        "name": NAME, "id_number": NUMBER, "address": "3组12号", "region": world.village.pk,
    }  # fmt: skip
    assert client.get(url, **SCRIPT).json()["state"] == "failed"
    row = CardReading.objects.get()
    assert (row.photo, row.result, row.state) == (None, None, ReadingState.SHOWN)


def test_without_a_script_the_page_waits_and_comes_back_filled(client, world):
    answer = client.post(SEND, {"file": upload(), "next": NEW + "?next=/apply/"})
    page = client.get(answer.url)
    assert '<noscript><meta http-equiv="refresh"' in page.content.decode()
    cards.read_waiting()
    back = client.get(answer.url).url
    assert back.startswith(NEW + "?next=") and "card=" in back
    page = client.get(back).content.decode()
    assert NAME in page and NUMBER in page and "3组12号" in page and page.count("拍照识别的，请核对。") == 4
    assert re.search(rf'<option value="{world.village.pk}"\s+selected', page)
    again = client.get(back).content.decode()
    assert NUMBER not in again and "识别结果已经用过或过期" in again


def test_photo_is_nowhere_in_clear_and_its_table_stays_out_of_the_log(client):
    sent(client)
    with connection.cursor() as cursor:
        cursor.execute("SELECT photo FROM households_cardreading")
        assert b"\xff\xd8\xff" not in bytes(cursor.fetchone()[0])
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'households_cardreading'")
        assert cursor.fetchone()[0] == "u"
    cards.read_waiting()
    with connection.cursor() as cursor:
        cursor.execute("SELECT photo, result FROM households_cardreading")
        photo, result = cursor.fetchone()
    assert photo is None and NAME.encode() not in bytes(result)


def test_photo_is_deleted_before_it_is_read(client, reader):
    left = []
    reader.meanwhile = lambda: left.append(CardReading.objects.get().photo)
    sent(client)
    cards.read_waiting()
    assert left and set(left) == {None}


def test_only_the_session_that_sent_it_gets_an_answer(client, villager):
    url = sent(client)
    cards.read_waiting()
    other_session = browser_of(CardReading.objects.get().account)
    for stranger in (other_session, browser_of(villager)):
        assert stranger.get(url, **SCRIPT).status_code == 404
        assert NUMBER not in stranger.get(f"{NEW}?card={url.split('/')[-2]}").content.decode()
    assert client.get(url, **SCRIPT).json()["state"] == "done"


def test_staff_without_the_duty_send_nothing(client, world, cadre):
    url = sent(client)
    assert browser_of(make_user("county", region=world.county, duties=[])).post(SEND).status_code == 403
    assert browser_of(cadre).get(url, **SCRIPT).status_code == 404


def test_result_nobody_comes_for_goes_after_ten_minutes_and_the_row_after_an_hour(client):
    url = sent(client)
    cards.read_waiting()
    with freeze(now() + timedelta(minutes=11)):
        cards.sweep()
        assert client.get(url, **SCRIPT).json()["state"] == "failed"
    assert CardReading.objects.get().result is None
    with freeze(now() + timedelta(minutes=61)):
        assert cards.sweep() == 1


def test_with_no_reader_the_page_says_so_and_the_photo_is_gone(client):
    url = sent(client)
    with freeze(now() + timedelta(seconds=15)):
        assert "请自己填写" in client.get(url, **SCRIPT).json()["error"]
    assert CardReading.objects.get().photo is None and cards.read_waiting() == 0


def test_photos_of_people_who_left_are_swept(client):
    sent(client)
    with freeze(now() + timedelta(minutes=2)):
        cards.sweep()
    assert CardReading.objects.get().photo is None


def test_reader_that_died_leaves_no_photo_and_an_answer(client):
    url = sent(client)
    cards._take_next()
    with freeze(now() + timedelta(seconds=50)):
        assert "没有认出" in client.get(url, **SCRIPT).json()["error"]


@pytest.mark.parametrize("breaks", [False, True])
def test_what_cannot_be_read_is_said_and_not_logged(client, reader, breaks, caplog):
    def fail():
        raise RuntimeError(NUMBER)

    reader.printed = {}
    reader.meanwhile = fail if breaks else reader.meanwhile
    url = sent(client)
    cards.read_waiting()
    assert "没有认出" in client.get(url, **SCRIPT).json()["error"] and NUMBER not in caplog.text


def test_without_a_right_number_the_field_stays_empty(client, reader):
    reader.printed = {f"姓名{NAME}": (70, 60), "住址没有的地方3组": (70, 300), f"公民身份号码{NUMBER[:17]}": (70, 500)}
    url = sent(client)
    cards.read_waiting()
    answer = client.get(url, **SCRIPT).json()
    assert answer["fields"] == {"name": NAME, "id_number": "", "address": "没有的地方3组", "region": None}
    assert "没有看清" in answer["note"]


def test_full_queue_and_too_many_photos_are_refused_in_words(client, monkeypatch):
    monkeypatch.setattr(cards, "MAX_WAITING", 1)
    sent(client)
    answer = client.post(SEND, {"file": upload(1)}, **SCRIPT)
    assert answer.status_code == 422 and "自己填写" in answer.json()["error"]
    cards.read_waiting()
    monkeypatch.setattr(cards, "PER_ACCOUNT_HOUR", 1)
    answer = client.post(SEND, {"file": upload(1), "next": NEW}, follow=True)
    assert "次数太多" in answer.content.decode()


@pytest.mark.parametrize("limit", ["PER_IP_HOUR", "PER_BLOCK_HOUR"])
def test_one_network_is_counted_too(client, monkeypatch, limit):
    monkeypatch.setattr(cards, limit, 1)
    sent(client)
    cards.read_waiting()
    neighbour = browser_of(make_phone_account())
    assert "次数太多" in neighbour.post(SEND, {"file": upload()}, **SCRIPT).json()["error"]


@pytest.mark.parametrize(
    ("data", "said"), [(b"<svg/>", "不是照片"), (b"\xff\xd8\xff\xe0 broken", "损坏"), (None, "先选择")]
)
def test_what_is_no_photo_is_refused_as_everywhere(client, data, said):
    files = {"file": SimpleUploadedFile("card.jpg", data)} if data else {}
    assert said in client.post(SEND, files, **SCRIPT).json()["error"]
    assert not CardReading.objects.exists()


def test_trail_tells_that_a_photo_was_sent_and_nothing_of_it(client):
    sent(client)
    cards.read_waiting()
    entry = AuditEntry.objects.get(action="idcard.sent")
    assert entry.changes == {} and NAME not in json.dumps(entry.reason)


def test_broker_that_is_gone_is_said_at_once(client, monkeypatch, django_capture_on_commit_callbacks):
    from households.tasks import read_cards

    def gone(**_):
        raise ConnectionError

    monkeypatch.setattr(read_cards, "apply_async", gone)
    with django_capture_on_commit_callbacks(execute=True):
        url = sent(client)
    assert "请自己填写" in client.get(url, **SCRIPT).json()["error"]
    assert CardReading.objects.get().photo is None


@pytest.mark.parametrize("slug", ["members/new/", "applicant/"])
def test_family_members_and_cadres_may_photograph_too(world, villager, cadre, slug):
    if slug == "members/new/":
        client, case = browser_of(villager), make_draft(villager, world.village)
        page = reverse("applicants:member_new", args=[case.uid])
    else:
        client = browser_of(cadre)
        answers = {"agent_name": "赵村官", "agent_phone": "15400000001", "authorised": "on"}
        page = client.post(reverse("applicants:agent_new"), answers).url
    assert "拍身份证，自动填写" in client.get(page).content.decode()
    wait = client.post(SEND, {"file": upload(), "next": page}).url
    cards.read_waiting()
    shown = client.get(wait, follow=True).content.decode()
    assert NUMBER in shown and shown.count("拍照识别的，请核对。") == 2


@pytest.mark.parametrize(
    ("address", "place", "rest"),
    [
        ("云岭省青屏市青溪县石桥镇上坝村3组12号", "上坝村", "3组12号"),
        ("云岭省青屏市青溪县石桥镇下坝村民委员会8组", "下坝村民委员会", "8组"),
        ("云岭省青溪县石桥镇上坝村委会3组", "上坝村", "3组"),
        ("云岭省青屏市青溪县上坝村3组", "上坝村", "3组"),
        ("云岭省青屏市青溪县没有镇3组", "青溪县", "没有镇3组"),
        ("云岭省南湾市南湾镇南湾社区5号", "南湾社区居委会", "5号"),
        ("别省别市3组", None, "别省别市3组"),
        ("", None, ""),
    ],
)
def test_place_of_an_address(world, address, place, rest):
    found, left = place_of(address)
    assert (found and found.name, left) == (place, rest)
