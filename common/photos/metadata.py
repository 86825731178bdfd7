"""When and where a photo was taken, and who says so: the camera (相机), the browser (浏览器) or nobody (无).

WeChat and iOS erase EXIF when they convert, so its absence is ordinary and never held against anyone (P-04).
"""

import datetime as dt
import math
import re
from dataclasses import dataclass

from django.utils import timezone
from PIL import Image

from common import clock

CAMERA, BROWSER, NOBODY = "相机", "浏览器", "无"
EXIF_IFD, GPS_IFD = 0x8769, 0x8825
TAKEN, TAKEN_OFFSET = 0x9003, 0x9011
LATITUDE_REF, LATITUDE, LONGITUDE_REF, LONGITUDE = 1, 2, 3, 4
# Before phones had cameras a date is a clock that was never set (1970, 1980); ahead of us it is set wrong.
EARLIEST = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
CLOCK_ERROR = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class Taken:
    """The moment (aware) and the WGS-84 position of a photo, each with its source."""

    at: dt.datetime | None = None
    at_source: str = NOBODY
    lon: float | None = None
    lat: float | None = None
    position_source: str = NOBODY


def taken(exif: bytes, at: dt.datetime | None = None, position: tuple[float, float] | None = None) -> Taken:
    """Put together what the camera wrote and, where it says nothing believable, what the browser told.

    position: (longitude, latitude) in degrees.
    """
    camera_at, camera_position = read_exif(exif)
    moment, moment_source = first_of(believable_moment, camera_at, at)
    place, place_source = first_of(believable_position, camera_position, position)
    lon, lat = place or (None, None)
    return Taken(moment, moment_source, lon, lat, place_source)


def first_of(check, camera, browser):
    """The first believable of the two and its source; (None, 无) when neither is."""
    for value, source in ((camera, CAMERA), (browser, BROWSER)):
        value = check(value)
        if value is not None:
            return value, source
    return None, NOBODY


def believable_moment(moment: dt.datetime | None) -> dt.datetime | None:
    """The moment, unless it lies before 2000 or in the future; a naive one is local time."""
    if moment is None:
        return None
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment)
    return moment if EARLIEST <= moment <= clock.now() + CLOCK_ERROR else None


def believable_position(position: tuple[float, float] | None) -> tuple[float, float] | None:
    """The position rounded to 0.1 m, unless it is off the globe or (0, 0), what a receiver without a fix writes."""
    try:
        lon, lat = (round(float(value), 6) for value in position or ())
    except (TypeError, ValueError, OverflowError):
        return None
    if not (math.isfinite(lon) and math.isfinite(lat)) or abs(lon) > 180 or abs(lat) > 90:
        return None
    return None if abs(lon) < 1e-4 and abs(lat) < 1e-4 else (lon, lat)


def read_exif(exif: bytes) -> tuple[dt.datetime | None, tuple[float, float] | None]:
    """What the camera wrote, unchecked: the moment of 0x9003 and the position; None for what is not readable."""
    if not exif:
        return None, None
    try:
        block = Image.Exif()
        block.load(exif)
        details, gps = block.get_ifd(EXIF_IFD), block.get_ifd(GPS_IFD)
    except Exception:  # noqa: BLE001 - a broken EXIF block is no reason to refuse a good photo
        return None, None
    return moment_of(details), position_of(gps)


def moment_of(details: dict) -> dt.datetime | None:
    """DateTimeOriginal, with its own offset where the camera wrote one, else as local time."""
    try:
        moment = dt.datetime.strptime(str(details[TAKEN]).strip("\x00 ")[:19], "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007
        offset = re.match(r"([+-])(\d\d):(\d\d)", str(details.get(TAKEN_OFFSET, "")))
        if offset:
            shift = dt.timedelta(hours=int(offset[2]), minutes=int(offset[3]))
            return moment.replace(tzinfo=dt.timezone(shift if offset[1] == "+" else -shift))
        return timezone.make_aware(moment)
    except (KeyError, ValueError, OverflowError):
        return None


def position_of(gps: dict) -> tuple[float, float] | None:
    """(longitude, latitude) in degrees from the GPS block."""
    try:
        lat = degrees(gps[LATITUDE]) * (-1 if str(gps.get(LATITUDE_REF, "N")).upper().startswith("S") else 1)
        lon = degrees(gps[LONGITUDE]) * (-1 if str(gps.get(LONGITUDE_REF, "E")).upper().startswith("W") else 1)
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return lon, lat


def degrees(parts) -> float:
    """Degrees from the (degrees, minutes, seconds) of EXIF."""
    whole, minutes, seconds = (float(part) for part in parts)
    return whole + minutes / 60 + seconds / 3600
