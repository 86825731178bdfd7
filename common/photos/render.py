"""Pixels in, pixels out: any accepted photo becomes an upright RGB JPEG of at most 1 MB and a thumbnail.

Runs in the web process for harmless files and in the limited child for the others; needs Pillow, not Django.
"""

import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageFile

from common.errors import Refusal
from common.photos.header import DAMAGED, MAX_PIXELS, Header, check_size, refusal

LONG_SIDE = 2048
MAX_STORED = 1_000_000
THUMBNAIL = 320
# A JPEG may be decoded at 1/2, 1/4 or 1/8 for almost nothing; below this it would lose what an inspector looks at.
DRAFT_LONG_SIDE = 1536
QUALITIES = (82, 72, 62)
SMALLER_SIDES = (1600, 1280, 1024)
MAX_EXIF = 256 * 1024
ORIENTATION = 0x0112

Image.MAX_IMAGE_PIXELS = MAX_PIXELS
ImageFile.LOAD_TRUNCATED_IMAGES = False
warnings.simplefilter("error", Image.DecompressionBombWarning)
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")  # odd EXIF is everyday, nothing for the log

TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class Rendered:
    """The stored JPEG, its thumbnail, its size in pixels and the camera's EXIF block (not in the JPEG any more)."""

    jpeg: bytes
    thumbnail: bytes
    width: int
    height: int
    exif: bytes


def render(data: bytes, header: Header) -> Rendered:
    """Decode, turn upright, shrink to 2048 px and encode; a Refusal when the decoder finds the file broken."""
    try:
        with Image.open(BytesIO(data), formats=[header.kind]) as image:
            check_size(*image.size)
            exif = exif_bytes(image)
            upright = decode(image, orientation(exif))
    except (Refusal, MemoryError):
        raise
    except Image.DecompressionBombError as error:
        raise refusal(DAMAGED) from error
    except Exception as error:  # noqa: BLE001 - decoders raise whatever a broken file leads them to
        raise refusal(DAMAGED) from error
    jpeg, stored = encode(upright)
    return Rendered(jpeg, thumbnail(stored), *stored.size, exif)


def decode(image: Image.Image, turn: int) -> Image.Image:
    """The first frame as upright RGB, long side at most 2048, shrunk before anything is copied at full size."""
    long_side = max(image.size)
    if image.format in ("JPEG", "MPO"):
        scale = next((s for s in (8, 4, 2) if long_side // s >= DRAFT_LONG_SIDE), 1)
        image.draft("RGB", (image.width // scale, image.height // scale))
    image.load()
    small = shrunk(eight_bit(image), LONG_SIDE)
    small = flat_rgb(small)
    return small.transpose(TURNS[turn]) if turn in TURNS else small


def eight_bit(image: Image.Image) -> Image.Image:
    """16-bit grey scaled to 8 (a plain convert would clip nearly all of it to white); a palette resolved."""
    if image.mode.startswith("I;16") or image.mode == "I":
        return shrunk(image.convert("I"), LONG_SIDE).point(lambda value: value * (1 / 256)).convert("L")
    if image.mode == "F":
        return image.convert("L")
    if image.mode in ("P", "PA", "1"):
        # Nearest is the only way to shrink indices; halving first keeps a 64-megapixel palette from needing 256 MB.
        while max(image.size) >= 4 * LONG_SIDE:
            image = image.resize((image.width // 2, image.height // 2), Image.Resampling.NEAREST)
        return image.convert("L" if image.mode == "1" else "RGBA" if "transparency" in image.info else "RGB")
    return image


def shrunk(image: Image.Image, side: int) -> Image.Image:
    """The image with its long side at most `side`; box-reduced first, which is fast and needs no second full copy."""
    long_side = max(image.size)
    if long_side <= side:
        return image
    size = tuple(max(1, round(edge * side / long_side)) for edge in image.size)
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=1.5)


def flat_rgb(image: Image.Image) -> Image.Image:
    """RGB on white paper where the photo is transparent; CMYK, grey, LAB and YCbCr converted."""
    if image.mode in ("RGBA", "LA", "RGBa", "La"):
        image = image.convert("RGBA")
        paper = Image.new("RGB", image.size, "white")
        paper.paste(image, mask=image.getchannel("A"))
        return paper
    return image if image.mode == "RGB" else image.convert("RGB")


def encode(image: Image.Image) -> tuple[bytes, Image.Image]:
    """A fresh JPEG of at most 1 MB and the image it shows: quality gives way first, then size."""
    image.info = {}  # EXIF, comment and profile of the upload end here; save() would take the comment along
    for quality in QUALITIES:
        jpeg = as_jpeg(image, quality)
        if len(jpeg) <= MAX_STORED:
            return jpeg, image
    for side in SMALLER_SIDES:
        smaller = shrunk(image, side)
        jpeg = as_jpeg(smaller, QUALITIES[-1])
        if len(jpeg) <= MAX_STORED:
            break
    return jpeg, smaller


def as_jpeg(image: Image.Image, quality: int) -> bytes:
    """Baseline JPEG bytes without any metadata."""
    out = BytesIO()
    image.save(out, "JPEG", quality=quality, exif=b"", icc_profile=None, comment=None)
    return out.getvalue()


def thumbnail(image: Image.Image) -> bytes:
    """A JPEG of at most 320 × 320 px."""
    return as_jpeg(shrunk(image, THUMBNAIL), 78)


def exif_bytes(image: Image.Image) -> bytes:
    """The EXIF block as the camera wrote it, b'' when there is none, it is unreadable or absurdly large."""
    try:
        block = image.info.get("exif") or image.getexif().tobytes()
    except Exception:  # noqa: BLE001 - a broken EXIF block is no reason to refuse a good photo
        return b""
    return block if isinstance(block, bytes) and len(block) <= MAX_EXIF else b""


def orientation(exif: bytes) -> int:
    """The EXIF orientation 1–8, 1 when absent or nonsense."""
    if not exif:
        return 1
    try:
        block = Image.Exif()
        block.load(exif)
        return int(block.get(ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - as above
        return 1
