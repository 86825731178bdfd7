from django.contrib.auth.backends import BaseBackend

from accounts.models import User
from common.rows import one


class AccountBackend(BaseBackend):
    """Finds the account of a session in one query. Passwords are judged in actions.login, never here."""

    def get_user(self, user_id):
        return one(User.objects.active().select_related("office__region").filter(pk=user_id))
