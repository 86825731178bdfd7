"""Sessions in the database that tell a lost database from a lost session."""

import re

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db.models.functions import Now

from common.clock import slower_now
from common.outage import is_database_away
from common.prepared import Prepared

# What Django makes of its 32 letters and digits; whatever else stands in the cookie is no session.
OUR_KEY = re.compile(r"[a-z0-9]{32}")

ALIVE = Prepared(lambda key: SessionStore.get_model_class().objects.filter(session_key=key, expire_date__gt=Now()))


class SessionStore(db.SessionStore):
    """Django's, but for three things, and with its one question put together once.

    While the database is away the answer is 503 and "try again", never 400: a session that cannot be written counts
    with Django as one that somebody deleted, and the person would be told that the request was wrong, when it may
    well have been carried out a moment before. What is over is judged by the slower clock. And a key that we never
    made is not looked up: a cookie may hold what PostgreSQL cannot take.
    """

    def _validate_session_key(self, key):
        return bool(key) and OUR_KEY.fullmatch(key) is not None

    def _get_session_from_db(self):
        found = ALIVE.one(self.session_key)
        if found is None:
            self._session_key = None
        return found

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
