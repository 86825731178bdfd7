"""The parent's side of the memory-limited child: HEIC, and PNG, WebP or progressive JPEG over 24 megapixels.

One child per photo, started when one comes. It inherits no secret, can write no file, and a broken
decoder inside it takes down that one upload instead of the web server.
"""

import fcntl
import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from common.errors import Refusal
from common.photos.header import UNRECOGNISED, Header, refusal
from common.photos.render import Rendered

MEMORY_MB = 1024
CPU_SECONDS = 20
WALL_SECONDS = 40
# Of one deployment, whatever the number of web workers: the children's memory must be foreseeable.
SLOTS = 2
BUSY = Refusal("现在处理照片的人太多，请过一分钟再上传这张照片", code="busy")
ROOT = Path(__file__).resolve().parents[2]


def render_in_child(data: bytes, header: Header) -> Rendered:
    """render() under limits; a Refusal when the child refuses, runs out of memory or time, or dies."""
    order = json.dumps({"kind": header.kind, "width": header.width, "height": header.height}).encode()
    command = [sys.executable, "-m", "common.photos.child", str(MEMORY_MB), str(CPU_SECONDS)]
    with slot():
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter and module, no user input
                command,
                input=order + b"\n" + data,
                capture_output=True,
                timeout=WALL_SECONDS,
                env=bare_environment(),
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise refusal(UNRECOGNISED) from error
    return read_answer(done)


def bare_environment() -> dict[str, str]:
    """No keys, no addresses; few memory arenas, because each counts against the limit whether used or not."""
    return {"PYTHONPATH": str(ROOT), "MALLOC_ARENA_MAX": "1", "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}


def read_answer(done: subprocess.CompletedProcess) -> Rendered:
    """The child's answer, believed only as far as its lengths and JPEG marks agree."""
    first, _, body = done.stdout.partition(b"\n")
    try:
        answer = json.loads(first)
        if "refusal" in answer:
            raise Refusal(str(answer["refusal"]), str(answer["code"]))
        cuts = [int(answer[part]) for part in ("jpeg", "thumbnail", "exif")]
        size = int(answer["width"]), int(answer["height"])
        if min(cuts) < 0:
            raise ValueError("a length below nothing")
    except (ValueError, KeyError, TypeError) as error:
        raise refusal(UNRECOGNISED) from error
    jpeg, thumbnail, exif = body[: cuts[0]], body[cuts[0] : sum(cuts[:2])], body[sum(cuts[:2]) :]
    if done.returncode or len(body) != sum(cuts) or not all(p[:3] == b"\xff\xd8\xff" for p in (jpeg, thumbnail)):
        raise refusal(UNRECOGNISED)
    return Rendered(jpeg, thumbnail, *size, exif)


@contextmanager
def slot():
    """One of the deployment's places for a child; waits for a free one at most as long as a child may run."""
    until = time.monotonic() + WALL_SECONDS
    folder = Path(settings.VAR_DIR) / "photo-slots"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    places = [os.open(folder / str(number), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600) for number in range(SLOTS)]
    try:
        # The lock belongs to the open file: closing it, or dying, gives the place back.
        while not any(is_locked(place) for place in places):
            if time.monotonic() > until:
                raise refusal(BUSY)
            time.sleep(0.05)
        yield
    finally:
        for place in places:
            os.close(place)


def is_locked(place: int) -> bool:
    """Whether this process could take the place."""
    try:
        fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
