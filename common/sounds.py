"""Uploaded recordings: MP3 or M4A up to 10 MB, proved to be sound from the first byte to the last, tags taken out.

The two that every WebView plays. A file that only begins like a recording can be a web page further on, and the tags
of a telephone's recorder may name its owner and the place.
"""

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from common.errors import Refusal
from common.uploads import read_whole

MAX_BYTES = 10 * 1024 * 1024
EMPTY = "录音是空的，请重新选择"
TOO_LARGE = "录音超过10MB，请缩短或压缩后再上传"
WRONG_KIND = "只能上传MP3或M4A录音"
DAMAGED = "录音损坏或没有传完整，请重新导出后上传"

# MPEG audio, layer III: bit rates (kbit/s) and sampling rates by version.
RATES = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
LOW_RATES = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
SAMPLES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
FEWEST_FRAMES = 20
TAG_BEHIND = (b"TAG", b"APETAGEX", b"ID3", b"3DI", b"LYRICSBEGIN")

OUTER = {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"uuid", b"meta", b"udta"}
BRANDS = {b"M4A ", b"M4B ", b"mp41", b"mp42", b"isom", b"iso2", b"iso5", b"iso6", b"3gp4", b"3gp5", b"MSNV", b"dash"}
TALKATIVE = {b"udta", b"meta", b"uuid"}
INNER = {b"moov", b"trak", b"mdia", b"minf", b"stbl"}


@dataclass(frozen=True, repr=False)
class PreparedSound:
    """A recording ready to be stored: its bytes without tags, its type and both digests."""

    bytes: bytes
    content_type: str
    extension: str
    sha256: str
    source_sha256: str


def prepare_sound(upload) -> PreparedSound:
    """Check an uploaded recording and take its tags out; a Refusal says why not."""
    data = read_whole(upload, most=MAX_BYTES, too_large=TOO_LARGE, empty=EMPTY)
    is_boxed = data[4:8] == b"ftyp"
    content = m4a(data) if is_boxed else mp3(data)
    kind = ("audio/mp4", "m4a") if is_boxed else ("audio/mpeg", "mp3")
    return PreparedSound(content, *kind, hashlib.sha256(content).hexdigest(), hashlib.sha256(data).hexdigest())


def mp3(data: bytes) -> bytes:
    """The frames of an MP3 and nothing else; refused when anything but a tag stands before, between or behind them."""
    at, frames = _behind_id3(data), []
    while at < len(data):
        size = _frame_size(data[at : at + 4])
        if size is None:
            break
        frames.append(data[at : at + size])
        at += size
    if len(frames) < FEWEST_FRAMES:
        raise Refusal(WRONG_KIND if not frames else DAMAGED, code="wrong_kind")
    rest = data[at:]
    if rest and not rest.startswith(TAG_BEHIND) and rest.strip(b"\0"):
        raise Refusal(DAMAGED, code="damaged")
    if at > len(data):
        # The last frame was cut off by the recorder: the others are whole.
        frames.pop()
    return b"".join(frames)


def _behind_id3(data: bytes) -> int:
    """Where the tag in front ends: its length stands in it, seven bits a byte."""
    if data[:3] != b"ID3" or len(data) < 10:
        return 0
    size = 0
    for byte in data[6:10]:
        size = size << 7 | byte & 0x7F
    at = 10 + size + (10 if data[5] & 0x10 else 0)
    # Some writers leave a cushion of zeros behind it.
    return at + len(data[at : at + 65536]) - len(data[at : at + 65536].lstrip(b"\0"))


def _frame_size(head: bytes) -> int | None:
    """Bytes of the layer III frame with that head, None when it is none."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return None
    version, rate, sampling = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version not in SAMPLES or not 1 <= rate <= 14 or sampling == 3:
        return None
    kbits = (RATES if version == 3 else LOW_RATES)[rate - 1]
    return (144 if version == 3 else 72) * kbits * 1000 // SAMPLES[version][sampling] + (head[2] >> 1 & 1)


def m4a(data: bytes) -> bytes:
    """An M4A with one kind of track, sound in AAC; its tags are overwritten in place, so that nothing moves."""
    outer = [kind for kind, _, _ in _boxes(data, 0, len(data))]
    if outer[0] != b"ftyp" or data[8:12] not in BRANDS or set(outer) - OUTER or not {b"moov", b"mdat"} <= set(outer):
        raise Refusal(WRONG_KIND, code="wrong_kind")
    kept, handlers, codecs = bytearray(data), [], []
    for kind, start, end in _every_box(data, 0, len(data)):
        if kind == b"hdlr":
            handlers.append(data[start + 8 : start + 12])
        elif kind == b"stsd":
            codecs.append(data[start + 12 : start + 16])
        elif kind in TALKATIVE:
            mark = data.rindex(kind, 0, start)
            kept[mark : mark + 4] = b"free"
            kept[start:end] = bytes(end - start)
    if set(handlers) != {b"soun"} or set(codecs) != {b"mp4a"}:
        raise Refusal(WRONG_KIND, code="wrong_kind")
    return bytes(kept)


def _every_box(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    for kind, first, last in _boxes(data, start, end):
        yield kind, first, last
        if kind in INNER:
            yield from _every_box(data, first, last)


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """(kind, where its content begins, where it ends) of the boxes that fill this stretch exactly."""
    while start < end:
        if end - start < 8:
            raise Refusal(DAMAGED, code="damaged")
        size, kind = struct.unpack_from(">I4s", data, start)
        head = 8
        if size == 1 and end - start >= 16:
            # Some recorders write every length with 64 bits.
            size, head = struct.unpack_from(">Q", data, start + 8)[0], 16
        if size < head or start + size > end:
            raise Refusal(DAMAGED, code="damaged")
        yield kind, start + head, start + size
        start += size
