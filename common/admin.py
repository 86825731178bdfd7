"""Django's admin as this house uses it: sealed values only masked, no table counted, every write in the audit trail."""

from collections.abc import Callable

from django.contrib import admin
from django.core import checks
from django.core.exceptions import PermissionDenied
from django.core.validators import RegexValidator
from django.db import models
from django.http import Http404

from common.fields import sealed_fields
from common.forms import CleanTextField
from common.forms.messages import speak_plainly
from common.paging import EstimatingPaginator

ADDED, CHANGED, DELETED = "admin.add", "admin.change", "admin.delete"
_journals: list[Callable] = []


def register_journal(write: Callable) -> None:
    """Register `write(by=…, action=…, target=…, changes=…)`: the audit trail stands above this floor."""
    if write not in _journals:
        _journals.append(write)


class CleanTexts:
    """Admin pages and their inlines: what is typed there is cleaned as on every other page (test group B-T)."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        is_text = isinstance(db_field, models.CharField | models.TextField) and not db_field.choices
        if is_text and not isinstance(db_field, models.SlugField):
            kwargs.setdefault("form_class", CleanTextField)
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            # Django's own sentence about a wrong choice repeats what was posted, controls and all.
            speak_plainly(field, str(field.label or db_field.verbose_name))
            # A rule of the model that has its own sentence keeps it: 「编码必须是12位数字」.
            if any(type(one) is RegexValidator for one in db_field.validators):
                field.error_messages.pop("invalid", None)
        return field


class HouseAdmin(CleanTexts, admin.ModelAdmin):
    """The base of every admin page: sealed fields appear read-only and masked (domain §15.1), counts stop at 10,000."""

    paginator = EstimatingPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    # Pages that write through actions of their app, which audit what they do.
    is_audited_by_actions = False

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": self.opts.verbose_name} | (extra_context or {}))

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        verb = "修改" if object_id else "新增"
        if object_id and not self.has_change_permission(request, self.get_object(request, object_id)):
            verb = "查看"
        extra = {"title": f"{verb}{self.opts.verbose_name}"} | (extra_context or {})
        return super().changeform_view(request, object_id, form_url, extra)

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        # Out of the administrator's view is not there, here as everywhere (architecture, region scope).
        raise Http404

    def history_view(self, request, object_id, extra_context=None):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if self.get_object(request, object_id) is None:
            raise Http404
        return super().history_view(request, object_id, extra_context)

    def construct_change_message(self, request, form, formsets, add=False):
        changed = {} if form is None else {name: _value_of(form, name) for name in form.changed_data}
        # From here to log_… below: Django keeps the names of changed fields only, the audit trail wants values.
        request.changed_values = changed
        return super().construct_change_message(request, form, formsets, add)

    def log_addition(self, request, obj, message):
        self.journal(request, ADDED, obj)
        return super().log_addition(request, obj, message)

    def log_change(self, request, obj, message):
        self.journal(request, CHANGED, obj)
        return super().log_change(request, obj, message)

    def log_deletions(self, request, queryset):
        for obj in queryset:
            self.journal(request, DELETED, obj, {"name": str(obj)})
        return super().log_deletions(request, queryset)

    def journal(self, request, action: str, target, changes: dict | None = None) -> None:
        """Write the act down in the audit trail, in the transaction of the act itself."""
        if self.is_audited_by_actions:
            return
        for write in _journals:
            write(
                by=request.user,
                action=action,
                target=target,
                changes=getattr(request, "changed_values", {}) if changes is None else changes,
            )

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


class ReadOnlyAdmin(HouseAdmin):
    """Records that nobody writes by hand; a row's own page shows what the list shows."""

    list_display_links = None

    def get_fields(self, request, obj=None):
        return self.get_list_display(request)

    def get_readonly_fields(self, request, obj=None):
        return self.get_list_display(request)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


def _value_of(form, name: str) -> list:
    """Before and after, as people read them."""
    before, after = form.initial.get(name), form.cleaned_data.get(name)
    if hasattr(after, "pk"):
        return [before, after.pk]
    return [before, after]


@checks.register(checks.Tags.security)
def sealed_models_are_masked(app_configs, **kwargs):
    """anju.E001: a model with sealed fields is shown by a ModelAdmin that would open them."""
    return [
        checks.Error(f"{model.__name__} has sealed fields: its admin must be a HouseAdmin", obj=page, id="anju.E001")
        for model, page in admin.site._registry.items()
        if sealed_fields(model) and not isinstance(page, HouseAdmin)
    ]
