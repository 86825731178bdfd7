"""What is swept away: orphan files older than a day (invariant I4) and drafts older than 90 days (domain §15.2)."""

import datetime as dt
import os
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import AuditEntry
from common.clock import freeze, now
from common.storage import file_name, media_storage
from households.actions.sweeping import orphans, sweep_files
from households.models import Attachment
from renovation.actions.expiry import delete_old_drafts
from renovation.models import Case, CaseMember
from tests.factories.renovation import attach_photo, make_draft, make_villager, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def draft(world):
    return make_draft(make_villager(world.village), world.village, photos=2)


def orphan(hours: float, folder: str = "photos") -> str:
    """A file without a row, that old."""
    name = file_name(folder, uuid4(), "ab" * 32, "jpg")
    media_storage().save(name, ContentFile(b"left behind"))
    age(name, hours)
    return name


def age(name: str, hours: float) -> None:
    then = (timezone.now() - dt.timedelta(hours=hours)).timestamp()
    os.utime(media_storage().path(name), (then, then))


def files() -> list[str]:
    return [name for row in Attachment.objects.all() for name in (row.path, row.thumb_path) if name]


def test_only_old_files_without_a_row_go(draft):
    kept = [*files(), orphan(23.9), orphan(0, "papers")]
    for name in files():
        age(name, 1000)
    gone = [orphan(24.1), orphan(5000, "thumbs"), orphan(48, "papers")]
    assert sweep_files() == len(gone)
    assert all(media_storage().exists(name) for name in kept)
    assert not any(media_storage().exists(name) for name in gone)
    assert sweep_files() == 0


def test_a_half_written_file_goes_too(draft):
    """A worker killed between writing and renaming leaves a name that no row can have."""
    name = orphan(30)
    path = media_storage().path(name)
    hidden = os.path.join(os.path.dirname(path), f".{os.path.basename(path)}.0a1b2c")
    os.rename(path, hidden)
    assert sweep_files() == 1
    assert not os.path.exists(hidden)


def test_a_clock_that_jumped_ahead_deletes_nothing(draft, monkeypatch):
    name = orphan(1)
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + dt.timedelta(days=400))
    assert list(orphans()) == []
    monkeypatch.undo()
    with freeze(now() + dt.timedelta(days=400)):
        assert list(orphans()) == []
    assert media_storage().exists(name)


def test_more_files_need_no_more_queries(draft, django_assert_max_num_queries):
    for _ in range(30):
        orphan(30)
    with django_assert_max_num_queries(3):
        assert sweep_files() == 30


def at_rest(draft, days: int) -> None:
    then = now() - dt.timedelta(days=days)
    Case.objects.filter(pk=draft.pk).update(updated_at=then)
    Attachment.objects.filter(owner_uid=draft.uid).update(uploaded_at=then)


def test_a_draft_of_91_days_goes_with_members_and_photos(draft):
    CaseMember.objects.create(case=draft, name="李小石", id_number="990101201206050030", relation="02")
    at_rest(draft, 91)
    names = files()
    assert delete_old_drafts() == 1
    assert not Case.objects.exists()
    assert not CaseMember.objects.exists()
    assert not Attachment.objects.exists()
    assert AuditEntry.objects.get(action="draft.expired").target_id == str(draft.pk)
    for name in names:
        age(name, 100)
    assert sweep_files() == len(names) == 4


def test_a_draft_of_89_days_stays(draft):
    at_rest(draft, 89)
    assert delete_old_drafts() == 0


def test_a_draft_with_a_fresh_photo_stays(world, draft):
    at_rest(draft, 200)
    attach_photo(draft, by=draft.filed_by)
    assert delete_old_drafts() == 0


def test_a_filed_application_stays_for_ever(world):
    from tests.factories.renovation import make_case

    case = make_case(world)
    at_rest(case, 5000)
    assert delete_old_drafts() == 0
