"""Pixels for the reader. The photo has passed common.photos before: a JPEG of ours, upright by EXIF, at most 1 MB."""

from io import BytesIO

from PIL import Image, ImageOps, ImageStat

# At this size the model reads best and a card costs 1.2 s of processor time (packages.md §1).
LONG_SIDE = 960
# Below this mean a picture is dark enough for its shadows to swallow strokes.
DIM = 95


def opened(jpeg: bytes) -> Image.Image:
    """The photo as RGB, its tones spread where it is dark."""
    with Image.open(BytesIO(jpeg), formats=["JPEG"]) as image:
        photo = image.convert("RGB")
    return ImageOps.autocontrast(photo, cutoff=1) if ImageStat.Stat(photo.convert("L")).mean[0] < DIM else photo


def view(photo: Image.Image) -> tuple[Image.Image, float]:
    """The whole photo at reading size, and by how much it was made smaller."""
    scale = min(1.0, LONG_SIDE / max(photo.size))
    size = round(photo.width * scale), round(photo.height * scale)
    return photo.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0), scale


def closer(photo: Image.Image, degrees: float, box: tuple[float, float, float, float]) -> Image.Image:
    """The part of the photo inside `box` with room round it, turned clockwise by so many degrees, at reading size."""
    left, top, right, bottom = box
    room = 0.12 * max(right - left, bottom - top)
    part = photo.crop((
        max(0, int(left - room)), max(0, int(top - room)),
        min(photo.width, int(right + room)), min(photo.height, int(bottom + room)),
    ))  # fmt: skip
    turned = part.rotate(-degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=(128, 128, 128))
    return view(turned)[0]
