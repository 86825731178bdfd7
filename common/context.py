"""Who is calling: the few facts about the present request that the audit trail needs far below the views."""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class RequestContext:
    """Address, browser and path of the request being served; empty outside one (tasks, commands)."""

    ip: str | None = None
    user_agent: str = ""
    path: str = ""


NOBODY = RequestContext()
_current: ContextVar[RequestContext] = ContextVar("request_context", default=NOBODY)


def current() -> RequestContext:
    """The context of the request being served, or an empty one."""
    return _current.get()


@contextmanager
def using(context: RequestContext):
    """Make this the current context inside the block."""
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)


def client_ip(request) -> str | None:
    """The caller's address. X-Forwarded-For counts only as far as settings.TRUSTED_PROXIES wrote it."""
    trusted = set(getattr(settings, "TRUSTED_PROXIES", ()))
    address = request.META.get("REMOTE_ADDR") or "unix"
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    # Read from the right: everything left of the first untrusted hop was written by the caller himself.
    while address in trusted and hops:
        address = hops.pop()
    return address if is_address(address) else None


def is_address(text: str) -> bool:
    """Whether the text is an IPv4 or IPv6 address and so fits a database inet column."""
    import ipaddress

    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def from_request(request) -> RequestContext:
    """Read the context off a Django request; the browser string is cut to 300 characters."""
    agent = request.META.get("HTTP_USER_AGENT", "")[:300].replace("\x00", "")
    return RequestContext(ip=client_ip(request), user_agent=agent, path=request.path[:300])
