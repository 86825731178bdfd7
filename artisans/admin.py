from django.contrib import admin, messages

from artisans.actions import may_edit, save_artisan
from artisans.forms import ArtisanForm
from artisans.models import Artisan, ArtisanCertificate, ArtisanTraining, ArtisanWork
from common.admin import CleanTexts, HouseAdmin
from common.errors import Refusal


class CertificateInline(CleanTexts, admin.TabularInline):
    model, extra = ArtisanCertificate, 0


class TrainingInline(CleanTexts, admin.TabularInline):
    model, extra = ArtisanTraining, 0


class WorkInline(CleanTexts, admin.TabularInline):
    model, extra = ArtisanWork, 0


@admin.register(Artisan)
class ArtisanAdmin(HouseAdmin):
    """信息管理 (domain §9.3): everybody of the region reads, the writer edits."""

    form = ArtisanForm
    is_audited_by_actions = True
    list_display = ["name", "place", "village_group", "id_number", "phone", "is_lead", "is_certified"]
    list_filter = ["is_lead", "is_certified"]
    list_select_related = ["region"]
    search_fields = ["name"]
    search_help_text = "工匠姓名"
    autocomplete_fields = ["region"]
    ordering = ["region_key", "id"]
    inlines = [CertificateInline, TrainingInline, WorkInline]
    fields = [
        "region",
        "village_group",
        "name",
        "id_number",
        "new_id_number",
        "phone",
        "new_phone",
        "is_lead",
        "is_certified",
        "trades",
        "person_types",
        "note",
    ]

    def get_fields(self, request, obj=None):
        # A new row has no number yet whose mask could be shown.
        shown = super().get_fields(request, obj)
        return shown if obj else [name for name in shown if not name.endswith("_masked")]

    @admin.display(description="地区")
    def place(self, artisan):
        return artisan.region.full_name

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or may_edit(obj, request.user) is None)

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        try:
            save_artisan(by=request.user, artisan=obj)
        except Refusal as refused:
            messages.error(request, refused.message)
            raise
