"""Sessions in the database that tell a lost database from a lost session."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError

from common.clock import slower_now
from common.outage import is_database_away


class SessionStore(db.SessionStore):
    """Django's, but for two things.

    While the database is away the answer is 503 and "try again", never 400: a session that cannot be written counts
    with Django as one that somebody deleted, and the person would be told that the request was wrong, when it may
    well have been carried out a moment before. And what is over is judged by the slower clock.
    """

    @classmethod
    def clear_expired(cls):
        # A worker whose clock jumped ahead must not log everybody out (fault F16).
        cls.get_model_class().objects.filter(expire_date__lt=slower_now()).delete()

    def save(self, must_create=False):
        try:
            super().save(must_create)
        except UpdateError as error:
            if is_database_away(error.__context__):
                raise error.__context__ from error.__context__.__cause__
            raise
