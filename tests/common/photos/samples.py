"""Photos as phones, village computers and attackers make them, built when needed; no file of a real person."""

import functools
import struct
import zlib
from io import BytesIO

from PIL import Image

CORNERS = {"red": (0, 0), "lime": (1, 0), "blue": (0, 1), "yellow": (1, 1)}
EXIF_IFD, GPS_IFD = 0x8769, 0x8825


def scene(width=800, height=600, mode="RGB") -> Image.Image:
    """A photo whose four corners have four colours, over something a little noisy."""
    image = Image.merge("RGB", [Image.effect_noise((width // 4, height // 4), 60).resize((width, height))] * 3)
    for colour, (right, bottom) in CORNERS.items():
        box = (right * (width - width // 4), bottom * (height - height // 4))
        image.paste(colour, (*box, box[0] + width // 4, box[1] + height // 4))
    return image if mode == "RGB" else image.convert(mode)


def encoded(image: Image.Image, kind="JPEG", **options) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


@functools.cache
def jpeg(width=800, height=600, **options) -> bytes:
    return encoded(scene(width, height), "JPEG", quality=85, **options)


@functools.cache
def heic(width=800, height=600, exif: bytes = b"") -> bytes:
    import pillow_heif

    out = BytesIO()
    pillow_heif.from_pillow(scene(width, height)).save(out, quality=60, exif=exif or None)
    return out.getvalue()


def exif_block(taken="2026:10:01 08:30:00", offset=None, lat=None, lon=None, orientation=None) -> Image.Exif:
    """An EXIF block; lat and lon are ((degrees, minutes, seconds), reference)."""
    block = Image.Exif()
    details, gps = block.get_ifd(EXIF_IFD), block.get_ifd(GPS_IFD)
    if taken:
        details[0x9003] = taken
    if offset:
        details[0x9011] = offset
    details[0xA431] = "CAMERA-SERIAL-4711"
    if lat:
        gps[2], gps[1] = lat
    if lon:
        gps[4], gps[3] = lon
    if orientation:
        block[0x0112] = orientation
    block[0x010F] = "MAKER"
    return block


def png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_claiming(width: int, height: int) -> bytes:
    """A small PNG whose header claims any size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = png_chunk(b"IDAT", zlib.compress(b"\x00" * 5000))
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + body + png_chunk(b"IEND", b"")


def jpeg_claiming(width: int, height: int) -> bytes:
    data = bytearray(jpeg())
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def webp_claiming(width: int, height: int) -> bytes:
    canvas = b"\x00" * 4 + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + canvas
    return b"RIFF" + struct.pack("<I", len(body)) + body


def heic_claiming(width: int, height: int) -> bytes:
    data = bytearray(heic())
    at = data.index(b"ispe")
    data[at + 8 : at + 16] = struct.pack(">II", width, height)
    return bytes(data)


@functools.cache
def flat_png(width: int, height: int, mode="L") -> bytes:
    """A real PNG of any size that compresses to nearly nothing."""
    return encoded(Image.new(mode, (width, height), 200 if mode in "LP" else None), "PNG", compress_level=1)
