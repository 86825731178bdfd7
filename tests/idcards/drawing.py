"""A card front as a picture, and the ways in which a phone spoils it. Pillow alone; needs a CJK font."""

import random
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont

from tests.idcards.people import Holder

FOLDER = Path("/usr/share/fonts/opentype/noto")
# Simplified faces inside the collections of Debian's fonts-noto-cjk.
FACES = (("NotoSansCJK-Regular.ttc", 2), ("NotoSansCJK-Bold.ttc", 2), ("NotoSerifCJK-Bold.ttc", 2))
SIZE = (1200, 757)
INK, BLUE, PAPER = (25, 25, 30), (60, 95, 150), (232, 240, 244)
DESK = (96, 78, 62)


def has_fonts() -> bool:
    """Whether the faces are installed; without them nothing can be drawn."""
    return all((FOLDER / name).exists() for name, _ in FACES)


@cache
def font(size: int, face: int = 0) -> ImageFont.FreeTypeFont:
    name, index = FACES[face % len(FACES)]
    return ImageFont.truetype(str(FOLDER / name), size, index=index)


def card(holder: Holder, *, face: int = 0) -> Image.Image:
    """The front as it comes from the press: text left, portrait right, the number below."""
    picture = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(picture)
    for line in range(0, SIZE[1], 9):  # the guilloche of the background
        pen.line([(0, line), (SIZE[0], line + 60)], fill=(214, 228, 236))
    _portrait(pen)
    year, month, day = holder.born
    _labelled(pen, (70, 80), "姓名", holder.name, face, 48)
    _labelled(pen, (70, 178), "性别", holder.sex, face)
    _labelled(pen, (330, 178), "民族", holder.folk, face)
    if holder.disability:
        _labelled(pen, (70, 276), "类别", "肢体", face)
        _labelled(pen, (330, 276), "等级", "二级", face)
    else:
        _birth(pen, (70, 276), year, month, day, face)
    pen.text((70, 378), "住址", BLUE, font(36, face))
    for row, line in enumerate(_wrapped(holder.address, 11)):
        pen.text((200, 374 + row * 58), line, INK, font(42, face))
    _number(pen, holder, face)
    return picture


def _labelled(pen, at, label: str, value: str, face: int, size: int = 44) -> None:
    x, y = at
    pen.text((x, y), label, BLUE, font(36, face))
    pen.text((x + 130, y - 6), value, INK, font(size, face))


def _birth(pen, at, year: str, month: str, day: str, face: int) -> None:
    x, y = at
    pen.text((x, y), "出生", BLUE, font(36, face))
    for offset, text, colour in ((130, year, INK), (245, "年", BLUE), (310, month, INK), (375, "月", BLUE),
                                 (440, day, INK), (505, "日", BLUE)):  # fmt: skip
        pen.text((x + offset, y - (4 if colour is INK else 0)), text, colour, font(42 if colour is INK else 36, face))


def _number(pen, holder: Holder, face: int) -> None:
    label = "残疾人证号" if holder.disability else "公民身份号码"
    pen.text((70, 650), label, BLUE, font(36, face))
    pen.text((400, 640), "".join(holder.id_number + holder.disability), INK, font(54, face), features=["-kern"])


def _portrait(pen) -> None:
    pen.rectangle((790, 90, 1120, 560), fill=(205, 214, 222))
    pen.ellipse((880, 160, 1030, 340), fill=(190, 160, 140))
    pen.ellipse((890, 130, 1020, 230), fill=(50, 45, 45))
    pen.pieslice((820, 340, 1090, 700), 180, 360, fill=(70, 80, 100))
    pen.rectangle((790, 560, 1120, 700), fill=PAPER)


def _wrapped(text: str, width: int) -> list[str]:
    return [text[at : at + width] for at in range(0, len(text), width)]


def on_desk(picture: Image.Image, *, angle: float = 0, margin: int = 140) -> Image.Image:
    """The card on a table, turned by so many degrees."""
    wide = Image.new("RGBA", (picture.width + 2 * margin, picture.height + 2 * margin))
    wide.paste(picture, (margin, margin))
    turned = wide.rotate(angle, Image.Resampling.BICUBIC, expand=True)
    desk = Image.new("RGB", turned.size, DESK)
    desk.paste(turned, mask=turned.getchannel("A"))
    return desk


def leaning(picture: Image.Image, share: float) -> Image.Image:
    """Seen from one side: the far edge shorter by `share` at either end."""
    wide = on_desk(picture)
    w, h = wide.size
    # PERSPECTIVE maps the target back to the source: these eight numbers squeeze the right edge.
    squeeze = share / (1 - 2 * share)
    data = (1 + 2 * squeeze, 0, 0, squeeze * h / w, 1 + squeeze, -squeeze * h / 2 * 0.5, 2 * squeeze / w, 0)
    return wide.transform((w, h), Image.Transform.PERSPECTIVE, data, Image.Resampling.BICUBIC, fillcolor=DESK)


def noisy(picture: Image.Image, sigma: float, seed: int) -> Image.Image:
    """Grain as a small sensor makes it in bad light."""
    state = random.Random(seed)
    grain = Image.effect_noise(picture.size, sigma).convert("RGB")
    grain = grain.rotate(state.choice((0, 180)))
    return Image.blend(picture, grain, 0.35)


def dim(picture: Image.Image, light: float, seed: int) -> Image.Image:
    """A room with one lamp."""
    return noisy(ImageEnhance.Brightness(picture).enhance(light), 14, seed)


def glare(picture: Image.Image, at: tuple[float, float], size: float) -> Image.Image:
    """A lamp mirrored in the plastic: white in the middle, soft at the edge."""
    mask = Image.new("L", picture.size)
    x, y, r = at[0] * picture.width, at[1] * picture.height, size * picture.width
    ImageDraw.Draw(mask).ellipse((x - r, y - r * 0.6, x + r, y + r * 0.6), fill=250)
    mask = mask.filter(ImageFilter.GaussianBlur(r * 0.35))
    return Image.composite(Image.new("RGB", picture.size, "white"), picture, mask)


def as_jpeg(picture: Image.Image, *, side: int = 1600, quality: int = 82) -> bytes:
    """What the browser would send."""
    out = BytesIO()
    picture.thumbnail((side, side))
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


# Name, whether it belongs to the ordinary set (a photo somebody would call good), and how it is made.
VARIANTS = (
    ("clean scan", True, lambda c, s: c),
    ("on a table", True, lambda c, s: on_desk(c)),
    ("turned 5°", True, lambda c, s: on_desk(c, angle=5)),
    ("turned -5°", True, lambda c, s: on_desk(c, angle=-5)),
    ("seen from the side, 12 %", True, lambda c, s: leaning(c, 0.12)),
    ("one third of the picture", True, lambda c, s: on_desk(c, margin=900)),
    ("dim and grainy", False, lambda c, s: dim(on_desk(c), 0.3, s)),
    ("blurred", False, lambda c, s: on_desk(c).filter(ImageFilter.GaussianBlur(2.2))),
    ("glare on the address", False, lambda c, s: glare(on_desk(c), (0.4, 0.6), 0.11)),
    ("turned 90°", False, lambda c, s: on_desk(c).transpose(Image.Transpose.ROTATE_90)),
    ("upside down", False, lambda c, s: on_desk(c, angle=3).transpose(Image.Transpose.ROTATE_180)),
    ("turned 270°, skewed 12°", False, lambda c, s: on_desk(c, angle=12).transpose(Image.Transpose.ROTATE_270)),
)


def photo(holder: Holder, variant: int, *, seed: int = 0) -> bytes:
    """The JPEG of a holder's card in that variant; the face changes with the seed."""
    _, _, spoil = VARIANTS[variant]
    return as_jpeg(spoil(card(holder, face=seed), seed), side=2048 if variant == 5 else 1600)
