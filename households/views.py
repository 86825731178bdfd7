"""Private files: the row's owner decides who may open them, at every request (decision 27, domain §15.1)."""

import re

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.views import View

from households.files import open_file, open_thumb
from households.queries import visible_attachment

EXTENSIONS = {"application/pdf": "pdf", "audio/mpeg": "mp3", "audio/mp4": "m4a"}
# One stretch of bytes, as players ask for it.
STRETCH = re.compile(r"bytes=(\d{0,10})-(\d{0,10})")


class AttachmentView(View):
    """The file itself; 404 for everybody outside the owner's view, logged in or not."""

    def get(self, request, uid):
        attachment = visible_attachment(request.user, uid)
        if attachment is None:
            raise Http404
        return self.answer(attachment)

    def answer(self, attachment) -> HttpResponseBase:
        kind, stream = attachment.content_type, open_file(attachment)
        if kind.startswith("audio/"):
            part = _stretch_of(stream, attachment.size, self.request.headers.get("Range", ""))
            answer = _private(part, kind) if part else _response(stream, kind, f"recording.{EXTENSIONS[kind]}")
            answer["Accept-Ranges"] = "bytes"
            return answer
        return _response(stream, kind, f"{attachment.slot}.{EXTENSIONS.get(kind, 'jpg')}")


class ThumbView(AttachmentView):
    """The small picture of a photo."""

    def answer(self, attachment) -> FileResponse:
        if not attachment.thumb_path:
            raise Http404
        return _response(open_thumb(attachment), "image/jpeg", "thumb.jpg")


def _stretch_of(stream, size: int, asked: str) -> HttpResponse | None:
    """The stretch of bytes that a player asked for, or None: iPhones play no sound that comes in one piece."""
    wanted = STRETCH.fullmatch(asked)
    if not wanted or wanted[0] == "bytes=-":
        return None
    first, last = (int(text) if text else None for text in wanted.groups())
    if first is None:
        first, last = max(size - last, 0), None
    last = min(size - 1 if last is None else last, size - 1)
    with stream:
        if first > last:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        stream.seek(first)
        content = stream.read(last + 1 - first)
    return HttpResponse(content, status=206, headers={"Content-Range": f"bytes {first}-{last}/{size}"})


def _response(stream, content_type: str, name: str) -> HttpResponseBase:
    return _private(FileResponse(stream, filename=name), content_type)


def _private(response: HttpResponseBase, content_type: str) -> HttpResponseBase:
    response["Content-Type"] = content_type
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
