from django.contrib import admin

from common.admin import HouseAdmin
from regions.guards import may_maintain
from regions.models import OptionItem


@admin.register(OptionItem)
class OptionItemAdmin(HouseAdmin):
    list_display = ("label", "list_code", "code", "order", "active", "valid_from", "valid_to", "source_mark")
    list_editable = ("order", "active")
    list_filter = ("list_code", "active")
    search_fields = ("label", "code")
    search_help_text = "选项名称或代码"
    list_per_page = 100

    def has_add_permission(self, request):
        # One list for the whole country: a county's administrator reads it.
        return super().has_add_permission(request) and may_maintain(request.user, None)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and may_maintain(request.user, None)

    def get_readonly_fields(self, request, obj=None):
        # Records store the code: it never changes once it exists.
        return ("list_code", "code") if obj else ()

    def has_delete_permission(self, request, obj=None):
        return False
