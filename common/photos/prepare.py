"""One uploaded photo made ready to be stored."""

import datetime as dt
import hashlib
import threading
from dataclasses import dataclass

from common.photos.header import MAX_BYTES, TOO_LARGE, UNRECOGNISED, read_header, refusal
from common.photos.metadata import taken
from common.photos.render import Rendered, render
from common.photos.worker import render_in_child

# Threads of one web worker may decode two photos at once; more would multiply the memory, not the speed.
_decoding = threading.BoundedSemaphore(2)


@dataclass(frozen=True, repr=False)
class PreparedPhoto:
    """A photo ready to be stored: JPEG ≤ 1 MB and thumbnail without metadata, and the facts that were in it.

    sha256 is of the stored bytes, source_sha256 of the upload (the same photo sent twice is known by it).
    Positions are WGS-84 degrees; each source is 相机, 浏览器 or 无.
    """

    bytes: bytes
    thumb_bytes: bytes
    width: int
    height: int
    sha256: str
    source_sha256: str
    taken_at: dt.datetime | None
    taken_source: str
    lon: float | None
    lat: float | None
    position_source: str
    content_type: str = "image/jpeg"


def prepare(
    upload, *, taken_at: dt.datetime | None = None, position: tuple[float, float] | None = None
) -> PreparedPhoto:
    """Check, decode, turn upright, shrink and encode an upload (decision 5); a Refusal says why not.

    upload: an UploadedFile or any binary file. taken_at and position (longitude, latitude) are what the
    browser says; they count only where the camera's own EXIF says nothing believable.
    """
    data = read(upload)
    header = read_header(data)
    rendered = render_in_child(data, header) if header.is_heavy else render_here(data, header)
    facts = taken(rendered.exif, taken_at, position)
    return PreparedPhoto(
        bytes=rendered.jpeg,
        thumb_bytes=rendered.thumbnail,
        width=rendered.width,
        height=rendered.height,
        sha256=hashlib.sha256(rendered.jpeg).hexdigest(),
        source_sha256=hashlib.sha256(data).hexdigest(),
        taken_at=facts.at,
        taken_source=facts.at_source,
        lon=facts.lon,
        lat=facts.lat,
        position_source=facts.position_source,
    )


def read(upload) -> bytes:
    """The upload's bytes; one too large is refused by its size, before it is read."""
    if (getattr(upload, "size", 0) or 0) > MAX_BYTES:
        raise refusal(TOO_LARGE)
    upload.seek(0)
    return upload.read(MAX_BYTES + 1)


def render_here(data: bytes, header) -> Rendered:
    """render() in this process, two at a time."""
    with _decoding:
        try:
            return render(data, header)
        except MemoryError as error:
            raise refusal(UNRECOGNISED) from error
