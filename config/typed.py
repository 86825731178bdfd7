"""What somebody had typed when a request went wrong: the error page hands it back, to be copied or sent once more.

Only a form of our own pages is read: another site's page could otherwise put words of its choice under our name.
"""

import re
from urllib.parse import urlsplit

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError

from config.settings.logs import BLACK, PERSONAL

# Words, not ticks, dates, codes or passwords: what costs effort to write again is written in Chinese.
WORDS = re.compile(r"[㐀-鿿]{2}")
SECRET = re.compile(r"(^|_)(password|pin|code|token|captcha|secret)|^csrf")
MOST, LONGEST = 40, 5000


def typed_in(request: HttpRequest) -> list[str]:
    """The texts of the form, longest first; ID and telephone numbers in them are blackened, for an error page (I10)."""
    if request.method != "POST" or not page_before(request):
        return []
    try:
        fields = list(request.POST.lists())
    except (RequestDataTooBig, TooManyFieldsSent, SuspiciousOperation, MultiPartParserError, OSError, ValueError):
        return []
    texts = {
        PERSONAL.sub(BLACK, value[:LONGEST])
        for name, values in fields
        for value in values
        if not SECRET.search(name.lower()) and WORDS.search(value)
    }
    return sorted(texts, key=lambda text: (-len(text), text))[:MOST]


def page_before(request: HttpRequest) -> str:
    """The path of our own page that the form stood on, '' when it came from elsewhere or from nowhere."""
    origin, before = request.headers.get("Origin"), urlsplit(request.headers.get("Referer", ""))
    try:
        host = request.get_host()
    except SuspiciousOperation:
        return ""
    if before.netloc != host or (origin and urlsplit(origin).netloc != host):
        return ""
    return before.path if before.path.startswith("/") and not before.path.startswith("//") else ""
