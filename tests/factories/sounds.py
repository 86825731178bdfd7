"""Recordings for tests: silent, but sound from the first byte to the last."""

import struct
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.choices import Duty
from applicants.actions.recordings import add_recording
from applicants.models import Recording, Speech
from tests.factories.accounts import make_user

# MPEG 1, layer III, 128 kbit/s, 44,100 Hz, one channel: 417 bytes, 26 ms.
FRAME = b"\xff\xfb\x90\xc0" + bytes(413)


def mp3_bytes(frames: int = 80, *, before: bytes = b"", behind: bytes = b"") -> bytes:
    """About two seconds of silence."""
    return before + FRAME * frames + behind


def id3(content: bytes) -> bytes:
    """A tag as recorders put it in front."""
    size = len(content)
    return b"ID3\x04\0\0" + bytes([size >> 21 & 127, size >> 14 & 127, size >> 7 & 127, size & 127]) + content


def box(kind: bytes, *content: bytes) -> bytes:
    """One box of an M4A."""
    inner = b"".join(content)
    return struct.pack(">I4s", len(inner) + 8, kind) + inner


def m4a_bytes(*, handler: bytes = b"soun", codec: bytes = b"mp4a", brand: bytes = b"M4A ", tags: bytes = b"") -> bytes:
    """The skeleton of an M4A with one track."""
    stsd = box(b"stsd", bytes(4), struct.pack(">I", 1), box(codec, bytes(28)))
    media = box(b"mdia", box(b"hdlr", bytes(8), handler, bytes(12)), box(b"minf", box(b"stbl", stsd)))
    talk = box(b"udta", tags) if tags else b""
    return box(b"ftyp", brand, bytes(4)) + box(b"moov", box(b"trak", media), talk) + box(b"mdat", bytes(400))


def sound_file(content: bytes, name: str = "sound.mp3") -> SimpleUploadedFile:
    """What an administrator uploads."""
    return SimpleUploadedFile(name, content, "audio/mpeg")


def make_recording(region, *, text: str = "apply", speech: str = Speech.DIALECT, language: str = "") -> Recording:
    """A recording of that place, uploaded by its system administrator."""
    by = make_user(region=region, duties=[Duty.SYSTEM_ADMIN])
    language = language or ("" if speech == Speech.MANDARIN else f"话{uuid4().hex[:6]}")
    upload = sound_file(mp3_bytes())
    return add_recording(by=by, text=text, speech=speech, language=language, region=region, upload=upload)
