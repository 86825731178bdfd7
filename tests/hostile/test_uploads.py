"""B-I through the pages themselves: hostile pictures sent by the application's photo page, hostile names by a step's.

What the pipeline alone makes of them is in test_images.py; here row, file and what is served afterwards are looked at.
"""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from common.photos import PreparedPhoto
from common.storage import media_storage
from households.actions import attachments
from households.models import Attachment
from renovation.choices import CaseState, Slot
from tests.applicants.conftest import browser_of
from tests.applicants.test_photos import SCRIPT
from tests.factories.people import photo_bytes
from tests.factories.renovation import make_case, make_draft
from tests.hostile.test_images import BY_HAND, NAMES, is_clean, unclean
from tests.hostile.test_text import HAN
from tests.scale import some

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::UserWarning:PIL")]
# Some of every kind in each run.
SENT = some(list(BY_HAND)[::14], list(BY_HAND))
HEADERS = {"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY"}


@pytest.fixture
def draft(desk):
    return make_draft(desk.villager, desk.world.village, photos=0)


def fault_of_photo(browser, row: Attachment, facts: dict) -> str:
    """What is wrong with a photo that was taken: its row, its file, or what a browser gets of them; '' if nothing."""
    if not row.path.startswith("photos/") or row.uid.hex not in row.path:
        return f"stored as {row.path}"
    if media_storage().size(row.path) != row.size or row.size == 0:
        return "row and file differ"
    for address in (facts["url"], facts["thumb"]):
        answer = browser.get(address)
        if why := unclean(b"".join(answer.streaming_content)):
            return why
        if {name: answer.headers.get(name) for name in HEADERS} != HEADERS:
            return f"headers {dict(answer.headers)}"
    return ""


def fault_of(browser, draft, name: str) -> str:
    """What is wrong after that picture was sent to the photo page of the draft; '' if nothing."""
    file = SimpleUploadedFile("x.html", BY_HAND[name], "text/html")
    answer = browser.post(f"/apply/{draft.uid}/photos/add/", {"file": file}, headers=SCRIPT)
    row = Attachment.objects.filter(owner_uid=draft.uid).first()
    if answer.status_code == 422:
        return "" if row is None and HAN.search(answer.json()["error"]) else "refused, and yet a row or no words"
    if answer.status_code != 200 or row is None:
        return f"answered {answer.status_code}"
    fault = fault_of_photo(browser, row, answer.json())
    browser.post(answer.json()["delete_url"], headers=SCRIPT)
    return fault


def test_hostile_pictures_sent_by_the_page_are_refused_or_served_clean(desk, draft, tried):
    browser = browser_of(desk.villager)
    assert {name: why for name in SENT if (why := fault_of(browser, draft, name))} == {}
    assert not Attachment.objects.filter(owner_uid=draft.uid).exists()
    tried("B-I", len(SENT), "pictures sent by the photo page", "test_control_uploads_kept_as_they_came_are_served")


def as_it_came(upload, **_) -> PreparedPhoto:
    """What a site without a pipeline keeps."""
    data = upload.read() or b"0"
    digest = hashlib.sha256(data).hexdigest()
    return PreparedPhoto(data, data, 1, 1, digest, digest, None, "", None, None, "")


@pytest.mark.parametrize("name", ["jpeg+html", "only svg", "png+zip", "exif of 1000", "only exe"])
def test_control_uploads_kept_as_they_came_are_served(desk, draft, name, monkeypatch):
    monkeypatch.setattr(attachments, "prepare", as_it_came)
    assert fault_of(browser_of(desk.villager), draft, name)


EDGE = "edge-of-the-body"


def body_with(name: str, content: bytes) -> bytes:
    """A multipart body in which the file is called exactly that, whatever it does to the header."""
    head = f'--{EDGE}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return head.encode("utf-8", "surrogatepass") + content + f"\r\n--{EDGE}--\r\n".encode()


def labels(desk, names) -> list[str]:
    """What the names became that were sent with the appraisal sheet; a refusal must be in Chinese."""
    case, client, kept = make_case(desk.world, CaseState.PENDING_APPRAISAL), Client(), []
    client.force_login(desk.world.officer)
    address = f"/staff/cases/{case.uid}/files/{Slot.APPRAISAL}/"
    for number, name in enumerate(names):
        body = body_with(name, photo_bytes(number))
        answer = client.post(address, body, content_type=f"multipart/form-data; boundary={EDGE}", headers=SCRIPT)
        row = Attachment.objects.filter(owner_uid=case.uid, slot=Slot.APPRAISAL).first()
        if row is None:
            assert HAN.search(answer.json()["error"]), name
            continue
        kept.append(row.label)
        assert row.path.startswith("papers/")
        assert row.uid.hex in row.path
        if "<" in name:
            assert "<script>alert" not in client.get(f"/staff/cases/{case.uid}/").content.decode()
        row.delete()
    return kept


def test_hostile_names_sent_with_a_step_are_clean_labels(desk, tried):
    kept = labels(desk, NAMES)
    assert [label for label in kept if not is_clean(label)] == []
    assert len(kept) >= 18
    tried(
        "B-I", len(NAMES), "hostile names of files sent with a step", "test_control_names_kept_as_they_came_are_unclean"
    )


def test_control_names_kept_as_they_came_are_unclean(desk, monkeypatch):
    monkeypatch.setattr("common.papers.clean_file_label", lambda name: name[:120])
    kept = labels(desk, ["gpj\u202e.exe", "<script>alert(1)</script>.jpg", "x\u200b.jpg", "图" * 300])
    assert [label for label in kept if not is_clean(label)]
