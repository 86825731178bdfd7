"""What every page's frame reads. Upper floors register their values in AppConfig.ready(); all names have defaults."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.http import HttpRequest

# name → default. nav: items {label, url, count (int or None), is_current}; person and office: the top bar;
# the *_url: empty hides the link.
DEFAULTS: dict[str, Any] = {
    "nav": (),
    "villager_nav": (),
    "unread_count": 0,
    "person_name": "",
    "office_name": "",
    "home_url": "/",
    "staff_home_url": "/staff/",
    "messages_url": "",
    "my_url": "",
    "logout_url": "",
    "profile_url": "",
    # How long the login lasts if nobody does anything; 0 without one.
    "session_seconds": 0,
    # The unit to call (name, phone) where a place is known; otherwise the sentence.
    "help_office": None,
    "help_text": "有困难请联系村委会，村干部可以帮您办理。",
}
_registered: dict[str, Callable[[HttpRequest], Any]] = {}


def register(name: str, func: Callable[[HttpRequest], Any]) -> None:
    """Give the frame's value `name` (a key of DEFAULTS) by `func(request)`; it runs only if a page reads it."""
    if name not in DEFAULTS:
        raise KeyError(name)
    _registered[name] = func


def page(request: HttpRequest) -> dict[str, Any]:
    """Context of the base templates; `elder` is the 长辈版 switch (a cookie)."""
    context = dict(DEFAULTS, elder=request.COOKIES.get("elder") == "1", page_path=request.get_full_path())
    for name, func in _registered.items():
        context[name] = _lazy(func, request)
    return context


def _lazy(func: Callable[[HttpRequest], Any], request: HttpRequest) -> Callable[[], Any]:
    # Templates call callables: pages that never show a count never pay for it.
    return cache(lambda: func(request))
