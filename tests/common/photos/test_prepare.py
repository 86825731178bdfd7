import hashlib
from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from common.photos import prepare
from common.photos.render import MAX_STORED, QUALITIES, as_jpeg
from tests.common.photos import samples
from tests.common.photos.samples import encoded, scene


def shown(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data), formats=["JPEG"])
    image.load()
    return image


def corners(image: Image.Image) -> list[str]:
    """The colours near the four corners, as names."""
    names = {"red": (255, 0, 0), "lime": (0, 255, 0), "blue": (0, 0, 255), "yellow": (255, 255, 0)}
    width, height = image.size
    points = [(width // 8, height // 8), (width - width // 8, height // 8)]
    points += [(width // 8, height - height // 8), (width - width // 8, height - height // 8)]
    rgb = image.convert("RGB")
    return [
        min(names, key=lambda n: sum(abs(a - b) for a, b in zip(names[n], rgb.getpixel(p), strict=True)))
        for p in points
    ]


UPRIGHT = ["red", "lime", "blue", "yellow"]


def test_result_is_a_clean_small_jpeg_with_its_facts():
    source = samples.jpeg(4000, 3000)
    photo = prepare(BytesIO(source))
    image = shown(photo.bytes)
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (2000, 1500))
    assert (photo.width, photo.height, photo.content_type) == (2000, 1500, "image/jpeg")
    assert len(photo.bytes) <= MAX_STORED
    assert photo.sha256 == hashlib.sha256(photo.bytes).hexdigest()
    assert photo.source_sha256 == hashlib.sha256(source).hexdigest()
    assert max(shown(photo.thumb_bytes).size) == 320
    assert corners(image) == corners(shown(photo.thumb_bytes)) == UPRIGHT


@pytest.mark.parametrize(
    ("size", "kept"),
    [
        ((1600, 1200), (1600, 1200)),
        ((2048, 1536), (2048, 1536)),
        ((2049, 1537), (2048, 1536)),
        ((3072, 2304), (1536, 1152)),
        ((4624, 3468), (2048, 1536)),
        ((320, 320), (320, 320)),
        ((6000, 400), (2048, 137)),
    ],
)
def test_long_side_is_at_most_2048(size, kept):
    photo = prepare(BytesIO(samples.jpeg(*size)))
    assert shown(photo.bytes).size == (photo.width, photo.height)
    assert abs(photo.width - kept[0]) + abs(photo.height - kept[1]) <= 1


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_every_orientation_is_turned_upright(turn, kind):
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # the transposition that makes the stored file lie wrong
    upright = scene(480, 360)
    lying = upright.transpose(undo[turn]) if turn in undo else upright
    photo = prepare(BytesIO(encoded(lying, kind, exif=samples.exif_block(orientation=turn))))
    assert (photo.width, photo.height) == (480, 360)
    assert corners(shown(photo.bytes)) == UPRIGHT
    assert corners(shown(photo.thumb_bytes)) == UPRIGHT


@pytest.mark.parametrize("turn", [0, 9, 255])
def test_orientation_that_means_nothing_is_ignored(turn):
    photo = prepare(BytesIO(encoded(scene(), "JPEG", exif=samples.exif_block(orientation=turn))))
    assert corners(shown(photo.bytes)) == UPRIGHT


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("L", "JPEG"), ("CMYK", "JPEG"), ("YCbCr", "JPEG"), ("L", "PNG"), ("LA", "PNG"), ("P", "PNG"), ("1", "PNG"),
        ("RGBA", "PNG"), ("RGBA", "WEBP"),
    ],
)  # fmt: skip
def test_every_way_of_storing_colour_becomes_rgb(mode, kind):
    image = shown(prepare(BytesIO(encoded(scene(mode=mode), kind))).bytes)
    assert (image.mode, image.size) == ("RGB", (800, 600))
    if mode not in ("L", "LA", "1"):
        assert corners(image) == UPRIGHT


def test_sixteen_bit_grey_keeps_its_tones():
    ramp = Image.linear_gradient("L").resize((640, 480)).convert("I").point(lambda value: value * 257).convert("I;16")
    image = shown(prepare(BytesIO(encoded(ramp, "PNG"))).bytes).convert("L")
    assert [round(image.getpixel((320, y)) / 20) for y in (5, 240, 475)] == [0, 6, 13]


def test_transparency_lies_on_white_paper():
    clear = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    ImageDraw.Draw(clear).rectangle((100, 100, 300, 300), fill=(200, 0, 0, 255))
    for source in (clear, clear.quantize(16)):
        image = shown(prepare(BytesIO(encoded(source, "PNG"))).bytes)
        assert min(image.getpixel((20, 20))) > 245
        assert image.getpixel((200, 200))[0] > 150
        assert image.getpixel((200, 200))[1] < 60


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_animation_keeps_its_first_frame(kind):
    rest = [Image.new("RGB", (800, 600), "black")] * 3
    data = encoded(scene(), kind, save_all=True, append_images=rest, duration=100)
    assert corners(shown(prepare(BytesIO(data)).bytes)) == UPRIGHT


def test_two_pictures_in_one_file_keep_the_first():
    data = encoded(scene(), "MPO", save_all=True, append_images=[Image.new("RGB", (800, 600), "black")])
    assert corners(shown(prepare(BytesIO(data)).bytes)) == UPRIGHT


def test_progressive_photo_is_accepted():
    assert corners(shown(prepare(BytesIO(samples.jpeg(progressive=True))).bytes)) == UPRIGHT


def test_noise_that_does_not_compress_still_fits_into_a_megabyte():
    noise = Image.merge("RGB", [Image.effect_noise((2048, 2048), 200) for _ in "RGB"])
    assert len(as_jpeg(noise, QUALITIES[-1])) > MAX_STORED
    photo = prepare(BytesIO(encoded(noise, "JPEG", quality=95)))
    assert len(photo.bytes) <= MAX_STORED
    assert max(photo.width, photo.height) < 2048


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_stored_files_carry_nothing_of_the_upload(kind):
    position = ((25.0, 30.0, 0.0), "N"), ((102.0, 30.0, 0.0), "E")
    extra = {"exif": samples.exif_block(lat=position[0], lon=position[1]), "icc_profile": b"ICC-PROFILE-BYTES" * 20}
    extra |= {"comment": b"COMMENT-4711"} if kind == "JPEG" else {}
    extra |= {"xmp": b"<x:xmpmeta>XMP-4711</x:xmpmeta>"} if kind != "PNG" else {}
    photo = prepare(BytesIO(encoded(scene(), kind, **extra)))
    assert photo.lat == 25.5
    for stored in (photo.bytes, photo.thumb_bytes):
        assert not {"exif", "icc_profile", "comment", "xmp"} & set(shown(stored).info)
        assert not shown(stored).getexif()
        for trace in (b"4711", b"MAKER", b"ICC-PROFILE", b"Exif", b"2026:10:01"):
            assert trace not in stored


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "HEIC"])
def test_wrong_extension_does_not_matter(kind):
    from django.core.files.uploadedfile import SimpleUploadedFile

    data = samples.heic() if kind == "HEIC" else encoded(scene(), kind)
    photo = prepare(SimpleUploadedFile("IMG_0001.jpg", data, content_type="image/jpeg"))
    assert corners(shown(photo.bytes)) == UPRIGHT


def test_upload_read_before_is_read_again_from_its_start():
    upload = BytesIO(samples.jpeg())
    upload.read(100)
    assert prepare(upload).source_sha256 == hashlib.sha256(samples.jpeg()).hexdigest()


def test_a_prepared_photo_does_not_print_itself():
    assert len(repr(prepare(BytesIO(samples.jpeg())))) < 200
