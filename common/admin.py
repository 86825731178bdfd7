"""Django's admin as this house uses it: sealed values only masked, no table counted, nothing about persons in logs."""

from django.contrib import admin
from django.core import checks

from common.fields import sealed_fields
from common.paging import EstimatingPaginator


class HouseAdmin(admin.ModelAdmin):
    """The base of every admin page: sealed fields appear read-only and masked (domain §15.1), counts stop at 10,000."""

    paginator = EstimatingPaginator
    show_full_result_count = False
    list_per_page = 50

    def _masks(self) -> dict[str, str]:
        return {field.name: f"{field.name}_masked" for field in sealed_fields(self.model)}

    def get_list_display(self, request):
        masks = self._masks()
        return [masks.get(name, name) for name in super().get_list_display(request)]

    def get_fields(self, request, obj=None):
        masks = self._masks()
        return [masks.get(name, name) for name in super().get_fields(request, obj)]

    def get_fieldsets(self, request, obj=None):
        masks = self._masks()
        return [
            (title, options | {"fields": [masks.get(name, name) for name in options["fields"]]})
            for title, options in super().get_fieldsets(request, obj)
        ]

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *self._masks().values()]

    def get_exclude(self, request, obj=None):
        return [*(super().get_exclude(request, obj) or ()), *self._masks()]


@checks.register(checks.Tags.security)
def sealed_models_are_masked(app_configs, **kwargs):
    """anju.E001: a model with sealed fields is shown by a ModelAdmin that would open them."""
    return [
        checks.Error(f"{model.__name__} has sealed fields: its admin must be a HouseAdmin", obj=page, id="anju.E001")
        for model, page in admin.site._registry.items()
        if sealed_fields(model) and not isinstance(page, HouseAdmin)
    ]
