"""What the frame of every page shows about whoever is logged in; common calls it through its registry."""

from django.urls import reverse

from accounts import sessions
from accounts.actions.submissions import issue_token
from accounts.queries import unread_count
from common import context_processors
from common.forms import tokens


def register() -> None:
    """Called once in AccountsConfig.ready()."""
    tokens.register_issuer(issue_for_request)
    context_processors.register("unread_count", unread)
    context_processors.register("person_name", person_name)
    context_processors.register("office_name", office_name)
    context_processors.register("messages_url", messages_url)
    context_processors.register("profile_url", lambda request: _for_staff(request, "accounts:profile"))
    context_processors.register("logout_url", logout_url)
    context_processors.register("session_seconds", sessions.seconds_left)


def unread(request) -> int:
    """The number beside 消息; a page that shows it as a figure too has counted already."""
    counted = getattr(request, "unread_count", None)
    return unread_count(request.user) if counted is None else counted


def issue_for_request(request, purpose: str) -> str:
    return issue_token(request.user if request.user.is_authenticated else request.session, purpose)


def person_name(request) -> str:
    """The officer's name, or the masked phone of a villager: who is logged in on this (perhaps shared) phone."""
    if not request.user.is_authenticated:
        return ""
    return request.user.phone_masked if request.user.is_villager else str(request.user)


def office_name(request) -> str:
    return request.user.office.name if request.user.is_authenticated and request.user.office_id else ""


def messages_url(request) -> str:
    if not request.user.is_authenticated:
        return ""
    return reverse("accounts:messages" if request.user.is_villager else "accounts:staff_messages")


def logout_url(request) -> str:
    return reverse("accounts:logout") if request.user.is_authenticated else ""


def _for_staff(request, name: str) -> str:
    return reverse(name) if request.user.is_authenticated and not request.user.is_villager else ""
