"""Sessions in the database that tell a lost database from a lost session."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError

from common.outage import is_database_away


class SessionStore(db.SessionStore):
    """Django's, but for one thing: while the database is away the answer is 503 and "try again", never 400.

    A session that cannot be written counts with Django as one that somebody deleted, and so the person would be
    told that the request was wrong, when it may well have been carried out a moment before.
    """

    def save(self, must_create=False):
        try:
            super().save(must_create)
        except UpdateError as error:
            if is_database_away(error.__context__):
                raise error.__context__ from error.__context__.__cause__
            raise
