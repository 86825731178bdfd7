"""Setting a password: by its owner, or by the level above for somebody who has lost it (L-03, L-11)."""

from datetime import timedelta

from django.contrib.auth.hashers import check_password
from django.db import transaction

from accounts import passwords
from accounts.actions import audit, login
from accounts.models import PasswordHistory, User
from common import clock
from common.errors import Refusal

INITIAL_VALID = timedelta(days=7)


def complete_profile(*, by: User, display_name: str, position: str, phone: str, old: str, new: str) -> User:
    """First login (domain §9.1): a password of one's own and who one is; only now does the account see anything."""
    _prove(by, old)
    with transaction.atomic():
        user = User.objects.select_for_update(of=("self",)).select_related("office__region").get(pk=by.pk)
        before = [user.display_name, user.position]
        user.display_name, user.position, user.phone = display_name, position, phone
        user.must_change_password, user.password_expires_at = False, None
        _set_own(user, old, new)
        user.save()
        changes = {"display_name": [before[0], display_name], "position": [before[1], position], "phone": ["", phone]}
        audit.record(by=user, action="account.first_login", target=user, changes=changes)
    return user


def change_password(*, by: User, old: str, new: str) -> User:
    """A new password in place of the old one; every other session of the account ends with it (L-07)."""
    _prove(by, old)
    with transaction.atomic():
        user = User.objects.select_for_update(of=("self",)).select_related("office__region").get(pk=by.pk)
        _set_own(user, old, new)
        user.save(update_fields=["password", "password_set_at"])
        audit.record(by=user, action="account.password", target=user)
    return user


def set_initial(user: User) -> str:
    """Give the (locked or unsaved) account a random password for seven days; returns it, to be shown once."""
    password = passwords.initial_password()
    if user.pk and user.has_usable_password():
        _remember(user)
    user.set_password(password)
    user.must_change_password = True
    user.password_expires_at = clock.now() + INITIAL_VALID
    return password


def _prove(by: User, old: str) -> None:
    # Outside the transaction of the change: a refusal must not take its own count back.
    if reason := login.prove_password(user=by, password=old):
        raise Refusal(reason, code="old_password")


def _set_own(user: User, old: str, new: str) -> None:
    # Once more on the locked row: the password may have been reset since it was proved.
    if not check_password(old, user.password):
        raise Refusal(login.WRONG_OLD, code="old_password")
    if found := passwords.faults(new, user=user):
        raise Refusal(found[0], code="new_password")
    if passwords.was_used(new, user=user):
        raise Refusal(passwords.REUSED, code="new_password")
    _remember(user)
    user.set_password(new)
    user.password_set_at = clock.now()


def _remember(user: User) -> None:
    PasswordHistory.objects.create(account=user, password=user.password)
    keep = user.old_passwords.order_by("-id").values_list("id", flat=True)[: passwords.REMEMBERED]
    user.old_passwords.exclude(id__in=list(keep)).delete()
