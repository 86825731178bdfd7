"""Read only: who is below whom, and what lies in an inbox."""

import uuid

from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.choices import ADMIN_DUTIES, Level, Status
from accounts.permissions import Can, duties_for
from common.prepared import Prepared

# 账号逐级管理 (domain §1.3): which levels' accounts a manager of that level looks after.
MANAGED_LEVELS = {
    Level.TOWNSHIP: (Level.VILLAGE,),
    Level.COUNTY: (Level.TOWNSHIP, Level.VILLAGE),
    Level.CITY: (Level.COUNTY,),
    Level.PROVINCE: (Level.CITY,),
    Level.MINISTRY: (Level.PROVINCE,),
}

BUSINESS_READERS = [duty for duty in duties_for(Can.READ_RECORDS) if duty not in ADMIN_DUTIES]


def within_region(region, path: str = "") -> Q:
    """Rows whose region (at `path`) lies in the subtree of that region, itself included (domain §1.2)."""
    low, high = region.key_range
    return Q(**{f"{path}key__gte": low, f"{path}key__lte": high})


class OfficeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The units of the user's own subtree; a villager sees none here."""
        if user.is_superuser:
            return self
        if user.is_villager or not user.is_active or user.region is None:
            return self.none()
        return self.filter(within_region(user.region, "region__"))

    def managed_by(self, user):
        """The units that an account manager may change: below its own level, inside its region."""
        if user.is_superuser:
            return self
        return self.visible_to(user).filter(level__in=MANAGED_LEVELS.get(user.level, ()))

    def handling(self):
        """The one unit of each region and level that its cases go to: the first that was set up there."""
        earlier = self.model.objects.filter(region=OuterRef("region"), level=OuterRef("level"), id__lt=OuterRef("id"))
        return self.filter(~Exists(earlier))


class UserQuerySet(models.QuerySet):
    def active(self):
        """Accounts that are not 注销."""
        return self.filter(status=Status.ACTIVE)

    def deciding(self):
        """Accounts that may take the steps of cases (受理审批)."""
        return self.filter(duties__overlap=duties_for(Can.HANDLE_CASES))

    def on_business(self):
        """Accounts with a duty that reads records; 三员 have none of their own with any case (decision 24)."""
        return self.filter(duties__overlap=BUSINESS_READERS)

    def staff(self):
        """Accounts of the administration, without the villagers' phones."""
        return self.exclude(level=Level.VILLAGER)

    def visible_to(self, user):
        """The accounts below the user (domain §1.3): in its region, of the levels it looks after."""
        if user.is_superuser:
            return self.staff()
        if user.is_villager or not user.is_active or user.region is None:
            return self.none()
        levels = MANAGED_LEVELS.get(user.level, ())
        return self.filter(within_region(user.region, "office__region__"), level__in=levels)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_superuser(self, username, password=None, **fields):
        """The bootstrap account of a new installation (`manage.py createsuperuser`)."""
        user = self.model(username=username, level=Level.MINISTRY, is_superuser=True, **fields)
        user.set_password(password)
        user.save()
        return user


def handling_office(region_id: int, level: str):
    """The office that the cases of that region go to on that level (domain §1.2); None when there is none."""
    return HANDLING.one(region_id, level)


def _offices(region_id: int, level: str) -> models.QuerySet:
    from accounts.models import Office

    return Office.objects.filter(region_id=region_id, level=level).order_by("id")[:1]


HANDLING = Prepared(_offices)


def inbox(user) -> models.QuerySet:
    """The messages of the officer, or of the person a villager's account speaks for; newest first."""
    from accounts.models import Message

    owner = user.acting_uid if user.is_authenticated else None
    return _inbox_of(owner) if owner else Message.objects.none()


def _inbox_of(owner: uuid.UUID) -> models.QuerySet:
    from accounts.models import Message

    return Message.objects.filter(recipient=owner)


UNREAD = Prepared(lambda owner: _inbox_of(owner).filter(read_at=None))


def unread_count(user) -> int:
    """How many of them are unread: the red dot of every page (domain §3.2)."""
    owner = user.acting_uid if user.is_authenticated else None
    return UNREAD.count(owner) if owner else 0
