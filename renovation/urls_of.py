"""Addresses of a case for the two kinds of reader; messages carry them, so no name or number is in them."""

from django.urls import reverse


def for_villager(case) -> str:
    """The progress page of the applicant."""
    return f"/cases/{case.uid}/"


def for_staff(case) -> str:
    """The case page of the officers."""
    return reverse("renovation:case", args=[case.uid])
