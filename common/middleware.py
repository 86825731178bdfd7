"""What every request passes through: unreadable addresses refused, the caller noted, privacy headers set."""

from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.handlers.wsgi import LimitedStream
from django.http import HttpResponse
from django.template.loader import render_to_string

from common import context
from common.errors import Refusal, Unavailable

WRONG_METHOD = "这个网址不能这样打开，请返回上一页重新操作"
UNREADABLE = "网址中有无法识别的字符，请返回上一页重新操作"

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
PERMISSIONS_POLICY = "geolocation=(self), camera=(self), microphone=(), payment=(), usb=()"


class RefuseUnreadable:
    """Answer 400 to NUL and to bytes that are not UTF-8 in path or query: PostgreSQL cannot take them (group B-T)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        path = request.META.get("PATH_INFO", "").encode("latin-1", "replace")
        query = unquote_to_bytes(request.META.get("QUERY_STRING", "").encode("latin-1", "replace"))
        if is_readable(path) and is_readable(query):
            return self.get_response(request)
        return plain_page("errors/400.html", 400, UNREADABLE)


class WholeBodies:
    """A request that broke off on the way is none: half a text, half a photo is never taken for a whole one (F20)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if (length := request.META.get("CONTENT_LENGTH") or "").isdigit():
            request._stream = _Whole(request._stream, int(length))
        return self.get_response(request)


class _Whole(LimitedStream):
    """A body of known length; Django takes its OSError for a connection that is gone, which it is."""

    def read(self, size=-1, /):
        left = self.limit - self._pos
        data = super().read(size)
        self._check(len(data) == (left if size is None or size < 0 else min(size, left)))
        return data

    def readline(self, size=-1, /):
        line = super().readline(size)
        self._check(line or self._pos >= self.limit)
        return line

    def _check(self, is_whole) -> None:
        if not is_whole:
            raise OSError("the request broke off before its end")


class NoteCaller:
    """Keep address, browser and path of this request at hand for the audit trail (common.context)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with context.using(context.from_request(request)):
            return self.get_response(request)

    def process_exception(self, request, exception):
        # A view that let a refusal pass must still show its Chinese reason; the transaction is already rolled back.
        if isinstance(exception, Unavailable):
            return plain_page("errors/409.html", 503, exception.message)
        return plain_page("errors/409.html", 409, exception.message) if isinstance(exception, Refusal) else None


class ExplainMethods:
    """A 405 comes without a word from Django: whoever reloads or shares the address of a button reads why (B-H)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code != 405 or response.streaming or response.content:
            return response
        page = plain_page("errors/400.html", 405, WRONG_METHOD)
        page.headers["Allow"] = response.headers.get("Allow", "")
        return page


class PrivacyHeaders:
    """No copy of a person's page in any cache, no address to other sites, nothing run from elsewhere (P-05)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        cookie = settings.SESSION_COOKIE_NAME
        known = cookie in request.COOKIES or cookie in response.cookies
        response.headers.setdefault("Cache-Control", "no-store" if known else "no-cache")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        return response


def is_readable(raw: bytes) -> bool:
    """Whether the bytes are UTF-8 without NUL."""
    try:
        return "\x00" not in raw.decode()
    except UnicodeDecodeError:
        return False


def plain_page(template: str, status: int, message: str) -> HttpResponse:
    """A page with one Chinese sentence, needing neither session nor database."""
    return HttpResponse(render_to_string(template, {"message": message}), status=status)
