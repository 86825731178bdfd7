"""What a photo claims to be, read from its first bytes: kind, size and cost, before any decoder touches it."""

import struct
from dataclasses import dataclass

import filetype

from common.errors import Refusal

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 64_000_000
# Larger PNG and WebP, and progressive JPEG, are held in memory whole: only the limited child may decode them.
MAX_PIXELS_HERE = 24_000_000
MIN_SHORT_SIDE = 320
# A phone writes about ten scans; a thousand keep a decoder busy for minutes.
MAX_SCANS = 100

TOO_LARGE = Refusal("照片超过20MB，请重新拍摄或换一张小一些的", code="too_large")
EMPTY = Refusal("照片是空文件，请重新拍摄", code="empty")
NOT_AN_IMAGE = Refusal("这个文件不是照片，请上传手机拍摄的照片（JPG、PNG、WebP、HEIC）", code="not_an_image")
TOO_MANY_PIXELS = Refusal("照片像素太多（超过6400万），请调低相机像素后重新拍摄", code="too_many_pixels")
TOO_SMALL = Refusal("照片太小（短边不足320像素），看不清楚，请重新拍摄", code="too_small")
DAMAGED = Refusal("照片文件损坏或没有传完整，请重新上传或重新拍摄", code="damaged")
UNRECOGNISED = Refusal("图片无法识别或超过20MB，请重新拍摄", code="unrecognised")

READER_ERRORS = (struct.error, IndexError, ValueError)
KINDS = {"jpg": "JPEG", "png": "PNG", "apng": "PNG", "webp": "WEBP", "heic": "HEIF"}
HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}


@dataclass(frozen=True)
class Header:
    """Pillow's name of the format, the claimed size in pixels (0 × 0: only the child can tell) and where to decode."""

    kind: str
    width: int = 0
    height: int = 0
    is_progressive: bool = False

    @property
    def is_heavy(self) -> bool:
        """Whether only the memory-limited child may decode it (decision 5)."""
        if self.kind == "HEIF":
            return True
        spills = self.kind != "JPEG" or self.is_progressive
        return spills and self.width * self.height > MAX_PIXELS_HERE


def read_header(data: bytes) -> Header:
    """The header of a photo, or a Refusal with the reason; nothing is decoded."""
    if not data:
        raise refusal(EMPTY)
    if len(data) > MAX_BYTES:
        raise refusal(TOO_LARGE)
    kind = kind_of(data)
    if kind == "HEIF":
        return Header(kind)
    try:
        header = READERS[kind](data)
    except READER_ERRORS as error:
        raise refusal(DAMAGED) from error
    check_size(header.width, header.height)
    return header


def check_size(width: int, height: int) -> None:
    """Refuse more than 64,000,000 pixels and a short side under 320."""
    if width * height > MAX_PIXELS:
        raise refusal(TOO_MANY_PIXELS)
    if min(width, height) < MIN_SHORT_SIDE:
        raise refusal(TOO_SMALL)


def refusal(pattern: Refusal) -> Refusal:
    """A fresh exception: a raised one keeps its traceback, and with it the photo, alive."""
    return Refusal(pattern.message, pattern.code)


def kind_of(data: bytes) -> str:
    """JPEG, PNG, WEBP or HEIF by the magic bytes alone, whatever the file is called; else a Refusal."""
    guess = filetype.guess(data[:8192])
    kind = KINDS.get(guess.extension) if guess else None
    if kind is None and data[4:8] == b"ftyp" and HEIF_BRANDS & brands(data):
        kind = "HEIF"
    if kind is None:
        raise refusal(NOT_AN_IMAGE)
    return kind


def brands(data: bytes) -> set[bytes]:
    """The brands of an ISO media file; filetype knows only "heic", ten-bit phones write "heix"."""
    end = min(int.from_bytes(data[:4]), 256)
    return {data[8:12]} | {data[at : at + 4] for at in range(16, end, 4)}


def read_png(data: bytes) -> Header:
    """Size from IHDR, the first chunk; an error of READER_ERRORS if absent."""
    if data[12:16] != b"IHDR":
        raise ValueError("no IHDR")
    return Header("PNG", *struct.unpack(">II", data[16:24]))


def read_webp(data: bytes) -> Header:
    """Size from the canvas of VP8X, or the frame of VP8 and VP8L; an error of READER_ERRORS if absent."""
    chunk = data[12:16]
    if chunk == b"VP8X":
        width, height = (int.from_bytes(data[at : at + 3], "little") + 1 for at in (24, 27))
    elif chunk == b"VP8L" and data[20] == 0x2F:
        bits = int.from_bytes(data[21:25], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    elif chunk == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = (int.from_bytes(data[at : at + 2], "little") & 0x3FFF for at in (26, 28))
    else:
        raise ValueError("no frame")
    return Header("WEBP", width, height)


def read_jpeg(data: bytes) -> Header:
    """Size from the frame marker, past whatever the camera put before it; an error of READER_ERRORS if absent."""
    at, frame = 2, None
    while frame is None:
        marker, length = struct.unpack(">HH", data[at : at + 4])
        if marker == 0xFFFF:  # fill bytes may stand before a marker
            at += 1
            continue
        code = marker & 0xFF
        if marker < 0xFF00 or code in (0xD9, 0xDA) or length < 2:
            raise ValueError("no frame before the first scan")
        if 0xC0 <= code <= 0xCF and code not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            frame = Header("JPEG", width, height, is_progressive=code in (0xC2, 0xC6, 0xCA, 0xCE))
        at += 2 + length
    # Inside picture data 0xFF is always followed by 0 or a restart mark, so this counts scans.
    if frame.is_progressive and data.count(b"\xff\xda", at) > MAX_SCANS:
        raise ValueError("too many scans")
    return frame


READERS = {"PNG": read_png, "WEBP": read_webp, "JPEG": read_jpeg}
