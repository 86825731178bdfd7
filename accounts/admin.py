from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group

from accounts.account_admin import AccountAdmin
from accounts.actions.offices import may_edit, save_office
from accounts.actions.outbox import retry, topics
from accounts.audit_words import ACTIONS, TOPICS, action_words, change_words, kind_words
from accounts.choices import OutboxState
from accounts.forms import OfficeForm
from accounts.models import AuditEntry, LoginAttempt, Office, OutboxEntry, UnmaskLog, User
from accounts.queries import within_region
from common.admin import HouseAdmin, ReadOnlyAdmin

admin.site.site_header = "农村住房安全保障 · 系统管理"
admin.site.site_title = "系统管理"
admin.site.index_title = "系统管理"
admin.site.register(User, AccountAdmin)
# Rights follow from duties (accounts.permissions); a list of groups would only promise something else.
admin.site.unregister(Group)


class ChoiceFilter(admin.SimpleListFilter):
    """A filter whose choices are known beforehand: asking a log table for its distinct values reads all of it."""

    words: dict = {}

    def lookups(self, request, model_admin):
        return list(self.words.items())

    def queryset(self, request, queryset):
        return queryset.filter(**{self.parameter_name: self.value()}) if self.value() else queryset


class ActionFilter(ChoiceFilter):
    title, parameter_name, words = "操作", "action", ACTIONS


class TopicFilter(ChoiceFilter):
    title, parameter_name = "主题", "topic"

    def lookups(self, request, model_admin):
        return [(topic, TOPICS.get(topic, topic)) for topic in sorted(topics())]


@admin.register(Office)
class OfficeAdmin(HouseAdmin):
    form = OfficeForm
    is_audited_by_actions = True
    list_display = ["name", "level", "place", "phone", "supervising_phone", "seal_name"]
    list_filter = ["level"]
    list_select_related = ["region"]
    search_fields = ["name", "short_name", "region__name"]
    search_help_text = "单位名称、简称或所在区划名称"
    autocomplete_fields = ["region"]
    ordering = ["region__key"]
    fields = OfficeForm.Meta.fields

    @admin.display(description="属地")
    def place(self, office):
        return office.region.full_name

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def get_readonly_fields(self, request, obj=None):
        # 属地和级别 fix whose accounts these are: they are set once.
        return ["region", "level", *super().get_readonly_fields(request, obj)] if obj else []

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.user = request.user
        return form

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or may_edit(request.user, obj))

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        save_office(by=request.user, office=obj)


@admin.register(AuditEntry)
class AuditAdmin(ReadOnlyAdmin):
    list_display = ["at", "actor_name", "office_name", "act", "kind", "target_id", "change", "reason", "ip"]
    list_filter = [ActionFilter]
    search_fields = ["actor_name", "target_id"]
    search_help_text = "账号或对象编号（完整填写）"

    @admin.display(description="操作")
    def act(self, entry):
        return action_words(entry.action)

    @admin.display(description="对象类型")
    def kind(self, entry):
        return kind_words(entry.target_kind)

    @admin.display(description="变更")
    def change(self, entry):
        return change_words(entry.changes, entry.target_kind)

    def get_queryset(self, request):
        return within(super().get_queryset(request), request.user)

    def get_search_results(self, request, queryset, search_term):
        # Equality, not LIKE: a year of a province is ten million rows.
        term = search_term.strip()
        return (queryset.filter(actor_name=term) | queryset.filter(target_id=term) if term else queryset), False


@admin.register(UnmaskLog)
class UnmaskAdmin(ReadOnlyAdmin):
    list_display = ["at", "user", "what", "target", "column", "reason", "ip"]
    list_select_related = ["user"]

    @admin.display(description="对象类型")
    def what(self, log):
        return kind_words(log.kind)

    @admin.display(description="字段")
    def column(self, log):
        return apps.get_model(log.kind)._meta.get_field(log.field).verbose_name

    def get_queryset(self, request):
        return within(super().get_queryset(request), request.user)


@admin.register(LoginAttempt)
class LoginAdmin(ReadOnlyAdmin):
    list_display = ["at", "account", "outcome", "ip", "is_known_device", "user_agent"]
    list_filter = ["outcome"]
    list_select_related = ["account"]

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        if request.user.is_superuser:
            return rows
        return rows.filter(within_region(request.user.region, "account__office__region__"))


@admin.register(OutboxEntry)
class OutboxAdmin(ReadOnlyAdmin):
    list_display = ["id", "work", "state", "attempts", "reason", "created_at", "next_at", "done_at"]
    list_filter = ["state", TopicFilter]
    actions = ["send_again"]

    @admin.display(description="任务")
    def work(self, entry):
        return TOPICS.get(entry.topic, entry.topic)

    @admin.action(description="重新处理所选的搁置任务", permissions=["retry"])
    def send_again(self, request, queryset):
        parked = list(queryset.filter(state=OutboxState.PARKED))
        for entry in parked:
            retry(entry=entry, by=request.user)
        self.message_user(request, f"已重新放入队列{len(parked)}条")

    def has_retry_permission(self, request):
        return request.user.has_perm("accounts.change_outboxentry")


def within(rows, user):
    """Log rows of the user's own subtree; a superuser sees all."""
    if user.is_superuser:
        return rows
    low, high = user.region.key_range
    return rows.filter(region_key__range=(low, high))
