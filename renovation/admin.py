from dataclasses import replace

from django import forms
from django.contrib import admin

from common.admin import HouseAdmin, ReadOnlyAdmin
from common.templatetags.anju import cn_datetime
from regions.guards import may_maintain
from renovation.actions.limits import remove_rule, save_rule, save_rung
from renovation.models import DeadlineRule, LadderNotice, LadderRung
from renovation.workflow import WORKFLOW


class _RuleForm(forms.ModelForm):
    class Meta:
        model = DeadlineRule
        fields = ("step", "region", "amount", "warn_before")

    def clean_region(self):
        region = self.cleaned_data["region"]
        if not may_maintain(self.user, region):
            raise forms.ValidationError("只能设置本辖区内区县的办理时限")
        return region


@admin.register(DeadlineRule)
class DeadlineRuleAdmin(HouseAdmin):
    """A county's shorter limits (domain §14.1: 区县只能缩短), seen and changed inside one's own subtree."""

    form = _RuleForm
    is_audited_by_actions = True
    list_display = ["place", "step", "limit", "warn_before"]
    list_select_related = ["region"]
    autocomplete_fields = ["region"]
    search_fields = ["region__name"]
    search_help_text = "区县名称"

    @admin.display(description="区县", ordering="region__key")
    def place(self, rule):
        return rule.region.full_name

    @admin.display(description="时限")
    def limit(self, rule):
        legal = WORKFLOW.step(rule.step).limit
        return str(replace(legal, amount=rule.amount)) if legal else rule.amount

    def get_queryset(self, request):
        rows, scope = super().get_queryset(request), request.user.scope
        return rows if request.user.is_superuser else rows.filter(region__key__range=(scope.low, scope.high))

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.user = request.user
        return form

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

    is_audited_by_actions = True
    list_display = ["code", "offset", "target", "order", "is_active"]

    def has_add_permission(self, request):
        # One ladder for the whole country: a county's administrator reads it.
        return super().has_add_permission(request) and may_maintain(request.user, None)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and may_maintain(request.user, None)

    def save_model(self, request, obj, form, change):
        save_rung(by=request.user, rung=obj)

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(LadderNotice)
class LadderNoticeAdmin(ReadOnlyAdmin):
    """催办记录: written by the timer, read here."""

    list_display = ["number", "node_title", "rung_title", "due", "sent"]
    list_select_related = ["node__case", "rung"]

    @admin.display(description="工单号")
    def number(self, notice):
        return notice.node.case.number

    @admin.display(description="环节")
    def node_title(self, notice):
        return str(notice.node)

    @admin.display(description="催办")
    def rung_title(self, notice):
        return f"{notice.rung.get_target_display()}（{notice.rung.code}）"

    @admin.display(description="办理期限")
    def due(self, notice):
        return cn_datetime(notice.due_at)

    @admin.display(description="通知时间", ordering="sent_at")
    def sent(self, notice):
        return cn_datetime(notice.sent_at)

    def get_queryset(self, request):
        rows, scope = super().get_queryset(request), request.user.scope
        return rows if request.user.is_superuser else rows.filter(node__case__region_key__range=(scope.low, scope.high))
