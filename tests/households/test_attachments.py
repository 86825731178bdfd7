"""Files: no photo twice, no row without its bytes, nobody else's picture (reliability I4, P-04)."""

from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from common.errors import Refusal
from common.storage import media_storage
from households.actions.attachments import add_photo, remove_attachment
from households.files import open_file
from households.models import Attachment
from households.queries import visible_attachment
from renovation.choices import Slot
from tests.factories.people import photo_bytes
from tests.factories.renovation import attach_appraisal, attach_photo, make_case, make_draft, make_villager, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def villager(world):
    return make_villager(world.village)


@pytest.fixture
def draft(world, villager):
    return make_draft(villager, world.village, photos=0)


def send(case, by, *, client_id, content, limit=9):
    upload = SimpleUploadedFile("照片.jpg", content, "image/jpeg")
    return add_photo(
        by=by, owner_kind="case", owner=case, slot=Slot.RISK, client_id=client_id, upload=upload, limit=limit
    )


def test_a_retry_with_the_same_client_id_finds_the_first_photo(draft, villager):
    client_id = uuid4()
    first = send(draft, villager, client_id=client_id, content=photo_bytes(1))
    again = send(draft, villager, client_id=client_id, content=photo_bytes(1))
    assert first.pk == again.pk
    assert Attachment.objects.count() == 1


def test_the_same_bytes_under_a_new_id_are_the_same_photo(draft, villager):
    first = send(draft, villager, client_id=uuid4(), content=photo_bytes(1))
    again = send(draft, villager, client_id=uuid4(), content=photo_bytes(1))
    assert first.pk == again.pk


def test_the_tenth_photo_is_refused_with_what_to_do(draft, villager):
    for number in range(2):
        send(draft, villager, client_id=uuid4(), content=photo_bytes(number), limit=2)
    with pytest.raises(Refusal, match="最多上传2张"):
        send(draft, villager, client_id=uuid4(), content=photo_bytes(7), limit=2)


def test_the_stored_file_is_what_the_row_says(draft, villager):
    row = attach_photo(draft, by=villager)
    with open_file(row) as stream:
        data = stream.read()
    assert len(data) == row.size
    assert Image.open(BytesIO(data)).size == (row.width, row.height)


def test_a_paper_is_sealed_on_disk_and_opens_for_its_row(world):
    row = attach_appraisal(make_case(world, "pending_appraisal"), by=world.officer)
    with media_storage().open(row.path) as raw:
        assert b"JFIF" not in raw.read()
    with open_file(row) as paper:
        assert paper.read()[:3] == b"\xff\xd8\xff"


def test_removal_takes_row_and_bytes(draft, villager, django_capture_on_commit_callbacks):
    row = attach_photo(draft, by=villager)
    with django_capture_on_commit_callbacks(execute=True):
        remove_attachment(by=villager, attachment=row, owner=draft)
    assert not Attachment.objects.exists()
    assert not media_storage().exists(row.path)


def test_the_neighbour_county_and_another_villager_see_no_file(world, draft, villager):
    row = attach_photo(make_case(world), by=world.officer)
    assert visible_attachment(world.officer, row.uid) == row
    assert visible_attachment(world.stranger, row.uid) is None
    assert visible_attachment(villager, row.uid) is None


@pytest.mark.parametrize("name", ["households:file", "households:thumb"])
def test_the_address_answers_strangers_with_404(world, client, name):
    from django.urls import reverse

    row = attach_photo(make_case(world), by=world.officer)
    url = reverse(name, args=[row.uid])
    assert client.get(url).status_code == 404
    client.force_login(world.stranger)
    assert client.get(url).status_code == 404
    client.force_login(world.officer)
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    answer.close()
