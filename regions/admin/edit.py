from django import forms
from django.contrib import admin, messages
from django.db.models import Q

from common.admin import CHANGED, HouseAdmin
from common.clock import now
from common.errors import Refusal
from regions.actions.edits import drop_edit, publish_children
from regions.choices import EditKind, EditState
from regions.guards import against, may_maintain
from regions.models import Region, RegionEdit

_NEEDED = {
    EditKind.ADD: ("level", "name", "code"),
    EditKind.RENAME: ("region", "name"),
    EditKind.RECODE: ("region", "code"),
    EditKind.MOVE: ("region", "target"),
    EditKind.CLOSE: ("region",),
    EditKind.MERGE: ("region", "target"),
}


def below(user) -> Q:
    """The changes an account may see: of parents inside its own subtree."""
    return Q() if user.is_superuser else Q(parent__key__range=(user.scope.low, user.scope.high))


class _EditForm(forms.ModelForm):
    class Meta:
        model = RegionEdit
        fields = ("kind", "parent", "region", "level", "name", "code", "national_code", "order", "target", "reason")

    def clean(self):
        data = super().clean()
        for name in _NEEDED.get(data.get("kind"), ()):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, "请填写本栏")
        region, parent = data.get("region"), data.get("parent")
        if parent and not may_maintain(self.user, parent):
            self.add_error("parent", "只能变更本辖区内的下级")
        target = data.get("target")
        if target and not may_maintain(self.user, target):
            self.add_error("target", "只能调整到本辖区内；跨辖区的调整请由共同的上级办理")
        if region and parent and region.parent_id != parent.pk:
            self.add_error("region", f"「{region.name}」不是「{parent.name}」的下级")
        if not self.errors:
            edit = RegionEdit(**{name: data[name] for name in self.Meta.fields if name in data})
            refusal = against(edit)
            if refusal:
                raise forms.ValidationError(refusal)
        return data


@admin.register(RegionEdit)
class RegionEditAdmin(HouseAdmin):
    form = _EditForm
    list_display = ("id", "kind", "parent", "region", "name", "code", "target", "state", "created_at", "published_at")
    list_filter = ("state", "kind")
    list_select_related = ("parent", "region", "target")
    autocomplete_fields = ("parent", "region", "target")
    search_fields = ("name", "code", "reason")
    search_help_text = "部门名称、编码或变更依据"
    actions = ("publish", "drop")

    @admin.action(description="【立即生效】所选变更的上级部门的全部待生效变更", permissions=["publish"])
    def publish(self, request, queryset):
        parents = Region.objects.filter(pk__in=queryset.filter(state=EditState.PENDING).values("parent"))
        for parent in parents.order_by("key"):
            try:
                done = publish_children(parent=parent, by=request.user)
            except Refusal as refusal:
                messages.error(request, f"「{parent.name}」没有生效：{refusal.message}")
            else:
                messages.success(request, f"「{parent.name}」的{len(done)}项变更已生效")

    @admin.action(description="取消所选的待生效变更", permissions=["change"])
    def drop(self, request, queryset):
        dropped = queryset.filter(state=EditState.PENDING)
        for edit in dropped:
            drop_edit(edit=edit, by=request.user)
            self.journal(request, CHANGED, edit, {"state": EditState.DROPPED.label})
        messages.success(request, "已取消")

    def has_publish_permission(self, request) -> bool:
        return request.user.has_perm("regions.publish_region")

    def get_queryset(self, request):
        return super().get_queryset(request).filter(below(request.user))

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.user = request.user
        return form

    def save_model(self, request, obj, form, change):
        obj.created_by, obj.created_at = getattr(request.user, "uid", None), now()
        obj.save()

    def has_change_permission(self, request, obj=None):
        # Published changes are history; a pending one is cancelled and proposed anew.
        return obj is None and super().has_change_permission(request)

    def has_view_permission(self, request, obj=None):
        return self.has_change_permission(request)

    def has_delete_permission(self, request, obj=None):
        return False
