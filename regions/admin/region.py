from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html

from common.admin import HouseAdmin
from regions.actions.enable import set_case_enabled
from regions.choices import RegionLevel
from regions.guards import against_enabling, may_maintain
from regions.models import Region
from regions.search import matching


class _RegionForm(forms.ModelForm):
    class Meta:
        model = Region
        fields = ("order", "national_code", "case_enabled")

    def clean_case_enabled(self):
        enabled = self.cleaned_data["case_enabled"]
        if enabled != self.instance.case_enabled and (refusal := against_enabling(self.instance, enabled)):
            raise ValidationError(refusal)
        return enabled


@admin.register(Region)
class RegionAdmin(HouseAdmin):
    """Looks at the tree and opens counties; names, codes and places change through 区划变更 and 【立即生效】."""

    form = _RegionForm
    list_display = ("name", "code", "level", "full_name", "order", "state", "online", "below")
    list_filter = ("level", "case_enabled")
    search_fields = ("name",)
    search_help_text = "名称、拼音、拼音首字母或编码的开头"
    ordering = ("key",)
    show_facets = admin.ShowFacets.NEVER
    readonly_fields = (
        "name", "code", "level", "full_name", "place", "pinyin", "former_codes", "state", "merged_into", "edited_at",
    )  # fmt: skip
    fields = (*readonly_fields, "order", "national_code", "case_enabled")

    @admin.display(description="状态")
    def state(self, region: Region) -> str:
        return "有效" if region.is_effective else "已撤销"

    @admin.display(description="网上申请")
    def online(self, region: Region) -> str:
        return ("已开通" if region.case_enabled else "未开通") if region.level == RegionLevel.COUNTY else ""

    @admin.display(description="上级部门")
    def place(self, region: Region) -> str:
        return region.parent.full_name if region.parent else "—"

    @admin.display(description="曾用编码")
    def former_codes(self, region: Region) -> str:
        return "、".join(region.previous_codes) or "—"

    @admin.display(description="并入")
    def merged_into(self, region: Region) -> str:
        return region.successor.full_name if region.successor else "—"

    @admin.display(description="下级")
    def below(self, region: Region):
        if region.level == RegionLevel.VILLAGE:
            return "—"
        address = f"{reverse('admin:regions_region_changelist')}?{urlencode({'parent__id__exact': region.pk})}"
        return format_html('<a href="{}">查看下级</a>', address)

    def get_search_results(self, request, queryset, search_term):
        for word in search_term.split()[:4]:
            queryset = queryset.filter(matching(word))
        return queryset, False

    def get_queryset(self, request):
        # Autocomplete boxes offer places that exist, inside one's own area; the list shows all, closed ones too.
        queryset = super().get_queryset(request)
        if not request.path.endswith("/autocomplete/"):
            return queryset
        scope = request.user.scope
        within = Q() if request.user.is_superuser else Q(key__range=(scope.low, scope.high))
        return queryset.filter(within, is_effective=True)

    def lookup_allowed(self, lookup, value, request=None):
        return lookup == "parent__id__exact" or super().lookup_allowed(lookup, value, request)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if "case_enabled" in form.changed_data:
            # Judges once more on the locked row, and tells the witnesses.
            set_case_enabled(county=obj, enabled=obj.case_enabled, by=request.user)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or may_maintain(request.user, obj))

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
