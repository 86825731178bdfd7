"""Reading and posting the officers' pages as a browser does."""

import re
from html import unescape

from django.urls import reverse

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
# A 工单号 of the invented county has eighteen digits too, but no century in the middle.
FULL_ID = re.compile(r"(?<![0-9A-Za-z-])99\d{4}(?:19|20)\d{9}[\dX](?![0-9A-Za-z])")
FULL_PHONE = re.compile(r"(?<!\d)154\d{8}(?!\d)")


def text_of(response) -> str:
    """The page's source."""
    return response.content.decode()


def seen(response) -> str:
    """What a person reads: without tags, spaces squeezed."""
    body = re.sub(r"<(script|style).*?</\1>", "", text_of(response), flags=re.S)
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", body)))


def case_url(case, name: str = "case", *more) -> str:
    return reverse(f"renovation:{name}", args=[case.uid, *more])


def hidden(response) -> dict:
    """The hidden fields of the page's forms: token, version, state."""
    return {name: unescape(value) for name, value in HIDDEN.findall(text_of(response))}


def post_step(client, case, answers: dict, *, page=None, query: str = ""):
    """Fill in the step's form on the case page and send it off."""
    page = page or client.get(case_url(case) + query)
    return client.post(case_url(case, "step") + query, {**hidden(page), **answers})


def confirm(client, case, page, query: str = ""):
    """Press the button of the confirm page."""
    return client.post(case_url(case, "step") + query, {**hidden(page), "confirmed": "1"})


def table_rows(response) -> list[str]:
    """The rows of the list as text."""
    body = text_of(response).partition("<tbody>")[2].partition("</tbody>")[0]
    return [
        unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row))).strip()
        for row in re.findall(r"<tr .*?</tr>", body, flags=re.S)
    ]


def numbers(response) -> list[str]:
    """工单号 of the rows, in order."""
    return re.findall(r'<span class="sr">，工单(\d{18})</span>', text_of(response))
