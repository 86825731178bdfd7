from datetime import timedelta

from django.shortcuts import render
from django.views import View

from accounts.access import StaffMixin
from accounts.day_heads import day_of
from accounts.forms import DayForm
from accounts.permissions import Can
from common import clock


class HeadsOfDay(StaffMixin, View):
    """审计链日报: the signed heads of one day, to be printed, signed by hand and kept away from the machine."""

    can = Can.READ_AUDIT

    def get(self, request):
        form = DayForm(request.GET) if "day" in request.GET else DayForm(initial={"day": clock.today()})
        day = (form.is_valid() and form.cleaned_data["day"]) or clock.today()
        context = {
            "form": form,
            "day": day,
            "yesterday": day - timedelta(days=1),
            "tomorrow": day + timedelta(days=1) if day < clock.today() else None,
            "said": day_of(day, None if request.user.is_superuser else request.user.region),
            "area": "全部地区" if request.user.is_superuser else request.user.region.full_name,
            "printed_at": clock.now(),
        }
        return render(request, "accounts/heads.html", context)
