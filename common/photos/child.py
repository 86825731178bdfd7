"""The memory-limited decoder: a line of JSON and a photo on standard input, the same on standard output.

python -m common.photos.child MEGABYTES SECONDS
"""

import json
import resource
import sys

from common.errors import Refusal


def main() -> None:
    """Set the limits, read the order and the photo, answer."""
    megabytes, seconds = int(sys.argv[1]), int(sys.argv[2])
    limit(resource.RLIMIT_AS, megabytes * 1024 * 1024)
    limit(resource.RLIMIT_CPU, seconds)
    limit(resource.RLIMIT_FSIZE, 0)
    limit(resource.RLIMIT_CORE, 0)
    order = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()
    try:
        answer, body = work(order, data)
    except Refusal as refusal:
        answer, body = {"refusal": refusal.message, "code": refusal.code}, b""
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + body)


def limit(what: int, value: int) -> None:
    """Set both limits; a container may have set the hard one lower already, and that stays."""
    hard = resource.getrlimit(what)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(what, (value, value))


def work(order: dict, data: bytes) -> tuple[dict, bytes]:
    """Decode under the limits already set; running out of memory is a refusal too."""
    # Imported here: the limits must stand before a decoder's library is loaded.
    from common.photos.header import UNRECOGNISED, Header, refusal
    from common.photos.render import render

    header = Header(order["kind"], order["width"], order["height"])
    if header.kind == "HEIF":
        register_heif()
    try:
        done = render(data, header)
    except MemoryError as error:
        raise refusal(UNRECOGNISED) from error
    sizes = {"jpeg": len(done.jpeg), "thumbnail": len(done.thumbnail), "exif": len(done.exif)}
    return sizes | {"width": done.width, "height": done.height}, done.jpeg + done.thumbnail + done.exif


def register_heif() -> None:
    """Teach Pillow HEIC; one thread, for each has a stack and an arena that count against the limit."""
    import pillow_heif

    pillow_heif.register_heif_opener(thumbnails=False, decode_threads=1)


if __name__ == "__main__":
    main()
