from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from import_export.admin import ImportExportModelAdmin
from import_export.forms import ExportForm

from common.admin import HouseAdmin
from common.clock import today
from regions.actions.calendar import announce, describe, remove_day
from regions.checks import missing_calendar_year
from regions.guards import may_maintain
from regions.models import CalendarDay
from regions.resources import CalendarDayResource, ChineseCsv


class _DayForm(forms.ModelForm):
    class Meta:
        model = CalendarDay
        fields = ("date", "kind", "name", "region", "source")

    def clean_region(self):
        region = self.cleaned_data["region"]
        if not may_maintain(self.user, region):
            raise forms.ValidationError("只能维护本辖区的日历；全国日历由部级系统管理员维护")
        return region


@admin.register(CalendarDay)
class CalendarDayAdmin(ImportExportModelAdmin, HouseAdmin):
    form = _DayForm
    is_audited_by_actions = True
    resource_classes = [CalendarDayResource]
    # The whole row: boxes for its columns would name them in English, and a sheet without a date is no calendar.
    export_form_class = ExportForm
    import_formats = export_formats = [ChineseCsv]
    list_display = ("date", "kind", "name", "place", "source")
    list_filter = ("kind",)
    list_select_related = ("region",)
    date_hierarchy = "date"
    search_fields = ("name", "source")
    autocomplete_fields = ("region",)

    @admin.display(description="适用地区")
    def place(self, day: CalendarDay) -> str:
        return day.region.full_name if day.region else "全国"

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.user = request.user
        return form

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or may_maintain(request.user, obj.region))

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or may_maintain(request.user, obj.region))

    def has_export_permission(self, request):
        # The library's default is everybody who gets as far as its address.
        return self.has_view_permission(request)

    def has_import_permission(self, request):
        # A sheet may hold rows of any place.
        return super().has_import_permission(request) and may_maintain(request.user, None)

    def changelist_view(self, request, extra_context=None):
        year = missing_calendar_year(today())
        if year:
            text = f"还没有{year}年的放假安排：涉及的到期日都是暂定的，请在通知公布后导入。"
            messages.warning(request, text)
        return super().changelist_view(request, extra_context)

    def save_model(self, request, obj, form, change):
        before = CalendarDay.objects.filter(pk=obj.pk).first()
        super().save_model(request, obj, form, change)
        for region in dict.fromkeys([obj.region, before.region if before else obj.region]):
            announce(region=region, by=request.user, changes={obj.date.isoformat(): [describe(before), describe(obj)]})

    def delete_model(self, request, obj):
        remove_day(calendar_day=obj, by=request.user)

    def delete_queryset(self, request, queryset):
        for day in queryset.select_related("region"):
            if not may_maintain(request.user, day.region):
                raise PermissionDenied
        for day in queryset:
            remove_day(calendar_day=day, by=request.user)
