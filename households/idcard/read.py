"""The model, loaded once in the process that reads: the web server never imports this file."""

import time
from functools import cache

from PIL import Image

from households.idcard.geometry import Line, box_of, number_line, turn_of
from households.idcard.parse import Card, parse
from households.idcard.prepare import closer, opened, view

THREADS = 2
# A card in a corner of the photo, or one that lies askew, is looked at again from nearer.
SMALL, ASKEW = 0.55, 6
# Seconds of processor time after which no further look is begun; a busy machine reads no worse than an idle one.
ENOUGH = 4.5
# The detector works on a smaller copy, the recogniser on the full one: half the time, the same lines found.
DETECT_SIDE = 768


def read_card(jpeg: bytes) -> Card:
    """The card on the photo: at most three looks, the first of the whole photo. Nothing is kept."""
    began, photo = time.process_time(), opened(jpeg)
    small, scale = view(photo)
    lines = lines_of(small)
    best = parse(lines)
    for image in further_looks(photo, lines, scale, best):
        if time.process_time() - began > ENOUGH:
            break
        best = better(parse(lines_of(image)), best)
        if best.is_complete:
            break
    return best


def further_looks(photo: Image.Image, lines: list[Line], scale: float, first: Card):
    """Pictures worth another look: upright and near where the number shows how, else the other ways up in turn."""
    number = number_line(lines)
    if number is not None:
        degrees, box = turn_of(lines, number), box_of(lines)
        share = (number.height if number.is_standing else number.width) / max(photo.size) / scale
        if not first.is_complete or abs(degrees) > ASKEW or share < SMALL * 0.5:
            yield closer(photo, degrees, tuple(edge / scale for edge in box))
        if not first.id_number:
            yield view(photo.rotate(180, expand=True))[0]
        return
    standing = sum(line.is_standing for line in lines) > len(lines) / 2
    for degrees in (90, 270) if standing else (180, 90):
        yield view(photo.rotate(degrees, expand=True))[0]


def better(new: Card, old: Card) -> Card:
    """The later look where it says something, the earlier where it does not."""
    if old.id_number and new.id_number and old.id_number != new.id_number:
        return old  # two different right numbers: the whole photo counts
    return Card(new.name or old.name, new.id_number or old.id_number, new.address or old.address)


def lines_of(image: Image.Image) -> list[Line]:
    """Every piece of text on the picture with its place."""
    import numpy

    found = engine()(numpy.asarray(image)[:, :, ::-1])  # the model was trained on BGR
    if found.boxes is None or not found.txts:
        return []
    return [
        Line(text, tuple((float(x), float(y)) for x, y in box))
        for text, box in zip(found.txts, found.boxes, strict=True)
    ]


@cache
def engine():
    """The reader with the models of its own wheel; loads them at the first call, fetches nothing."""
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "EngineConfig.onnxruntime.intra_op_num_threads": THREADS,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.limit_type": "max",
            "Det.limit_side_len": DETECT_SIDE,
            # It tells names in its INFO lines.
            "Global.log_level": "error",
        }
    )


def warm_up() -> None:
    """Load the models before the first person waits for them."""
    lines_of(Image.new("RGB", (320, 96), "white"))
