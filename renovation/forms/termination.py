"""终止 (domain §4.2): why the county ends an open case, and what becomes of money already paid."""

from django import forms

from common.forms import ANY, CleanTextField, ShowIf
from renovation.choices import Recovery, TerminationReason
from renovation.forms.returns import ReasonedForm
from renovation.forms.step import opinion_field

PHRASES = (
    "申请人书面放弃改造，终止办理。",
    "经核实为重复申请，终止办理。",
    "申请人户口已迁出，终止办理。",
)


class TerminationForm(ReasonedForm):
    reason = forms.ChoiceField(label="终止原因", choices=TerminationReason.choices, widget=forms.RadioSelect)
    recovery = forms.ChoiceField(
        label="已拨资金处理",
        choices=Recovery.choices,
        widget=forms.RadioSelect,
        help_text="已经开工并拨付资金的项目，拨付记录保留",
    )
    recovery_reason = CleanTextField(label="资金处理说明", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    opinion = opinion_field("终止说明", PHRASES, required=True)

    CONDITIONS = (ShowIf("recovery_reason", recovery=ANY),)
    field_order = ["reason", "recovery", "recovery_reason", "opinion"]

    def __init__(self, *args, instance=None, **kwargs):
        super().__init__(*args, instance=instance, **kwargs)
        if instance is not None and not has_money_to_settle(instance):
            del self.fields["recovery"], self.fields["recovery_reason"]

    def apply_to(self, case) -> None:
        """The reason stays with the case: statistics count by it."""
        case.termination_reason = self.cleaned_data["reason"]

    def conclusion_label(self) -> str:
        """「终止（放弃改造）」."""
        return f"终止（{TerminationReason(self.cleaned_data['reason']).label}）"


def has_money_to_settle(case) -> bool:
    """Whether the works have begun and money has been paid: then somebody must decide on it (domain §4.2)."""
    project = case.project_or_none()
    return project is not None and project.start_date is not None and project.payments.exists()
