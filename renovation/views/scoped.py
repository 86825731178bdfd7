"""The mixin that every view of a case stands on: staff only, within the region, drafts never."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from accounts.access import StaffMixin
from accounts.permissions import Can
from regions.models import Region
from regions.queries import nation
from renovation.models import Case

# What a case's address carries along from the list it was opened from, so that one returns to the same place.
LIST_KEYS = ("list", "kind", "state", "name", "number", "region", "measure", "since", "until", "p", "n")


class CaseMixin(StaffMixin):
    """A filed case within the officer's region; anything else is 404, whoever it belongs to."""

    can = Can.READ_RECORDS

    @cached_property
    def case(self) -> Case:
        cases = Case.objects.visible_to(self.request.user).filed().select_related("region", "filed_by", "claim")
        return get_object_or_404(cases, uid=self.kwargs["uid"])

    @cached_property
    def list_query(self) -> str:
        """The query string of the list, without the question mark."""
        return list_query(self.request)

    @property
    def suffix(self) -> str:
        """The same with its question mark, to be put behind an address."""
        return f"?{self.list_query}" if self.list_query else ""

    @property
    def case_url(self) -> str:
        """The case page, with the way back to the list."""
        return reverse("renovation:case", args=[self.case.uid]) + self.suffix


def place_within(user, key: str) -> Region:
    """The region with that tree key in the user's area, the user's own where none is named; else 404."""
    if not key:
        place = user.region or nation()
    else:
        place = Region.objects.filter(key=key).first() if user.scope.covers(key) else None
    if place is None:
        raise Http404("没有这个地区")
    return place


def list_query(request) -> str:
    """Only the known keys, so that nothing foreign travels from page to page."""
    kept = request.GET.copy()
    for key in set(kept) - set(LIST_KEYS):
        del kept[key]
    return kept.urlencode()
