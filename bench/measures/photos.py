from collections.abc import Iterator
from io import BytesIO

from PIL import Image

from bench.result import Result, cpu_milliseconds
from common.photos import prepare


def measure(cases: int) -> Iterator[Result]:
    for name, size, target in (("12mp", (4000, 3000), 2.5), ("shrunk", (1600, 1200), 40)):
        upload = _noisy_jpeg(size)
        rate = 1000 / cpu_milliseconds(lambda upload=upload: prepare(BytesIO(upload)), times=5)
        target_words = f"≥ {target} photos/s/core"
        yield Result(f"photo_pipeline_{name}", rate, "photos/s/core", target=target_words, is_met=rate >= target)


def _noisy_jpeg(size: tuple[int, int]) -> bytes:
    # Noise scaled up has the detail of a photo; a flat picture would decode three times as fast.
    picture = Image.effect_noise((size[0] // 4, size[1] // 4), 60).resize(size).convert("RGB")
    data = BytesIO()
    picture.save(data, "JPEG", quality=85)
    return data.getvalue()
