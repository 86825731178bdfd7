"""Submit tokens for `{% submit_token %}`: the accounts floor registers the issuer, this floor only calls it."""

from collections.abc import Callable

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

_issuer: list[Callable[[HttpRequest, str], str]] = []


def register_issuer(issuer: Callable[[HttpRequest, str], str]) -> None:
    """Called once in AccountsConfig.ready() with `issuer(request, purpose) -> token`."""
    _issuer[:] = [issuer]


def issue(request: HttpRequest, purpose: str) -> str:
    """A fresh token for one submit of `purpose` by the request's user."""
    if not _issuer:
        raise ImproperlyConfigured("no submit token issuer: call common.forms.tokens.register_issuer()")
    return _issuer[0](request, purpose)
