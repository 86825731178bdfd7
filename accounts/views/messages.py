from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views import View

from accounts.access import PhoneMixin, StaffMixin
from accounts.actions.messages import mark_read
from accounts.queries import inbox
from common.paging import EstimatingPaginator


class Inbox(View):
    """The messages of whoever is logged in, newest first; opening one marks it read and goes where it points."""

    template_name = ""
    here = ""
    paginator = EstimatingPaginator

    def get(self, request):
        page = self.paginator(inbox(request.user), 20).get_page(request.GET.get("page"))
        return render(request, self.template_name, {"page": page, "here": reverse(self.here)})

    def post(self, request):
        """全部标为已读."""
        mark_read(messages=inbox(request.user))
        return redirect(self.here)


class OpenMessage(View):
    """One message of one's own inbox: read from now on, then the page it speaks of."""

    here = ""

    def post(self, request, pk: int):
        message = get_object_or_404(inbox(request.user), pk=pk)
        mark_read(messages=inbox(request.user).filter(pk=message.pk))
        return HttpResponseRedirect(self._target(message))

    def _target(self, message) -> str:
        # Links are written by our own actions, yet a row is data: only a path on this site is followed.
        link = message.link
        return link if link.startswith("/") and not link.startswith(("//", "/\\")) else reverse(self.here)


class VillagerInbox(PhoneMixin, Inbox):
    template_name = "accounts/messages.html"
    here = "accounts:messages"


class VillagerOpenMessage(PhoneMixin, OpenMessage):
    here = "accounts:messages"


class StaffInbox(StaffMixin, Inbox):
    template_name = "accounts/staff_messages.html"
    here = "accounts:staff_messages"


class StaffOpenMessage(StaffMixin, OpenMessage):
    here = "accounts:staff_messages"
