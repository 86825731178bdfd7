from django.contrib import admin

from common.admin import HouseAdmin
from renovation.actions.limits import remove_rule, save_rule, save_rung
from renovation.models import DeadlineRule, LadderNotice, LadderRung


@admin.register(DeadlineRule)
class DeadlineRuleAdmin(HouseAdmin):
    """A county's shorter limits (domain §14.1: 区县只能缩短)."""

    list_display = ["region", "step", "amount", "warn_before"]
    list_select_related = ["region"]
    autocomplete_fields = ["region"]
    search_fields = ["region__name"]

    def save_model(self, request, obj, form, change):
        save_rule(by=request.user, rule=obj)

    def delete_model(self, request, obj):
        remove_rule(by=request.user, rule=obj)

    def get_actions(self, request):
        # Bulk deletion would pass by the action that recomputes the county's open steps.
        return {}


@admin.register(LadderRung)
class LadderRungAdmin(HouseAdmin):
    """催办阶梯: data, so that a province can add a rung without a release."""

    list_display = ["code", "offset", "target", "order", "is_active"]

    def save_model(self, request, obj, form, change):
        save_rung(by=request.user, rung=obj)

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(LadderNotice)
class LadderNoticeAdmin(HouseAdmin):
    """催办记录: written by the timer, read here."""

    list_display = ["node", "rung", "due_at", "sent_at"]
    list_select_related = ["node", "rung"]
    list_display_links = None

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
