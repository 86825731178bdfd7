"""Recordings of what villagers' pages say: put in, put in anew, taken out."""

from uuid import uuid4

from django.db import transaction

from accounts.actions import audit
from accounts.permissions import Can
from applicants.models import Recording
from applicants.spoken import TEXTS, title_of
from common.errors import Refusal
from households.actions.attachments import add_sound, remove_attachment
from regions.guards import may_maintain

OUTSIDE = "只能维护本辖区的录音；全国通用的录音由部级系统管理员维护"


def add_recording(*, by, text: str, speech: str, language: str, region, upload) -> Recording:
    """Store a recording for that place; an older one of the same text, place and language makes room for it."""
    if not may_record(by, region):
        raise Refusal(OUTSIDE)
    recording = Recording(
        uid=uuid4(),
        text=text,
        fingerprint=TEXTS[text].fingerprint,
        speech=speech,
        language=language,
        region=region,
        created_by=by,
    )
    with transaction.atomic():
        same = Recording.objects.select_for_update().filter(text=text, speech=speech, language=language, region=region)
        for old in same:
            remove_recording(by=by, recording=old)
        recording.file = add_sound(
            by=by, owner_kind="recording", owner=recording, slot="recording", client_id=uuid4(), upload=upload
        )
        recording.save(force_insert=True)
        said = {"text": TEXTS[text].title, "speech": recording.get_speech_display(), "language": language}
        audit.record(by=by, action="recording.added", target=recording, region=region, changes=said)
    return recording


def remove_recording(*, by, recording: Recording) -> None:
    """Take a recording out; its file goes after commit."""
    if not may_record(by, recording.region):
        raise Refusal(OUTSIDE)
    with transaction.atomic():
        said = {
            "text": title_of(recording.text),
            "speech": recording.get_speech_display(),
            "language": recording.language,
        }
        audit.record(by=by, action="recording.removed", target=recording, region=recording.region, changes=said)
        file = recording.file
        recording.delete()
        remove_attachment(by=by, attachment=file, owner=recording.region)


def may_record(user, region) -> bool:
    """Whether that account looks after the recordings of the place (None = the whole nation)."""
    return user.can(Can.EDIT_RECORDINGS) and may_maintain(user, region)
