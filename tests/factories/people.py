"""Invented people: ID prefix 99, phones 154, names that nobody in the tree bears (domain §15.5)."""

from io import BytesIO
from itertools import count

from PIL import Image, ImageDraw

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_numbers = count(1)


def make_id_number(birth: str = "19520314", serial: int | None = None) -> str:
    """A valid number of the unallocated area 990101."""
    serial = next(_numbers) % 1000 if serial is None else serial
    body = f"990101{birth}{serial:03d}"
    return body + "10X98765432"[sum(int(one) * weight for one, weight in zip(body, WEIGHTS, strict=True)) % 11]


def photo_bytes(seed: int = 0, size: tuple[int, int] = (360, 320)) -> bytes:
    """A small JPEG whose content depends on the seed, so that two photos differ."""
    picture = Image.new("RGB", size, (90 + seed % 120, 140, 160))
    draw = ImageDraw.Draw(picture)
    draw.polygon([(80, 300), (320, 120), (560, 300)], fill=(150, 90 + seed % 90, 60))
    draw.text((20, 20), f"photo {seed}", fill=(0, 0, 0))
    data = BytesIO()
    picture.save(data, "JPEG", quality=85)
    return data.getvalue()
