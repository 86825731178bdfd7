"""What the frame of every page shows about whoever is logged in; common calls it through its registry."""

from accounts.actions.submissions import issue_token
from accounts.queries import unread_count
from common import context_processors
from common.forms import tokens


def register() -> None:
    """Called once in AccountsConfig.ready()."""
    tokens.register_issuer(issue_for_request)
    context_processors.register("unread_count", lambda request: unread_count(request.user))
    context_processors.register("person_name", person_name)
    context_processors.register("office_name", office_name)


def issue_for_request(request, purpose: str) -> str:
    return issue_token(request.user if request.user.is_authenticated else request.session, purpose)


def person_name(request) -> str:
    return str(request.user) if request.user.is_authenticated and not request.user.is_villager else ""


def office_name(request) -> str:
    return request.user.office.name if request.user.is_authenticated and request.user.office_id else ""
