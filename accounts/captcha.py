"""The captcha of the login page (L-09): a picture, and beside it a question in words for whoever cannot see it."""

import io
import random
import secrets
from datetime import timedelta

from django.utils.crypto import constant_time_compare
from PIL import Image, ImageDraw, ImageFont

from common import clock

SIGNS = "34678ACDEFHJKMNPRTWXY"
LENGTH = 4
VALID = timedelta(minutes=5)
SIZE = (160, 60)
NUMBERS = "零一二三四五六七八九十"
KEY = "captcha"


def renew(session) -> str:
    """Put a new pair of answers into the session; returns the question in words."""
    left, right = secrets.randbelow(9) + 1, secrets.randbelow(9) + 1
    text = "".join(secrets.choice(SIGNS) for _ in range(LENGTH))
    session[KEY] = {"text": text, "sum": str(left + right), "at": clock.now().timestamp()}
    return f"{NUMBERS[left]}加{NUMBERS[right]}等于几？（填数字）"


def check(session, answer: str) -> bool:
    """Whether the answer fits picture or question. One answer, right or wrong, uses the pair up."""
    asked = session.pop(KEY, None)
    if not asked or clock.now().timestamp() - asked["at"] > VALID.total_seconds():
        return False
    given = "".join((answer or "").split()).upper()
    return constant_time_compare(given, asked["text"]) or constant_time_compare(given, asked["sum"])


def picture(session) -> bytes | None:
    """The picture of the pair in the session as PNG; None when there is none."""
    if not (asked := session.get(KEY)):
        return None
    image = Image.new("RGB", SIZE, "#f4f6f8")
    draw = ImageDraw.Draw(image)
    # Not secrets: only the drawing varies, the text is already chosen.
    dice = random.Random()  # noqa: S311
    for number, sign in enumerate(asked["text"]):
        _draw_sign(image, sign, 12 + number * 35, dice)
    for _ in range(5):
        ends = [(dice.randrange(SIZE[0]), dice.randrange(SIZE[1])) for _ in range(2)]
        draw.line(ends, fill=dice.choice(["#8b96a3", "#55606e"]), width=1)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _draw_sign(image: Image.Image, sign: str, left: int, dice: random.Random) -> None:
    tile = Image.new("RGBA", (44, 52), (0, 0, 0, 0))
    font = ImageFont.load_default(size=dice.randint(32, 38))
    ImageDraw.Draw(tile).text((8, 2), sign, font=font, fill="#1b2430")
    tile = tile.rotate(dice.randint(-22, 22), resample=Image.Resampling.BICUBIC)
    image.paste(tile, (left - 8, dice.randint(0, 8)), tile)
