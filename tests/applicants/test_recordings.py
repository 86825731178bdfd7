"""朗读录音: who may put one in, who hears it, that it is stored and traced like every other file."""

import pytest
from django.urls import reverse

from accounts.choices import Duty
from accounts.models import AuditEntry
from applicants import pages, spoken
from applicants.actions.recordings import add_recording
from applicants.models import Recording, Speech
from common.errors import Refusal
from common.storage import media_storage
from households.actions.filecheck import check_files
from households.models import Attachment
from tests.applicants.conftest import browser_of
from tests.factories.accounts import make_user
from tests.factories.renovation import make_draft, make_villager
from tests.factories.sounds import make_recording, mp3_bytes, sound_file

pytestmark = pytest.mark.django_db
ADD = "/admin/applicants/recording/add/"


@pytest.fixture
def keeper(world):
    """The system administrator of the county."""
    return make_user(region=world.county, duties=[Duty.SYSTEM_ADMIN])


def file_of(recording) -> str:
    return reverse("households:file", args=[recording.file.uid])


def status_of(client, recording) -> int:
    """The status of the file, its bytes read to the end."""
    answer = client.get(file_of(recording))
    assert answer.status_code != 200 or b"".join(answer.streaming_content)
    return answer.status_code


def said(world, **more) -> dict:
    return {
        "text": "apply", "speech": "minority", "language": "彝语", "region": world.county.pk,
        "sound": sound_file(mp3_bytes()), **more,
    }  # fmt: skip


def test_administrator_uploads_and_the_villager_hears_it(world, keeper, client, phone):
    client.force_login(keeper)
    assert client.post(ADD, said(world)).status_code == 302
    recording = Recording.objects.get()
    entry = AuditEntry.objects.get(action="recording.added")
    assert entry.actor == keeper and entry.changes["language"] == "彝语"
    page = phone.get("/apply/notice/").content.decode()
    assert file_of(recording) in page and "<audio controls preload" in page and "autoplay" not in page
    answer = phone.get(file_of(recording))
    assert answer.status_code == 200 and answer["Content-Type"] == "audio/mpeg"
    assert b"".join(answer.streaming_content) == mp3_bytes()
    assert list(check_files()[1]) == []


def test_uploading_again_replaces_and_leaves_no_file(world, keeper, client, django_capture_on_commit_callbacks):
    client.force_login(keeper)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(ADD, said(world))
        first = Recording.objects.select_related("file").get()
        again = client.post(ADD, said(world, sound=sound_file(mp3_bytes(100))))
        assert again.status_code == 302, again.content.decode()
    assert Recording.objects.get().uid != first.uid and Attachment.objects.count() == 1
    assert not media_storage().exists(first.file.path)
    with django_capture_on_commit_callbacks(execute=True):
        address = f"/admin/applicants/recording/{Recording.objects.get().pk}/delete/"
        assert client.post(address, {"post": "yes"}).status_code == 302
    assert not Recording.objects.exists() and not Attachment.objects.exists()
    assert AuditEntry.objects.filter(action="recording.removed").count() == 2


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"sound": sound_file(b"<html>" * 100)}, "只能上传MP3或M4A录音"),
        ({"language": ""}, "请填写方言或民族语言的名称"),
        ({"speech": "mandarin"}, "普通话不用填语言名称"),
        ({"region": ""}, "只能维护本辖区的录音"),
        ({"text": "nothing"}, "读什么"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(world, keeper, client, wrong, words):
    client.force_login(keeper)
    if "sound" in wrong:
        wrong["sound"].seek(0)
    answer = client.post(ADD, said(world, **wrong))
    assert answer.status_code == 200 and words in answer.content.decode()
    assert not Recording.objects.exists() and not Attachment.objects.exists()


def test_only_its_keeper_puts_one_in(world, keeper):
    upload = {"text": "apply", "speech": Speech.MANDARIN, "language": "", "upload": sound_file(mp3_bytes())}
    neighbour = world.regions["990102000000"]
    for by, region in ((world.officer, world.county), (keeper, neighbour), (keeper, None)):
        with pytest.raises(Refusal, match="本辖区"):
            add_recording(by=by, region=region, **upload)


def test_heard_at_home_and_nowhere_else(world, client, phone):
    recording = make_recording(world.county)
    elsewhere = browser_of(make_villager(world.regions["990102100201"]))
    assert [status_of(one, recording) for one in (phone, elsewhere, client)] == [200, 404, 404]
    for user, status in ((world.cadre, 200), (world.officer, 200), (world.stranger, 404)):
        client.force_login(user)
        assert status_of(client, recording) == status
    assert file_of(recording) not in elsewhere.get("/apply/notice/").content.decode()


def test_twin_without_the_place_it_is_heard_next_door(world, monkeypatch):
    recording = make_recording(world.county)
    elsewhere = browser_of(make_villager(world.regions["990102100201"]))
    monkeypatch.setattr("applicants.models.RecordingQuerySet.visible_to", lambda rows, user: rows.all())
    assert status_of(elsewhere, recording) == 200
    assert file_of(recording) in elsewhere.get("/apply/notice/").content.decode()


def test_the_nearest_one_speaks_and_an_old_text_is_silent(world, phone, monkeypatch):
    draft = make_draft(make_villager(world.village), world.village)
    phone = browser_of(draft.filed_by, draft.claim)
    address = reverse("applicants:page", args=[draft.uid, "parts"])
    far = make_recording(world.county, text="page-parts", language="昆明话")
    near = make_recording(world.village.parent, text="page-parts", language="昆明话")
    page = phone.get(address).content.decode()
    assert file_of(near) in page and file_of(far) not in page
    monkeypatch.setitem(spoken.TEXTS, "page-parts", spoken.Spoken("第6步", "房子的哪里坏了？"))
    assert "<audio" not in phone.get(address).content.decode()


def test_every_notice_and_every_question_has_a_slot():
    assert set(spoken.TEXTS) == {"apply", "privacy", *(f"page-{page.slug}" for page in pages.PAGES)}


@pytest.mark.parametrize(
    ("asked", "status", "stretch"),
    [
        ("bytes=0-1", 206, (0, 2)),
        ("bytes=100-", 206, (100, None)),
        ("bytes=-50", 206, (-50, None)),
        ("bytes=0-99999999", 206, (0, None)),
        ("bytes=99999999-", 416, None),
        ("bytes=5-4", 416, None),
        ("bytes=-", 200, (0, None)),
        ("bytes=0-1,5-6", 200, (0, None)),
        ("lines=1-2", 200, (0, None)),
    ],
)
def test_players_ask_for_stretches(world, phone, asked, status, stretch):
    answer = phone.get(file_of(make_recording(world.county)), headers={"Range": asked})
    assert answer.status_code == status
    if stretch:
        whole = b"".join(answer.streaming_content) if status == 200 else answer.content
        assert whole == mp3_bytes()[slice(*stretch)]
        assert int(answer["Content-Length"]) == len(whole)
