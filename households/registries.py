"""What the ledger must learn from the floors above: who owns files (architecture: registration)."""

from collections.abc import Callable

from django.db.models import QuerySet

# kind of owner -> the owners of that kind that a user may see; filled by the apps whose records own files.
_attachment_owners: dict[str, Callable[[object], QuerySet]] = {}


def own_attachments(kind: str, visible: Callable[[object], QuerySet]) -> None:
    """Declare that records of `kind` own files; `visible(user)` gives the records with a `uid` the user may see."""
    _attachment_owners[kind] = visible


def owners_visible_to(user, kind: str) -> QuerySet | None:
    """The owners of that kind within the user's view, or None for an unknown kind."""
    visible = _attachment_owners.get(kind)
    return visible(user) if visible else None
