"""What is uploaded, before anybody looks at its kind."""

from common.errors import Refusal


def read_whole(upload, *, most: int, too_large: str, empty: str) -> bytes:
    """All bytes of an upload; a Refusal in those words when there are none, or more than `most`."""
    if (getattr(upload, "size", 0) or 0) > most:
        raise Refusal(too_large, code="too_large")
    upload.seek(0)
    data = upload.read(most + 1)
    if not data:
        raise Refusal(empty, code="empty")
    if len(data) > most:
        raise Refusal(too_large, code="too_large")
    return data
