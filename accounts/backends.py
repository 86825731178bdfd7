from django.contrib.auth.backends import BaseBackend

from accounts.models import User
from common.prepared import Prepared

ACTIVE = Prepared(lambda pk: User.objects.active().select_related("office__region").filter(pk=pk))


class AccountBackend(BaseBackend):
    """Finds the account of a session in one query. Passwords are judged in actions.login, never here."""

    def get_user(self, user_id):
        return ACTIVE.one(user_id)
