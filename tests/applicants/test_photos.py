"""One photo = one request; a retry never doubles; without a script the plain form does it too (decision 7)."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from households.models import Attachment
from renovation.choices import Slot
from tests.applicants.conftest import browser_of
from tests.factories.people import photo_bytes
from tests.factories.renovation import make_case, make_draft, make_villager

pytestmark = pytest.mark.django_db
SCRIPT = {"X-Requested-With": "XMLHttpRequest", "Accept": "application/json"}


@pytest.fixture
def draft(world, villager):
    return make_draft(villager, world.village, photos=0)


def add_url(case):
    return reverse("applicants:photo_add", args=[case.uid])


def photo(seed=1):
    return SimpleUploadedFile("photo.jpg", photo_bytes(seed), "image/jpeg")


def test_photo_is_stored_and_answered_with_its_number(draft, phone):
    for number in (1, 2):
        data = {"file": photo(number), "client_id": uuid4(), "slot": Slot.RISK}
        answer = phone.post(add_url(draft), data, headers=SCRIPT).json()
        assert answer["ok"] and answer["number"] == number
        for name in ("thumb", "url"):
            file = phone.get(answer[name])
            assert file.getvalue()[:2] == b"\xff\xd8"
            # As the server does when the answer is sent; close() itself would end the test's connection.
            for close in file._resource_closers:
                close()


def test_a_retry_of_the_same_photo_makes_no_second_one(draft, phone):
    name = uuid4()
    answers = [
        phone.post(add_url(draft), {"file": photo(), "client_id": client_id}, headers=SCRIPT).json()
        for client_id in (name, name, uuid4())
    ]
    assert len({answer["uid"] for answer in answers}) == 1 and Attachment.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "message"), [(b"", "空文件"), (b"not a photo at all", "不是照片"), (photo_bytes(1)[:900], "照片")]
)
def test_a_bad_file_is_refused_in_words_both_ways(draft, phone, content, message):
    def file():
        return SimpleUploadedFile("photo.jpg", content, "image/jpeg")

    answer = phone.post(add_url(draft), {"file": file(), "client_id": uuid4()}, headers=SCRIPT)
    assert answer.status_code == 422 and message in answer.json()["error"]
    page = phone.post(add_url(draft), {"file": file()}).content.decode()
    assert "<title>错误：" in page and message in page


def test_the_tenth_photo_is_refused(world, villager, phone):
    draft = make_draft(villager, world.village, photos=9)
    answer = phone.post(add_url(draft), {"file": photo(10**6), "client_id": uuid4()}, headers=SCRIPT)
    assert answer.status_code == 422 and "最多上传9张" in answer.json()["error"]


@pytest.mark.parametrize("headers", [{}, SCRIPT])
def test_a_photo_is_deleted_once_and_again(draft, phone, headers):
    uid = phone.post(add_url(draft), {"file": photo(), "client_id": uuid4()}, headers=SCRIPT).json()["uid"]
    remove = reverse("applicants:photo_remove", args=[draft.uid, uid])
    assert [phone.post(remove, headers=headers).status_code for _ in range(2)] == ([200] * 2 if headers else [302] * 2)
    assert not Attachment.objects.exists()


def test_going_on_without_a_photo_says_so(draft, phone):
    page = phone.post(reverse("applicants:photos", args=[draft.uid]), {}).content.decode()
    assert "请至少上传1张" in page and "<title>错误：" in page


def test_nobody_else_adds_or_removes_photos(world, villager):
    draft = make_draft(villager, world.village)
    stranger = browser_of(make_villager(world.village))
    kept = Attachment.objects.get()
    assert stranger.post(add_url(draft), {"file": photo(5)}, headers=SCRIPT).status_code == 404
    remove = reverse("applicants:photo_remove", args=[draft.uid, kept.uid])
    assert stranger.post(remove, headers=SCRIPT).status_code == 404
    assert stranger.get(reverse("households:thumb", args=[kept.uid])).status_code == 404
    assert Attachment.objects.count() == 1


def test_a_filed_case_takes_no_more_photos_this_way(world, villager, phone):
    case = make_case(world, villager=villager)
    answer = phone.post(add_url(case), {"file": photo(6), "client_id": uuid4()}, headers=SCRIPT)
    assert answer.status_code == 409 and Attachment.objects.count() == 1
