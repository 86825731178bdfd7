"""A page with nothing but the picker, in both densities, for the browser tests."""

from django import forms
from django.http import HttpResponse
from django.template import engines
from django.urls import path

from common.forms import HouseForm
from config.urls import urlpatterns as site
from regions.forms import RegionField
from regions.models import Region

PAGE = """
{% extends base %}
{% block main %}
  <form method="{{ method }}">
    {% if method == "post" %}{% csrf_token %}{% endif %}
    {{ form.region.as_field_group }}
    <div class="actions"><button class="btn btn--main" type="submit">继续</button></div>
    {% if chosen %}<p id="chosen">{{ chosen.full_name }}</p>{% endif %}
  </form>
{% endblock %}
"""


class Villager(HouseForm, forms.Form):
    region = RegionField(label="房子在哪个村？", help_text="请选择到行政村。")


class Staff(HouseForm, forms.Form):
    region = RegionField(label="地区", any_level=True, required=False)


def _page(request, form, base, method):
    chosen = form.cleaned_data["region"] if form.is_bound and form.is_valid() else None
    template = engines["django"].from_string(PAGE)
    return HttpResponse(template.render({"form": form, "base": base, "method": method, "chosen": chosen}, request))


def villager(request):
    county = Region.objects.filter(pk=request.GET.get("county", 0)).first()
    form = Villager(request.POST or None, initial={"region": county})
    return _page(request, form, "base/villager.html", "post")


def staff(request):
    return _page(request, Staff(request.GET or None), "base/staff.html", "get")


urlpatterns = [path("pick/", villager), path("filter/", staff), *site]
