"""Nine files a round: what an earlier round decided upon takes no room from the next."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common.errors import Refusal
from renovation.actions.papers import add_step_photo, remove_step_paper
from renovation.choices import CaseState, Slot
from renovation.models import CaseNode
from tests.factories.people import photo_bytes
from tests.factories.renovation import make_case

pytestmark = pytest.mark.django_db


def add(case, by, seed: int, most: int = 2):
    upload = SimpleUploadedFile("a.jpg", photo_bytes(seed), "image/jpeg")
    return add_step_photo(case=case, by=by, slot=Slot.SITE, client_id=uuid4(), upload=upload, most=most)


def test_each_round_has_room_of_its_own(world):
    case, by = make_case(world, CaseState.PENDING_REVIEW), world.township_officer
    first = [add(case, by, 20_001), add(case, by, 20_002)]
    with pytest.raises(Refusal, match="最多上传2张"):
        add(case, by, 20_003)
    assert not first[0].is_paper
    assert first[0].thumb_path
    # The case comes back: a new stay begins after those photos.
    later = first[1].uploaded_at + timedelta(microseconds=1)
    CaseNode.objects.filter(case=case, handled_at__isnull=True).update(received_at=later)
    third = add(case, by, 20_004)
    with pytest.raises(Refusal, match="不能删除"):
        remove_step_paper(case=case, by=by, attachment=first[0])
    remove_step_paper(case=case, by=by, attachment=third)
    assert case.files(Slot.SITE).count() == 2
