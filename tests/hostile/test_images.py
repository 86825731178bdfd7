"""B-I: 160 pictures nobody should send, made by hand, and bytes flipped by chance in 20 others.

Each gives a clean JPEG or one Chinese sentence within the limits of time and memory. What the pipeline makes of good
pictures, orientations 1-8, colours, places and dates is in tests/common/photos.
"""

import random
import resource
import subprocess
import sys
import time
import zipfile
from importlib import import_module
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from common.errors import Refusal
from common.photos import prepare, worker
from common.photos.header import Header
from common.photos.render import MAX_STORED, Rendered
from common.text import clean_file_label
from tests.common.photos import samples
from tests.common.photos.samples import encoded, exif_block, scene
from tests.hostile.test_text import HAN, harm
from tests.scale import FULL, some

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")
PREPARE = import_module("common.photos.prepare")
FLIPS = some(150, 5000)
HEIC_FLIPS = some(2, 100)
SECONDS = worker.WALL_SECONDS
# What this process may grow by while it decodes: 24 megapixels twice over, and the copies of one that is shrunk.
GROWTH_MB = 400
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'


def zipped() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("evil.js", "alert(1)" * 10)
    return out.getvalue()


def with_segment(data: bytes, marker: bytes, body: bytes) -> bytes:
    """A JPEG with one more segment right after its beginning."""
    return data[:2] + marker + (len(body) + 2).to_bytes(2) + body + data[2:]


def truncated() -> dict[str, bytes]:
    """Four kinds, cut at every kilobyte."""
    small = scene(480, 360)
    whole = {
        "jpeg": encoded(small, "JPEG", quality=90),
        "progressive": encoded(small, "JPEG", quality=90, progressive=True),
        "png": encoded(small, "PNG"),
        "webp": encoded(small, "WEBP", quality=90),
    }
    return {
        f"{kind} cut at {cut}": data[:cut] for kind, data in whole.items() for cut in range(1024, len(data) - 64, 1024)
    }


def broken_facts() -> dict[str, bytes]:
    """EXIF, XMP and ICC blocks that are cut, huge, empty or lie about their length."""
    photo, found = samples.jpeg(480, 360), {}
    for size in (0, 1, 6, 20, 1000, 65_000):
        found[f"exif of {size}"] = with_segment(photo, b"\xff\xe1", b"Exif\x00\x00" + b"\xff" * size)
        found[f"xmp of {size}"] = with_segment(photo, b"\xff\xe1", b"http://ns.adobe.com/xap/1.0/\x00" + b"<" * size)
        found[f"icc of {size}"] = with_segment(photo, b"\xff\xe2", b"ICC_PROFILE\x00\x01\x01" + b"\x00" * size)
    north, east, nowhere = ((25.0, 30.0, 0.0), "N"), ((102.0, 30.0, 0.0), "E"), ((0.0, 0.0, 0.0), "N")
    for words, block in {
        "GPS 0,0": exif_block(lat=nowhere, lon=((0.0, 0.0, 0.0), "E")),
        "GPS beyond the pole": exif_block(lat=((99.0, 0.0, 0.0), "N"), lon=east),
        "GPS half": exif_block(lat=north),
        "another province": exif_block(lat=((45.0, 0.0, 0.0), "N"), lon=((126.0, 0.0, 0.0), "E")),
        "1970": exif_block(taken="1970:01:01 00:00:00"),
        "2099": exif_block(taken="2099:01:01 00:00:00"),
        "no date": exif_block(taken="0000:00:00 00:00:00"),
        "words for a date": exif_block(taken="昨天".encode().decode("latin-1")),
        **{f"orientation {turn}": exif_block(orientation=turn) for turn in (*range(1, 9), 0, 9, 65535)},
    }.items():
        found[words] = encoded(scene(360, 480), "JPEG", exif=block)
    return found


def kinds() -> dict[str, bytes]:
    """Every way of storing colour, animation and pages."""
    rest = [Image.new("RGB", (480, 360), "black")] * 3
    many = {"save_all": True, "append_images": rest, "duration": 50}
    modes = (
        ("CMYK", "JPEG"),
        ("L", "JPEG"),
        ("1", "PNG"),
        ("LA", "PNG"),
        ("P", "PNG"),
        ("RGBA", "PNG"),
        ("I;16", "PNG"),
    )
    found = {
        f"{mode} {kind}": encoded(scene(480, 360, mode if mode != "I;16" else "I").convert(mode), kind)
        for mode, kind in modes
    }
    found |= {f"animated {kind}": encoded(scene(480, 360), kind, **many) for kind in ("GIF", "WEBP", "PNG")}
    progressive = encoded(Image.new("RGB", (400, 400)), "JPEG", progressive=True)
    at = progressive.rindex(b"\xff\xda")
    found["1,000 scans"] = progressive[:at] + progressive[at:-2] * 1000 + progressive[-2:]
    return found


def bombs() -> dict[str, bytes]:
    """81 to 3,600 megapixels, claimed and real."""
    sides = {
        81: (9000, 9000),
        177: (13_300, 13_300),
        400: (20_000, 20_000),
        3600: (60_000, 60_000),
        4000: (65_500, 61_000),
    }
    made = {
        f"{kind} of {size} Mpx": getattr(samples, f"{kind}_claiming")(*side)
        for kind in ("png", "jpeg")
        for size, side in sides.items()
    }
    made |= {
        f"webp of {size} Mpx": samples.webp_claiming(*side)
        for size, side in sides.items()
        if size < 4000 and side[0] <= 2**14
    }
    thin = {
        f"{kind} {w}x{h}": getattr(samples, f"{kind}_claiming")(w, h)
        for kind in ("png", "jpeg")
        for w, h in ((1, 65_000), (65_000, 1), (0, 0))
    }
    return made | thin | {"real 81 Mpx": samples.flat_png(9000, 9000), "ratio over 1,000": samples.flat_png(4000, 4000)}


def polyglots() -> dict[str, bytes]:
    """Two natures in one file, and files of another nature under a photo's name."""
    photo, png = samples.jpeg(480, 360), encoded(scene(480, 360), "PNG")
    webp = encoded(scene(480, 360), "WEBP")
    tails = {
        "html": HTML,
        "zip": zipped(),
        "pdf": b"%PDF-1.7 /JS (alert(1))",
        "php": b"<?php alert(1)",
        "svg": SVG,
        "elf": b"\x7fELF",
    }
    found = {
        f"{kind}+{tail}": data + end
        for kind, data in (("jpeg", photo), ("png", png), ("webp", webp))
        for tail, end in tails.items()
    }
    found |= {f"{tail}+jpeg": end + photo for tail, end in tails.items()}
    found |= {f"comment {tail}": with_segment(photo, b"\xff\xfe", end) for tail, end in tails.items()}
    alone = {
        "html": HTML,
        "svg": SVG,
        "pdf": b"%PDF-1.7\n%%EOF",
        "gif+js": b"GIF89a/*" + HTML,
        "empty": b"",
        "zeros": b"\x00" * 5000,
        "exe": b"MZ" + b"\x00" * 300,
        "text": "照片".encode() * 99,
        "one byte": b"\xff",
        "gif": encoded(scene(480, 360), "GIF"),
        "bmp": encoded(scene(480, 360), "BMP"),
        "tiff": encoded(scene(480, 360), "TIFF"),
        "ico": encoded(scene(64, 64), "ICO"),
    }
    return found | {f"only {name}": data for name, data in alone.items()}


BY_HAND = truncated() | broken_facts() | kinds() | bombs() | polyglots()


def outcome(data: bytes) -> str:
    """'' for a clean photo or a plain refusal, else what is wrong."""
    started = time.monotonic()
    try:
        photo = prepare(SimpleUploadedFile("x.jpg", data))
    except Refusal as refused:
        return "" if HAN.search(refused.message) and refused.code else f"says {refused.message}"
    except Exception as fault:  # a crash is an answer too, and the wrong one
        return f"crashed: {type(fault).__name__} {fault}"[:200]
    finally:
        spent = time.monotonic() - started
    if spent > SECONDS:
        return f"took {spent:.0f} s"
    return unclean(photo.bytes) or unclean(photo.thumb_bytes)


def unclean(stored: bytes) -> str:
    """What is wrong with bytes that are kept as a photo; '' if nothing."""
    if stored[:3] != b"\xff\xd8\xff" or not stored.endswith(b"\xff\xd9") or len(stored) > MAX_STORED:
        return "not a small JPEG"
    is_two = any(word in stored for word in (b"alert(1)", b"PK\x03\x04", b"Exif", b"http://"))
    return "kept its second nature" if is_two else ""


def grown_mb(before: int) -> float:
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


def test_there_are_160_pictures_by_hand():
    assert len(BY_HAND) >= 160


def test_pictures_nobody_should_send_are_refused_or_cleaned(settings, tmp_path, tried):
    settings.VAR_DIR = tmp_path
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    wrong = {name: why for name, data in BY_HAND.items() if (why := outcome(data))}
    assert wrong == {}
    assert grown_mb(before) < GROWTH_MB
    tried("B-I", len(BY_HAND), "pictures made by hand", "test_control_the_bytes_as_they_came_keep_their_second_nature")


def seeds() -> list[bytes]:
    """Nineteen pictures of every kind but HEIC, which has its own turn: each of those costs a process."""
    small = scene(400, 330)
    options = [("JPEG", {"quality": q, "progressive": p}) for q in (30, 75, 95) for p in (False, True)]
    options += [("PNG", {"compress_level": level}) for level in (0, 1, 6, 9)]
    options += [("WEBP", {"quality": q, "lossless": lossless}) for q in (30, 80) for lossless in (False, True)]
    made = [encoded(small, kind, exif=exif_block(), **more) for kind, more in options]
    made += [encoded(small.convert(mode), kind) for mode, kind in (("CMYK", "JPEG"), ("L", "JPEG"), ("P", "PNG"))]
    return made + [
        encoded(small, "PNG", save_all=True, append_images=[small]),
        encoded(small, "MPO", save_all=True, append_images=[small]),
    ]


def flipped(data: bytes, chance: random.Random, start: int = 0) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 2, 8, 40))):
        changed[chance.randrange(start, len(changed))] = chance.randrange(256)
    return bytes(changed)


def test_flipped_bytes_give_a_photo_or_a_refusal(settings, tmp_path, tried):
    settings.VAR_DIR = tmp_path
    chance, whole = random.Random(20), seeds()
    assert len(whole) == 19
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    wrong = {n: why for n in range(FLIPS - HEIC_FLIPS) if (why := outcome(flipped(whole[n % 19], chance)))}
    heic = samples.heic(400, 330)
    wrong |= {f"heic {n}": why for n in range(HEIC_FLIPS) if (why := outcome(flipped(heic, chance, 12)))}
    assert wrong == {}
    assert grown_mb(before) < GROWTH_MB
    # The children, whose memory is limited by the system itself.
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024 < worker.MEMORY_MB
    tried(
        "B-I", FLIPS, "pictures with flipped bytes, from 20 seeds", "test_control_a_decoder_without_its_guards_crashes"
    )


def test_control_a_decoder_without_its_guards_crashes(monkeypatch):
    """The library alone, as most sites call it: neither its errors are caught nor its size looked at first."""

    def as_most_do(data, header):
        picture, stored = Image.open(BytesIO(data)), BytesIO()
        picture.convert("RGB").save(stored, "JPEG")
        return Rendered(stored.getvalue(), stored.getvalue(), *picture.size, b"")

    monkeypatch.setattr(PREPARE, "read_header", lambda data: Header("JPEG", 400, 330))
    monkeypatch.setattr(PREPARE, "render_here", as_most_do)
    chance, whole = random.Random(20), seeds()
    found = [outcome(flipped(whole[n % 19], chance)) for n in range(100)]
    assert sum(why.startswith("crashed") for why in found) >= 20


def test_control_the_bytes_as_they_came_keep_their_second_nature(monkeypatch):
    """Without drawing it anew the upload itself would be stored: the same look finds what it carries."""
    monkeypatch.setattr(PREPARE, "render_here", lambda data, header: Rendered(data, data, 480, 360, b""))
    second = [name for name in BY_HAND if name.startswith(("jpeg+", "comment ")) and not name.endswith("elf")]
    assert len(second) >= 10
    assert {outcome(BY_HAND[name]) for name in second} <= {"kept its second nature", "not a small JPEG"}


DECODE = """
import resource, sys
from PIL import Image
Image.MAX_IMAGE_PIXELS = None
Image.open(sys.argv[1]).convert("RGB").rotate(90)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@pytest.mark.skipif(not FULL, reason="half a gigabyte of memory")
def test_control_without_the_limits_a_file_of_kilobytes_takes_the_memory(tmp_path):
    bomb = tmp_path / "bomb.png"
    bomb.write_bytes(samples.flat_png(9000, 9000))
    assert bomb.stat().st_size < 400_000
    done = subprocess.run([sys.executable, "-c", DECODE, bomb], capture_output=True, text=True, check=True)
    assert int(done.stdout) > GROWTH_MB


NAMES = (
    "../../x",
    "..\\..\\x",
    "/etc/passwd",
    "C:\\x.jpg",
    "x%00.jpg",
    "x\x00.jpg",
    "图" * 300,
    "gpj\u202e.exe",
    "😀.jpg",
    "é.jpg",
    "e\u0301.jpg",
    "a.html",
    "",
    ".",
    "..",
    "CON",
    "a;rm -rf.jpg",
    "<script>alert(1)</script>.jpg",
    "a\r\nb.jpg",
    '"x".jpg',
    "x\u200b.jpg",
    " .jpg",
    "-rf",
    "~/x",
    "x\ud800.jpg",
)


def is_clean(label: str) -> bool:
    return len(label) <= 120 and not harm(label) and not set(label) & set('/\\<>"|?*\n\r')


def test_name_of_a_file_is_never_more_than_a_clean_label(tried):
    assert [name for name in NAMES if not is_clean(clean_file_label(name))] == []
    tried("B-I", len(NAMES), "hostile names of files", "test_control_names_as_they_came_are_no_labels")


def test_control_names_as_they_came_are_no_labels():
    """As the browser wrote them, and with no more than the folders cut off."""
    as_they_came = [name for name in NAMES if not is_clean(name)]
    without_folders = [name for name in NAMES if not is_clean(name.split("/")[-1])]
    assert len(as_they_came) >= 12
    assert len(without_folders) >= 9
