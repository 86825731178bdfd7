from collections.abc import Iterator
from io import BytesIO

from PIL import Image

from bench.result import Result, cpu_milliseconds
from common.photos import prepare


def measure(cases: int) -> Iterator[Result]:
    for name, size, target in (("photo_pipeline", (4000, 3000), 2.5), ("photo_pipeline_shrunk", (1600, 1200), 40)):
        upload = _noisy_jpeg(size)
        rate = 1000 / cpu_milliseconds(lambda upload=upload: prepare(BytesIO(upload)), times=5)
        floor = 1000 / cpu_milliseconds(lambda upload=upload: _bare(upload), times=5)
        words = f"≥ {target} photos/s/core"
        yield Result(name, rate, "photos/s/core", floor, "decode, thumbnail, encode", words, rate >= target)


def _bare(upload: bytes) -> None:
    """The same picture through Pillow alone: nothing checked, nothing turned, no second size."""
    with Image.open(BytesIO(upload)) as picture:
        picture.thumbnail((1600, 1600))
        picture.save(BytesIO(), "JPEG", quality=85)


def _noisy_jpeg(size: tuple[int, int]) -> bytes:
    # Noise scaled up has the detail of a photo; a flat picture would decode three times as fast.
    picture = Image.effect_noise((size[0] // 4, size[1] // 4), 60).resize(size).convert("RGB")
    data = BytesIO()
    picture.save(data, "JPEG", quality=85)
    return data.getvalue()
