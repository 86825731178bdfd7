"""JSON for the region picker. Open to everybody: names and codes of places are public (listed in the access table)."""

from django import forms
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from common.forms import CleanTextField, HouseForm
from regions.choices import RegionLevel
from regions.models import Region
from regions.picker import Terms, steps_after
from regions.queries import enabled_counties
from regions.search import search


class _Question(HouseForm, forms.Form):
    parent = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    region = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    within = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    level = forms.ChoiceField(required=False, choices=RegionLevel.choices)
    enabled = forms.BooleanField(required=False)
    any = forms.BooleanField(required=False)
    q = CleanTextField(required=False, max_length=60)

    @property
    def terms(self) -> Terms:
        data = self.cleaned_data
        return Terms(RegionLevel(data["level"] or RegionLevel.VILLAGE), data["enabled"], data["any"])

    def place(self, name: str) -> Region | None:
        return Region.objects.effective().filter(pk=self.cleaned_data[name]).first()


@require_GET
def children(request: HttpRequest) -> JsonResponse:
    """The selects below `parent` (empty = the nation), down to `region` where a search found it, and the next one."""
    question = _Question(request.GET)
    if not question.is_valid():
        return JsonResponse({"error": "请重新选择地区"}, status=400)
    parent = question.place("parent")
    if question.cleaned_data["parent"] and parent is None:
        return JsonResponse({"error": "这个地方已经撤销，请重新选择"}, status=404)
    steps = steps_after(parent, question.place("region"), question.terms)
    return JsonResponse({"steps": [_as_json(step) for step in steps]})


@require_GET
def find(request: HttpRequest) -> JsonResponse:
    """Places by name, pinyin, initials or code: at most 20, best first, with `has_more`."""
    question = _Question(request.GET)
    if not question.is_valid():
        return JsonResponse({"error": "请换个说法再搜"}, status=400)
    terms, root = question.terms, question.place("within")
    if question.cleaned_data["within"] and root is None:
        return JsonResponse({"results": [], "has_more": False})
    area = [root] if root else None
    if terms.case_enabled_only:
        counties = list(enabled_counties())
        area = [county for county in counties if root is None or root.key_range[0] <= county.key <= root.key_range[1]]
    hits = search(question.cleaned_data["q"], within=area, down_to=terms.level)
    above = root.full_name if root and root.level != RegionLevel.NATION else ""
    return JsonResponse({"results": [_as_hit(place, above) for place in hits.regions], "has_more": hits.has_more})


def _as_hit(place: Region, above: str) -> dict:
    where = place.full_name.removeprefix(above).removesuffix(place.name)
    return {"id": place.pk, "name": place.name, "where": where}


def _as_json(step) -> dict:
    options = [{"id": option.pk, "name": option.name} for option in step.options]
    return {"label": step.label, "options": options, "selected": step.selected}
