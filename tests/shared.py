"""What all tests of a module share: made once, and never seen by any other module."""

from contextlib import contextmanager

from django.conf import settings
from django.db import transaction

_folders = []


@contextmanager
def shared_rows(blocker, folder):
    """Rows made inside stand in a transaction that never ends well, their files in that folder.

    Each test works in a savepoint inside; made from a fixture of the module: `with shared_rows(…): yield make()`.
    """
    before = settings.MEDIA_ROOT
    settings.MEDIA_ROOT = folder
    _folders.append(folder)
    try:
        with blocker.unblock(), transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        _folders.pop()
        settings.MEDIA_ROOT = before


def shared_media():
    """The folder in which the files of the running module's rows lie, or None."""
    return _folders[-1] if _folders else None
