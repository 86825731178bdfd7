"""Private files: the row's owner decides who may open them, at every request (decision 27, domain §15.1)."""

from django.http import FileResponse, Http404
from django.views import View

from households.files import open_file, open_thumb
from households.queries import visible_attachment


class AttachmentView(View):
    """The file itself; 404 for everybody outside the owner's view, logged in or not."""

    def get(self, request, uid):
        attachment = visible_attachment(request.user, uid)
        if attachment is None:
            raise Http404
        return self.answer(attachment)

    def answer(self, attachment) -> FileResponse:
        extension = "pdf" if attachment.content_type == "application/pdf" else "jpg"
        return _response(open_file(attachment), attachment.content_type, f"{attachment.slot}.{extension}")


class ThumbView(AttachmentView):
    """The small picture of a photo."""

    def answer(self, attachment) -> FileResponse:
        if not attachment.thumb_path:
            raise Http404
        return _response(open_thumb(attachment), "image/jpeg", "thumb.jpg")


def _response(stream, content_type: str, name: str) -> FileResponse:
    response = FileResponse(stream, content_type=content_type, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
