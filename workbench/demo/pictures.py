"""Drawn stand-ins for photos: no photo of a real house or person is shipped (decision 2)."""

import random
from io import BytesIO

from PIL import Image, ImageDraw

WALL, ROOF, SKY, GROUND, CRACK = (196, 164, 132), (120, 72, 56), (206, 224, 236), (150, 160, 120), (48, 36, 30)
# A demo has some hundreds of them, and each is decoded and made anew on its way in.
SMALL = (800, 600)


def house_photo(seed: int) -> bytes:
    """A cottage with cracks and a sagging roof, as JPEG; every seed another picture."""
    draw = random.Random(seed)
    picture = Image.new("RGB", (1280, 960), SKY)
    pen = ImageDraw.Draw(picture)
    pen.rectangle([0, 640, 1280, 960], fill=GROUND)
    left, top = 200 + draw.randint(-40, 40), 380 + draw.randint(-30, 30)
    pen.rectangle([left, top, left + 820, top + 360], fill=WALL)
    pen.polygon(_roof(left, top, draw.randint(-30, 60)), fill=ROOF)
    pen.rectangle([left + 360, top + 150, left + 470, top + 360], fill=(90, 60, 44))
    for window in (120, 590):
        pen.rectangle([left + window, top + 110, left + window + 130, top + 210], fill=(70, 90, 110))
    for _ in range(draw.randint(2, 5)):
        pen.line(_crack(draw, left, top), fill=CRACK, width=draw.randint(4, 9))
    return _jpeg(picture)


def new_house_photo(seed: int) -> bytes:
    """A plain new house of one storey, as JPEG; every seed another picture."""
    draw = random.Random(seed)
    picture = Image.new("RGB", SMALL, SKY)
    pen = ImageDraw.Draw(picture)
    pen.rectangle([0, 400, 800, 600], fill=GROUND)
    left = 140 + draw.randint(-30, 30)
    pen.rectangle([left, 220, left + 520, 470], fill=(236, 232, 222))
    pen.rectangle([left - 20, 190, left + 540, 222], fill=(168, 72, 56))
    pen.rectangle([left + 225, 310, left + 295, 470], fill=(112, 70, 44))
    for window in (60, 380):
        pen.rectangle([left + window, 280, left + window + 90, 360], fill=(120, 160, 190))
    return _jpeg(picture)


def paper(seed: int) -> bytes:
    """A photographed form: lines and boxes, no writing of anybody."""
    picture = Image.new("RGB", SMALL[::-1], (250, 250, 246))
    pen = ImageDraw.Draw(picture)
    for row in range(12):
        pen.rectangle([60, 90 + row * 50, 540, 140 + row * 50], outline=(60, 60, 60), width=2)
    pen.ellipse([400, 620, 520, 740], outline=(190, 40, 40), width=5)
    pen.text((60, 50), f"No. {seed}", fill=(0, 0, 0))
    return _jpeg(picture)


def _roof(left: int, top: int, sag: int) -> list[tuple[int, int]]:
    return [(left - 60, top), (left + 220, top - 210), (left + 420, top - 210 + sag), (left + 880, top)]


def _crack(draw: random.Random, left: int, top: int) -> list[tuple[int, int]]:
    x, y = left + draw.randint(40, 760), top + 10
    points = [(x, y)]
    while y < top + 340:
        x, y = x + draw.randint(-45, 45), y + draw.randint(30, 70)
        points.append((x, y))
    return points


def _jpeg(picture: Image.Image) -> bytes:
    data = BytesIO()
    picture.save(data, "JPEG", quality=82)
    return data.getvalue()
