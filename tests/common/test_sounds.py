"""What may be stored as a recording: MP3 and M4A from the first byte to the last, without the tags of a telephone."""

import pytest

from common import sounds
from common.errors import Refusal
from common.sounds import prepare_sound
from tests.factories.people import photo_bytes
from tests.factories.sounds import FRAME, box, id3, m4a_bytes, mp3_bytes, sound_file

PAGE = b"<!DOCTYPE html><script>alert(1)</script>"
TRICKS = {
    "a page": PAGE * 40,
    "a picture": photo_bytes(),
    "nothing": b"",
    "a page that begins with one frame": FRAME + PAGE * 40,
    "frames with a page behind them": mp3_bytes(behind=PAGE),
    "a page before the frames": mp3_bytes(before=PAGE),
    "too few frames": mp3_bytes(3),
    "a tag alone": id3(PAGE * 40),
    "a film": m4a_bytes(handler=b"vide"),
    "a sound nobody plays": m4a_bytes(codec=b"alac"),
    "another family of boxes": m4a_bytes(brand=b"heic"),
    "a box that is no box of sound": m4a_bytes() + box(b"html", PAGE),
    "a page behind the boxes": m4a_bytes() + PAGE,
    "half an M4A": m4a_bytes()[:-100],
    "boxes without a track": box(b"ftyp", b"M4A ", bytes(4)) + box(b"moov") + box(b"mdat", bytes(9)),
    "boxes without content": box(b"ftyp", b"M4A ", bytes(4)),
}


@pytest.mark.parametrize("trick", TRICKS)
def test_nothing_but_a_recording_is_taken(trick):
    with pytest.raises(Refusal) as refused:
        prepare_sound(sound_file(TRICKS[trick]))
    assert refused.value.message.startswith(("录音", "只能上传MP3或M4A录音"))


def test_too_large_is_said_before_it_is_read(monkeypatch):
    monkeypatch.setattr(sounds, "MAX_BYTES", 1000)
    with pytest.raises(Refusal, match="10MB"):
        prepare_sound(sound_file(mp3_bytes()))


def test_tags_of_an_mp3_go():
    owner = "李小花的手机 北纬25.5".encode()
    sound = prepare_sound(sound_file(mp3_bytes(before=id3(owner), behind=b"TAG" + owner.ljust(125, b"\0"))))
    assert sound.bytes == mp3_bytes() and sound.content_type == "audio/mpeg"


def test_tags_of_an_m4a_go_and_nothing_moves():
    owner = "李小花的手机 北纬25.5".encode()
    given = m4a_bytes(tags=owner)
    sound = prepare_sound(sound_file(given, "录音.m4a"))
    assert owner not in sound.bytes and len(sound.bytes) == len(given) and b"mp4a" in sound.bytes
    assert (sound.content_type, sound.extension) == ("audio/mp4", "m4a")


def test_a_last_frame_that_was_cut_off_is_left_out():
    assert prepare_sound(sound_file(mp3_bytes(30, behind=FRAME[:200]))).bytes == mp3_bytes(30)
