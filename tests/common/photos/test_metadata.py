import datetime as dt
from io import BytesIO

import pytest
from PIL import Image

from common import clock
from common.photos import prepare
from common.photos.metadata import BROWSER, CAMERA, NOBODY, taken
from tests.common.photos import samples
from tests.common.photos.samples import exif_block

NORTH, EAST = ((25.0, 30.0, 36.0), "N"), ((102.0, 15.0, 0.0), "E")
TODAY = dt.date(2026, 11, 22)

# As in production: Pillow only remarks on odd EXIF, pytest would make an error of it.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")


@pytest.fixture(autouse=True)
def _day():
    with clock.freeze(TODAY):
        yield


def said(block: Image.Exif, **browser):
    return taken(block.tobytes(), **browser)


def test_camera_time_is_local_and_position_in_degrees():
    facts = said(exif_block(lat=NORTH, lon=EAST))
    assert facts.at.isoformat() == "2026-10-01T08:30:00+08:00"
    assert (facts.lat, facts.lon) == (25.51, 102.25)
    assert (facts.at_source, facts.position_source) == (CAMERA, CAMERA)


def test_offset_the_camera_wrote_is_believed():
    assert said(exif_block(offset="+06:00")).at.isoformat() == "2026-10-01T08:30:00+06:00"
    assert said(exif_block(offset="nonsense")).at.isoformat() == "2026-10-01T08:30:00+08:00"


def test_south_and_west_are_negative():
    facts = said(exif_block(lat=((33.0, 0.0, 0.0), "S"), lon=((70.0, 30.0, 0.0), "W")))
    assert (facts.lat, facts.lon) == (-33.0, -70.5)


@pytest.mark.parametrize(
    "written",
    ["1970:01:01 00:00:00", "2099:01:01 00:00:00", "2026:11:22 09:11:00", "0000:00:00 00:00:00", "2026:13:45 99:99:99",
     "    :  :     :  :  ", "", "yesterday", "1980:01:01 00:00:00"],
)  # fmt: skip
def test_unbelievable_camera_time_is_ignored_and_the_browser_asked(written):
    assert said(exif_block(taken=written)).at_source == NOBODY
    told = dt.datetime(2026, 11, 20, 8, 0)
    facts = said(exif_block(taken=written), at=told)
    assert (facts.at.isoformat(), facts.at_source) == ("2026-11-20T08:00:00+08:00", BROWSER)


def test_a_clock_a_few_minutes_fast_is_believed():
    assert said(exif_block(taken="2026:11:22 09:05:00")).at_source == CAMERA


def test_camera_goes_before_browser():
    facts = said(exif_block(lat=NORTH, lon=EAST), at=dt.datetime(2026, 11, 20), position=(1.0, 2.0))
    assert (facts.at_source, facts.position_source) == (CAMERA, CAMERA)


def test_browser_in_the_future_is_not_believed_either():
    assert taken(b"", at=dt.datetime(2026, 11, 23)).at is None


@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        (((0.0, 0.0, 0.0), "N"), ((0.0, 0.0, 0.0), "E")),
        (((95.0, 0.0, 0.0), "N"), EAST),
        (NORTH, ((200.0, 0.0, 0.0), "E")),
        (NORTH, None),
        (None, EAST),
        (((25.0,), "N"), EAST),
    ],
)
def test_unbelievable_camera_position_is_ignored(lat, lon):
    facts = said(exif_block(lat=lat, lon=lon), position=(102.5, 25.5))
    assert (facts.lon, facts.lat, facts.position_source) == (102.5, 25.5, BROWSER)


@pytest.mark.parametrize(
    "position", [(0, 0), (181, 0), (0, 91), (float("nan"), 25), (float("inf"), 1), ("x", "y"), (1,), (1, 2, 3), None]
)
def test_unbelievable_browser_position_is_ignored(position):
    facts = taken(b"", position=position)
    assert (facts.lon, facts.lat, facts.position_source) == (None, None, NOBODY)


@pytest.mark.parametrize("position", [(0.0, 51.5), (102.0, 0.0), (121.47, 31.23)])
def test_position_in_another_place_is_kept_for_people_to_judge(position):
    assert taken(b"", position=position).position_source == BROWSER


@pytest.mark.parametrize(
    "block",
    [
        b"",
        b"Exif\x00\x00",
        b"Exif\x00\x00MM\x00*\xff\xff\xff\xff",
        b"\x00" * 100,
        b"Exif\x00\x00II*\x00" + b"\xff" * 60_000,
    ],
)
def test_broken_exif_says_nothing(block):
    assert taken(block).at is None


def test_zero_denominators_say_nothing():
    block = (
        exif_block(lat=NORTH, lon=EAST)
        .tobytes()
        .replace(b"\x00\x00\x00\x19\x00\x00\x00\x01", b"\x00\x00\x00\x19\x00\x00\x00\x00")
    )
    assert taken(block).position_source == NOBODY


@pytest.mark.parametrize("size", [20_000, 60_000])
def test_a_photo_with_a_broken_exif_block_is_still_a_photo(size):
    data = samples.jpeg()
    segment = b"Exif\x00\x00MM\x00*\x00\x00\x00\x08" + b"\xff" * size
    data = data[:2] + b"\xff\xe1" + (len(segment) + 2).to_bytes(2) + segment + data[2:]
    photo = prepare(BytesIO(data))
    assert (photo.taken_source, photo.position_source) == (NOBODY, NOBODY)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIC"])
def test_facts_are_read_from_every_format(kind):
    block = exif_block(lat=NORTH, lon=EAST)
    data = samples.heic(exif=block.tobytes()) if kind == "HEIC" else samples.encoded(samples.scene(), kind, exif=block)
    photo = prepare(BytesIO(data))
    assert photo.taken_at.isoformat() == "2026-10-01T08:30:00+08:00"
    assert (photo.lat, photo.lon) == (25.51, 102.25)
    assert (photo.taken_source, photo.position_source) == ("相机", "相机")


def test_photo_without_facts_takes_those_of_the_browser():
    photo = prepare(BytesIO(samples.jpeg()), taken_at=dt.datetime(2026, 11, 20, 8, 0), position=(102.5, 25.5))
    assert (photo.taken_source, photo.position_source, photo.lon) == ("浏览器", "浏览器", 102.5)
