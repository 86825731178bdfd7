from django.contrib import admin

from common.admin import HouseAdmin
from regions.models import OptionItem


@admin.register(OptionItem)
class OptionItemAdmin(HouseAdmin):
    list_display = ("label", "list_code", "code", "order", "active", "valid_from", "valid_to", "source_mark")
    list_editable = ("order", "active")
    list_filter = ("list_code", "active")
    search_fields = ("label", "code")
    list_per_page = 100

    def get_readonly_fields(self, request, obj=None):
        # Records store the code: it never changes once it exists.
        return ("list_code", "code") if obj else ()

    def has_delete_permission(self, request, obj=None):
        return False
