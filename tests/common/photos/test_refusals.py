"""Test group B-I: whatever arrives is either a clean photo or one plain Chinese sentence; never an error page."""

import random
import struct
import zipfile
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from common.errors import Refusal
from common.photos import header, prepare
from tests.common.photos import samples

# As in production: Pillow only remarks on odd EXIF, pytest would make an error of it.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")


def reason(data: bytes) -> str:
    with pytest.raises(Refusal) as caught:
        prepare(BytesIO(data))
    return caught.value.code


def test_every_reason_is_a_different_plain_sentence():
    patterns = [value for value in vars(header).values() if isinstance(value, Refusal)]
    assert len(patterns) == 7
    assert len({pattern.message for pattern in patterns}) == len({pattern.code for pattern in patterns}) == 7
    assert header.UNRECOGNISED.message == "图片无法识别或超过20MB，请重新拍摄"


def test_a_refusal_is_a_new_one_each_time():
    first, second = header.refusal(header.DAMAGED), header.refusal(header.DAMAGED)
    assert first is not second
    assert first is not header.DAMAGED


HTML = b"<!doctype html><html><script>alert(1)</script></html>"
NOT_IMAGES = {
    "html": HTML,
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "gif": b"GIF89a/*" + HTML,
    "pdf": b"%PDF-1.7\n" + HTML,
    "exe": b"MZ" + b"\x00" * 400,
    "text": "这不是照片".encode() * 50,
    "zeros": b"\x00" * 5000,
    "bmp": samples.encoded(samples.scene(), "BMP"),
    "tiff": samples.encoded(samples.scene(), "TIFF"),
    "real gif": samples.encoded(samples.scene(), "GIF"),
    "ico": samples.encoded(samples.scene(64, 64), "ICO"),
    "avif": b"\x00\x00\x00\x20ftypavif" + b"\x00" * 200,
    "video": b"\x00\x00\x00\x20ftypisom" + b"\x00" * 200,
    "one byte": b"\xff",
}


@pytest.mark.parametrize("kind", NOT_IMAGES)
def test_other_files_are_refused_whatever_they_are_called(kind):
    upload = SimpleUploadedFile("照片.jpg", NOT_IMAGES[kind], content_type="image/jpeg")
    with pytest.raises(Refusal, match="不是照片"):
        prepare(upload)


def test_empty_file_is_refused():
    assert reason(b"") == "empty"


def test_more_than_20_mb_is_refused_without_reading_it():
    class Huge:
        size = header.MAX_BYTES + 1

        def read(self, *arguments):
            raise AssertionError("read")

    with pytest.raises(Refusal, match="20MB"):
        prepare(Huge())
    assert reason(samples.jpeg() + b"\x00" * header.MAX_BYTES) == "too_large"


@pytest.mark.parametrize(
    ("width", "height"), [(9000, 9000), (13300, 13300), (20000, 20000), (60000, 60000), (8001, 8000)]
)
@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_bombs_are_refused_from_the_header(kind, width, height, monkeypatch):
    if kind == "webp" and width * height >= 2**32:
        pytest.skip("a WebP canvas cannot claim that much")
    monkeypatch.setattr(Image, "open", lambda *a, **k: pytest.fail("a decoder saw the bomb"))
    assert reason(getattr(samples, f"{kind}_claiming")(width, height)) == "too_many_pixels"


def test_a_real_bomb_of_81_megapixels_is_refused():
    data = samples.flat_png(9000, 9000)
    assert len(data) < 500_000
    assert reason(data) == "too_many_pixels"


def test_heic_claiming_too_much_is_refused():
    assert reason(samples.heic_claiming(9000, 9000)) in {"too_many_pixels", "damaged", "unrecognised"}


@pytest.mark.parametrize(("width", "height"), [(319, 800), (800, 319), (1, 1)])
def test_too_small_is_refused(width, height):
    assert reason(samples.encoded(Image.new("RGB", (width, height)), "JPEG")) == "too_small"
    assert reason(samples.encoded(Image.new("RGB", (width, height)), "PNG")) == "too_small"


def test_small_heic_is_refused_by_the_child_with_the_same_words():
    assert reason(samples.heic(300, 800)) == "too_small"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "progressive"])
def test_truncated_at_every_kilobyte_is_refused(kind):
    options = {"progressive": True} if kind == "progressive" else {}
    data = samples.encoded(samples.scene(480, 360), "JPEG" if options else kind, **options)
    cuts = [*range(1, 1024, 64), *range(1024, len(data) - 64, 1024)]
    assert {reason(data[:cut]) for cut in cuts} <= {"damaged", "not_an_image"}
    assert reason(data[: len(data) // 2]) == "damaged"


@pytest.mark.parametrize("share", [0.01, 0.3, 0.6, 0.95])
def test_truncated_heic_is_refused(share):
    data = samples.heic()
    assert reason(data[: int(len(data) * share)]) in {"damaged", "unrecognised", "not_an_image"}


def test_a_thousand_scans_are_refused():
    data = samples.encoded(Image.new("RGB", (400, 400)), "JPEG", progressive=True)
    at = data.rindex(b"\xff\xda")
    assert reason(data[:at] + data[at:-2] * 1000 + data[-2:]) == "damaged"
    assert prepare(BytesIO(data[:at] + data[at:-2] * 20 + data[-2:]))


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8\xff",
        b"\xff\xd8" + b"\xff" * 5000,
        b"\xff\xd8\xff\xe0\x00\x00" + b"\x00" * 100,
        b"\xff\xd8\xff\xd9" + b"\x00" * 100,
        b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x00\x00\x00\x00" + b"\x00" * 20,
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 100,
        b"RIFF\x00\x00\x00\x00WEBP",
        b"RIFF\xff\xff\xff\xffWEBPVP8L" + b"\x00" * 50,
        b"RIFF\xff\xff\xff\xffWEBPVP8X",
        b"\x00\x00\x00\x18ftypheic" + b"\x00" * 100,
    ],
)
def test_bare_headers_are_refused(data):
    assert reason(data) in {"damaged", "too_small", "not_an_image", "unrecognised"}


def zipped() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("evil.js", "alert(1)" * 10)
    return out.getvalue()


def with_comment(data: bytes, comment: bytes) -> bytes:
    return data[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + data[2:]


@pytest.mark.parametrize(
    "data",
    [
        samples.jpeg() + HTML,
        samples.jpeg() + zipped(),
        samples.jpeg() + b"%PDF-1.7 /JavaScript alert(1)",
        with_comment(samples.jpeg(), HTML),
        with_comment(samples.jpeg(), b"<?php alert(1)"),
        samples.encoded(samples.scene(), "PNG") + HTML,
        samples.encoded(samples.scene(), "WEBP") + zipped(),
    ],
    ids=["jpeg+html", "jpeg+zip", "jpeg+pdf", "comment html", "comment php", "png+html", "webp+zip"],
)
def test_polyglots_lose_their_second_nature(data):
    photo = prepare(SimpleUploadedFile("photo.php.jpg", data))
    for stored in (photo.bytes, photo.thumb_bytes):
        assert b"alert(1)" not in stored
        assert stored.endswith(b"\xff\xd9")
        assert not zipfile.is_zipfile(BytesIO(stored))


@pytest.mark.parametrize(
    "name",
    [
        "../../x",
        "x%00.jpg",
        "图" * 300,
        "gpj\u202e.exe",
        "😀.jpg",
        "e\u0301.jpg",
        "é.jpg",
        "a.html",
        "",
        ".",
        "C:\\x.jpg",
    ],
)
def test_the_name_of_the_file_changes_nothing(name):
    class Upload(BytesIO):
        pass

    upload = Upload(samples.jpeg())
    upload.name = name
    assert prepare(upload).sha256 == prepare(BytesIO(samples.jpeg())).sha256


def outcome(data: bytes) -> str:
    """ "photo" for a clean one, else the code of the refusal; anything else fails the test."""
    try:
        photo = prepare(BytesIO(data))
    except Refusal as refused:
        return refused.code
    return "photo" if photo.bytes[:3] == photo.thumb_bytes[:3] == b"\xff\xd8\xff" else "rubbish"


@pytest.mark.parametrize("seed", range(8))
def test_flipped_bytes_give_a_photo_or_a_refusal(seed):
    chance = random.Random(seed)
    small = samples.scene(400, 320)
    kinds = [("JPEG", {}), ("JPEG", {"progressive": True}), ("PNG", {}), ("WEBP", {}), ("PNG", {"compress_level": 0})]
    for kind, options in kinds:
        original = samples.encoded(small, kind, exif=samples.exif_block(), **options)
        for _ in range(12):
            data = bytearray(original)
            for _ in range(chance.choice((1, 3, 30))):
                data[chance.randrange(len(data))] = chance.randrange(256)
            assert outcome(bytes(data)) in {"photo", "damaged", "not_an_image", "too_small", "too_many_pixels"}


@pytest.mark.parametrize("seed", range(4))
def test_flipped_bytes_of_heic_give_a_photo_or_a_refusal(seed):
    chance, data = random.Random(seed), bytearray(samples.heic(400, 320))
    for _ in range(5):
        data[chance.randrange(12, len(data))] = chance.randrange(256)
    assert outcome(bytes(data)) in {"photo", "damaged", "not_an_image", "too_small", "too_many_pixels", "unrecognised"}
